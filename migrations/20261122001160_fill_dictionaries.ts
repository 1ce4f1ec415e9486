import type { Knex } from 'knex'

type Entry = readonly [code: string, zh: string, en: string, color?: string]

/** What an installation begins with; administrators rename, order, disable and delete them, the four priorities apart, which are fixed. */
const ENTRIES: Readonly<Record<string, readonly Entry[]>> = {
  business_type: [
    ['consultation', '售前咨询', 'Pre-sales', '#3b82f6'],
    ['after_sales', '售后服务', 'After-sales', '#10b981'],
    ['technical', '技术支持', 'Technical support', '#8b5cf6'],
    ['billing', '账务与发票', 'Billing and invoices', '#f59e0b'],
    ['complaint', '投诉与建议', 'Complaints and suggestions', '#ef4444'],
  ],
  priority: [
    ['urgent', '紧急', 'Urgent', '#dc2626'],
    ['high', '高', 'High', '#f59e0b'],
    ['normal', '普通', 'Normal', '#3b82f6'],
    ['low', '低', 'Low', '#6b7280'],
  ],
  institution_type: [
    ['enterprise', '企业', 'Company'],
    ['government', '政府机关', 'Government'],
    ['school', '学校', 'School'],
    ['hospital', '医疗机构', 'Hospital'],
    ['public_institution', '事业单位', 'Public institution'],
    ['self_employed', '个体工商户', 'Sole trader'],
    ['other', '其他', 'Other'],
  ],
  customer_level: [
    ['vip', '重要客户', 'Key customer', '#dc2626'],
    ['regular', '普通客户', 'Regular customer', '#3b82f6'],
    ['potential', '潜在客户', 'Prospect', '#6b7280'],
  ],
  skill: [
    ['product', '产品知识', 'Product knowledge'],
    ['troubleshooting', '故障排查', 'Troubleshooting'],
    ['billing', '账务处理', 'Billing'],
    ['complaint_handling', '投诉处理', 'Complaint handling'],
    ['onboarding', '上线指导', 'Onboarding'],
  ],
  language: [
    ['zh_cn', '普通话', 'Mandarin'],
    ['yue', '粤语', 'Cantonese'],
    ['en', '英语', 'English'],
    ['ja', '日语', 'Japanese'],
    ['ko', '韩语', 'Korean'],
  ],
  job_title: [
    ['legal_representative', '法定代表人', 'Legal representative'],
    ['general_manager', '总经理', 'General manager'],
    ['department_head', '部门负责人', 'Head of department'],
    ['procurement', '采购', 'Procurement'],
    ['finance', '财务', 'Finance'],
    ['it', '信息技术', 'IT'],
    ['operations', '运营', 'Operations'],
    ['other', '其他', 'Other'],
  ],
  region: [
    ['beijing', '北京市', 'Beijing'],
    ['tianjin', '天津市', 'Tianjin'],
    ['hebei', '河北省', 'Hebei'],
    ['shanxi', '山西省', 'Shanxi'],
    ['neimenggu', '内蒙古自治区', 'Inner Mongolia'],
    ['liaoning', '辽宁省', 'Liaoning'],
    ['jilin', '吉林省', 'Jilin'],
    ['heilongjiang', '黑龙江省', 'Heilongjiang'],
    ['shanghai', '上海市', 'Shanghai'],
    ['jiangsu', '江苏省', 'Jiangsu'],
    ['zhejiang', '浙江省', 'Zhejiang'],
    ['anhui', '安徽省', 'Anhui'],
    ['fujian', '福建省', 'Fujian'],
    ['jiangxi', '江西省', 'Jiangxi'],
    ['shandong', '山东省', 'Shandong'],
    ['henan', '河南省', 'Henan'],
    ['hubei', '湖北省', 'Hubei'],
    ['hunan', '湖南省', 'Hunan'],
    ['guangdong', '广东省', 'Guangdong'],
    ['guangxi', '广西壮族自治区', 'Guangxi'],
    ['hainan', '海南省', 'Hainan'],
    ['chongqing', '重庆市', 'Chongqing'],
    ['sichuan', '四川省', 'Sichuan'],
    ['guizhou', '贵州省', 'Guizhou'],
    ['yunnan', '云南省', 'Yunnan'],
    ['xizang', '西藏自治区', 'Xizang'],
    ['shaanxi', '陕西省', 'Shaanxi'],
    ['gansu', '甘肃省', 'Gansu'],
    ['qinghai', '青海省', 'Qinghai'],
    ['ningxia', '宁夏回族自治区', 'Ningxia'],
    ['xinjiang', '新疆维吾尔自治区', 'Xinjiang'],
    ['taiwan', '台湾省', 'Taiwan'],
    ['hongkong', '香港特别行政区', 'Hong Kong SAR'],
    ['macao', '澳门特别行政区', 'Macao SAR'],
  ],
}

/** By the code of their business type. */
const ISSUE_TYPES: Readonly<Record<string, readonly Entry[]>> = {
  consultation: [
    ['feature_question', '功能咨询', 'Feature question'],
    ['quotation', '报价与方案', 'Quotation'],
    ['trial', '试用与演示', 'Trial and demo'],
  ],
  after_sales: [
    ['delivery', '发货与物流', 'Delivery'],
    ['return_exchange', '退换货', 'Return or exchange'],
    ['repair', '维修', 'Repair'],
  ],
  technical: [
    ['installation', '安装部署', 'Installation'],
    ['fault', '故障报修', 'Fault'],
    ['integration', '接口对接', 'Integration'],
    ['account', '账号与权限', 'Account and access'],
  ],
  billing: [
    ['invoice', '发票', 'Invoice'],
    ['payment', '付款与对账', 'Payment'],
    ['renewal', '续费', 'Renewal'],
  ],
  complaint: [
    ['service_complaint', '服务投诉', 'Service complaint'],
    ['product_complaint', '产品投诉', 'Product complaint'],
    ['suggestion', '意见建议', 'Suggestion'],
  ],
}

const rowsOf = (entries: readonly Entry[], fixed: Record<string, unknown>) =>
  entries.map(([code, label_zh, label_en, color = null], index) => ({ code, label_zh, label_en, color, position: index + 1, ...fixed }))

export async function up(knex: Knex): Promise<void> {
  const first = Object.entries(ENTRIES).flatMap(([dictionary, entries]) =>
    rowsOf(entries, { dictionary, built_in: dictionary === 'priority' }),
  )
  await insert(knex, first)
  const issues = Object.entries(ISSUE_TYPES).flatMap(([parent, entries]) => rowsOf(entries, { dictionary: 'issue_type', parent }))
  await insert(knex, issues)
}

async function insert(knex: Knex, rows: readonly object[]): Promise<void> {
  await knex.raw(
    `insert into dictionary_entries (id, dictionary, code, parent_id, label_zh, label_en, color, position, built_in)
     select uuidv7(), t.dictionary, t.code, p.id, t.label_zh, t.label_en, t.color, t.position, coalesce(t.built_in, false)
     from json_to_recordset(?::json) as t(dictionary text, code text, parent text, label_zh text, label_en text, color text, position int, built_in boolean)
     left join dictionary_entries p on p.dictionary = 'business_type' and p.code = t.parent`,
    [JSON.stringify(rows)],
  )
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`delete from dictionary_entries where dictionary = 'issue_type'; delete from dictionary_entries;`)
}
