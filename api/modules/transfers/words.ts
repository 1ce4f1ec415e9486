/** What stands in spreadsheets: they are read by people, outside the screens. */
import type { ExportColumn, ImportError, ImportFault } from '../../contract/import.ts'
import type { ImportColumn } from '../../contract/customer-terms.ts'
import type { Locale } from '../../contract/identity.ts'

const ZH: Record<ExportColumn, string> = {
  name: '姓名',
  phone: '手机号',
  remarkName: '备注名',
  title: '职务',
  institution: '单位',
  status: '状态',
  level: '客户等级',
  region: '地区',
  owner: '专属客服',
  tags: '标签',
  note: '备注',
  channels: '渠道',
  createdAt: '创建时间',
  lastContactAt: '最近联系',
}
const EN: Record<ExportColumn, string> = {
  name: 'Name',
  phone: 'Phone',
  remarkName: 'Remark name',
  title: 'Job title',
  institution: 'Institution',
  status: 'Status',
  level: 'Level',
  region: 'Region',
  owner: 'Regular agent',
  tags: 'Tags',
  note: 'Note',
  channels: 'Channels',
  createdAt: 'Created',
  lastContactAt: 'Last contact',
}
export const titleOf = (column: ExportColumn, locale: Locale): string => (locale === 'en' ? EN : ZH)[column]

/** What else people write above a column. */
const ALSO: Partial<Record<ImportColumn, readonly string[]>> = {
  name: ['客户姓名', '客户名称', '名字', '联系人'],
  phone: ['手机', '电话', '联系电话', '手机号码', '电话号码', 'mobile', 'telephone'],
  remarkName: ['备注名称', '昵称'],
  title: ['职位', 'title'],
  institution: ['机构', '公司', '单位名称', '机构名称', '公司名称', 'company'],
  level: ['等级', '级别', '客户级别'],
  region: ['区域', '所在地区'],
  status: ['客户状态'],
  owner: ['客服', '负责人', 'owner'],
  tags: ['客户标签'],
  note: ['说明', '备注信息', 'remark'],
}
export const headingsOf = (column: ImportColumn): string[] => [ZH[column], EN[column], column, ...(ALSO[column] ?? [])]

export const STATUS_WORDS = {
  formal: { 'zh-CN': '正式', en: 'Formal' },
  temporary: { 'zh-CN': '临时', en: 'Temporary' },
} as const
export const YES_NO = { yes: { 'zh-CN': '是', en: 'Yes' }, no: { 'zh-CN': '否', en: 'No' } } as const
export const LINE = { 'zh-CN': { row: '行号', errors: '错误' }, en: { row: 'Row', errors: 'Errors' } } as const

const FAULTS: Record<ImportFault, Record<Locale, string>> = {
  required: { 'zh-CN': '必填', en: 'is required' },
  too_long: { 'zh-CN': '过长，最多 {max} 个字', en: 'is longer than {max} characters' },
  malformed: { 'zh-CN': '含有无法识别的字符', en: 'has characters that cannot be read' },
  phone_invalid: { 'zh-CN': '不是有效的手机号', en: 'is no mobile number' },
  repeated: { 'zh-CN': '与第 {row} 行重复', en: 'repeats row {row}' },
  unknown: { 'zh-CN': '“{value}”不存在', en: '"{value}" does not exist' },
  ambiguous: { 'zh-CN': '“{value}”不止一个', en: '"{value}" names more than one' },
  field_invalid: { 'zh-CN': '格式不正确', en: 'has the wrong form' },
  too_many_tags: { 'zh-CN': '标签过多，最多 {max} 个', en: 'has more than {max} tags' },
}

/** @param titles of columns, by key */
export function faultText(error: ImportError, titles: ReadonlyMap<string, string>, locale: Locale): string {
  const text = FAULTS[error.fault][locale].replace(/\{(\w+)\}/g, (_, name: string) => String(error.params[name] ?? ''))
  return `${titles.get(error.column) ?? error.column}${locale === 'en' ? ' ' : ''}${text}`
}
