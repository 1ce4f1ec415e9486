import type { Knex } from 'knex'

/** What an installation begins with: by the business that it is of, some open to customers. Administrators rename, order and disable them. */
const TYPES = [
  { zh: '咨询', en: 'Question', color: '#3b82f6', business: 'consultation', priority: 'normal', customers: true },
  { zh: '故障报修', en: 'Fault', color: '#8b5cf6', business: 'technical', priority: 'high', customers: true },
  { zh: '退换与维修', en: 'Return or repair', color: '#10b981', business: 'after_sales', priority: 'normal', customers: true },
  { zh: '账务与发票', en: 'Billing and invoices', color: '#f59e0b', business: 'billing', priority: 'normal', customers: true },
  { zh: '投诉', en: 'Complaint', color: '#ef4444', business: 'complaint', priority: 'urgent', customers: true },
  { zh: '内部事项', en: 'Internal matter', color: '#6b7280', business: null, priority: 'low', customers: false },
]

export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `insert into ticket_types (id, name_zh, name_en, color, business_type_id, priority, open_to_customers, position)
     select uuidv7(), t.zh, t.en, t.color, d.id, t.priority, t.customers, t.place
     from json_to_recordset(?::json) as t(zh text, en text, color text, business text, priority text, customers boolean, place int)
     left join dictionary_entries d on d.dictionary = 'business_type' and d.code = t.business`,
    [JSON.stringify(TYPES.map((type, index) => ({ ...type, place: index + 1 })))],
  )
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`delete from ticket_types;`)
}
