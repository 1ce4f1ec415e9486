import type { Dictionary, FieldOptions } from '#api/contract/dictionary.ts'

export const COMPANY = { companyName: '远山科技（杭州）有限公司', icpNumber: '浙ICP备2026018372号', timeZone: 'Asia/Shanghai' }

interface DemoEntry {
  dictionary: Dictionary
  code: string
  labelZh: string
  labelEn: string
  color?: string
  field?: FieldOptions
}

const choices = (...all: readonly (readonly [value: string, labelZh: string, labelEn: string])[]) =>
  all.map(([value, labelZh, labelEn]) => ({ value, labelZh, labelEn }))

export const ENTRIES: readonly DemoEntry[] = [
  { dictionary: 'business_type', code: 'training', labelZh: '培训与上线', labelEn: 'Training and onboarding', color: '#169b8f' },
  { dictionary: 'customer_level', code: 'strategic', labelZh: '战略客户', labelEn: 'Strategic customer', color: '#8657c8' },
  { dictionary: 'skill', code: 'api_integration', labelZh: '接口开发', labelEn: 'API development' },
  {
    dictionary: 'customer_field',
    code: 'contract_number',
    labelZh: '合同编号',
    labelEn: 'Contract number',
    field: { type: 'text', required: false, choices: [] },
  },
  {
    dictionary: 'customer_field',
    code: 'contract_until',
    labelZh: '合同到期日',
    labelEn: 'Contract until',
    field: { type: 'date', required: false, choices: [] },
  },
  {
    dictionary: 'customer_field',
    code: 'preferred_contact',
    labelZh: '偏好的联系方式',
    labelEn: 'Preferred contact',
    field: {
      type: 'select',
      required: false,
      choices: choices(['wechat', '微信', 'WeChat'], ['phone', '电话', 'Phone'], ['email', '邮件', 'E-mail']),
    },
  },
  {
    dictionary: 'institution_field',
    code: 'headcount',
    labelZh: '员工人数',
    labelEn: 'Headcount',
    field: { type: 'number', required: false, choices: [] },
  },
  {
    dictionary: 'institution_field',
    code: 'invoicing',
    labelZh: '开票类型',
    labelEn: 'Invoicing',
    field: {
      type: 'select',
      required: false,
      choices: choices(['special', '增值税专用发票', 'Special VAT'], ['ordinary', '增值税普通发票', 'Ordinary VAT']),
    },
  },
]
