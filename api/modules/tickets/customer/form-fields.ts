/** The form of a type as its customers meet it: what they fill in (BP-005.3), and later read on their page. */
import type { CustomerFormField, CustomerTicket, CustomerTicketType } from '../../../contract/ticket-customer.ts'
import type { FormField, FormValues } from '../../../contract/ticket-type.ts'
import type { Ctx } from '../../../core/context.ts'
import { DictionaryEntryRow } from '../../settings/index.ts'
import { type TicketRow, TicketTypeRow } from '../model.ts'

type Db = Pick<Ctx, 'trx'>
type Choice = CustomerFormField['choices'][number]

/** Those open to customers, in their order, each with the fields that are theirs. Two statements, whatever their number. */
export async function typesForCustomers(ctx: Db): Promise<CustomerTicketType[]> {
  const types = await TicketTypeRow.query(ctx.trx)
    .where({ open_to_customers: true })
    .whereNull('disabled_at')
    .orderBy(['position', 'id'])
    .select('id', 'name_zh', 'name_en', 'fields')
  const entries = await entriesFor(
    ctx,
    types.flatMap(({ fields }) => fields.filter(({ forCustomers }) => forCustomers)),
  )
  return types.map((row) => ({
    id: row.id,
    nameZh: row.name_zh,
    nameEn: row.name_en,
    fields: row.fields
      .filter(({ forCustomers }) => forCustomers)
      .map(({ key, labelZh, labelEn, type, requiredIn, choices, dictionary, hintZh, hintEn }) => ({
        key,
        labelZh,
        labelEn,
        type: type === 'dictionary' ? ('select' as const) : type,
        required: requiredIn.includes('new'),
        choices: dictionary === null ? choices : (entries.get(dictionary) ?? []),
        hintZh,
        hintEn,
      })),
  }))
}

async function entriesFor(ctx: Db, fields: readonly FormField[]): Promise<Map<string, Choice[]>> {
  const dictionaries = [...new Set(fields.flatMap(({ dictionary }) => dictionary ?? []))]
  const known = new Map<string, Choice[]>()
  if (dictionaries.length === 0) return known
  const rows = await DictionaryEntryRow.query(ctx.trx)
    .whereIn('dictionary', dictionaries)
    .whereNull('disabled_at')
    .orderBy(['dictionary', 'position', 'id'])
    .select('id', 'dictionary', 'label_zh', 'label_en')
  for (const row of rows) {
    const choices = known.get(row.dictionary) ?? []
    choices.push({ value: row.id, labelZh: row.label_zh, labelEn: row.label_en })
    known.set(row.dictionary, choices)
  }
  return known
}

/** What is filled in of the fields that are meant for him, worded; entries that are disabled by now, too. */
export async function fieldsFor(ctx: Db, row: TicketRow): Promise<CustomerTicket['fields']> {
  const type = await TicketTypeRow.query(ctx.trx).findById(row.type_id).select('fields').throwIfNotFound()
  const fields = type.fields.filter(({ key, forCustomers }) => forCustomers && row.fields[key] !== undefined)
  const ids = fields.filter(({ type: kind }) => kind === 'dictionary').map(({ key }) => String(row.fields[key]))
  const rows = ids.length === 0 ? [] : await DictionaryEntryRow.query(ctx.trx).findByIds(ids).select('id', 'label_zh', 'label_en')
  const entries = rows.map(({ id, label_zh: labelZh, label_en: labelEn }) => ({ value: id, labelZh, labelEn }))
  return fields.map((field) => ({
    key: field.key,
    labelZh: field.labelZh,
    labelEn: field.labelEn,
    valueZh: worded(row.fields[field.key], choicesOf(field, entries), 'zh'),
    valueEn: worded(row.fields[field.key], choicesOf(field, entries), 'en'),
  }))
}

const choicesOf = ({ type, choices }: FormField, entries: readonly Choice[]): readonly Choice[] =>
  type === 'dictionary' ? entries : choices

function worded(value: FormValues[string] | undefined, choices: readonly Choice[], language: 'zh' | 'en'): string {
  if (typeof value === 'boolean') return language === 'zh' ? (value ? '是' : '否') : value ? 'Yes' : 'No'
  const values = Array.isArray(value) ? value : [String(value ?? '')]
  const label = (one: string): string => {
    const choice = choices.find((each) => each.value === one)
    return choice ? (language === 'zh' ? choice.labelZh : choice.labelEn) : one
  }
  return values.map(label).join(language === 'zh' ? '、' : ', ')
}
