/** What a line of the history says about before and after, as rows to read. Pure; words come from the caller. */
export interface ChangeRow {
  field: string
  before: string
  after: string
}
export interface ValueWords {
  status: (code: string) => string
  priority: (code: string) => string
  typeName: (type: { nameZh: string; nameEn: string }) => string
  moment: (iso: string) => string
  /** What a field of the form, a type or a team is called where a row names it by code; null: it is no code. */
  coded: (field: string, value: string) => string | null
  yes: string
  no: string
  /** Between the words of a list. */
  comma: string
}

const ISO = /^\d{4}-\d{2}-\d{2}T/
/** Ids and places of rows say nothing to a reader. */
const SILENT = new Set([
  'id',
  'version',
  'teamId',
  'assigneeId',
  'customerId',
  'typeId',
  'attachmentId',
  'relationId',
  'ticketId',
  'followUpId',
])
/** As a ticket is read; the rest follows as it comes. */
const FIRST = ['title', 'type', 'priority', 'status', 'team', 'assignee', 'customer', 'tags']
const placeOf = (field: string): number => (FIRST.includes(field) ? FIRST.indexOf(field) : FIRST.length)
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const ofRecord = (value: Record<string, unknown>, words: ValueWords): string => {
  const { name, nameZh, nameEn, number, title } = value
  if (typeof nameZh === 'string' && typeof nameEn === 'string') return words.typeName({ nameZh, nameEn })
  if (typeof name === 'string') return name
  if (typeof number === 'string') return typeof title === 'string' ? `${number} ${title}` : number
  return ''
}

export const valueWords = (field: string, value: unknown, words: ValueWords): string => {
  if (value === null || value === undefined || value === '') return ''
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value))
    return value
      .map((one) => valueWords(field, one, words))
      .filter(Boolean)
      .join(words.comma)
  if (isRecord(value)) return ofRecord(value, words)
  if (typeof value !== 'string') return ''
  if (field === 'status') return words.status(value)
  if (field === 'priority') return words.priority(value)
  const coded = words.coded(field, value)
  if (coded !== null) return coded
  return ISO.test(value) ? words.moment(value) : value
}

/** Fields of the type's form are rows of their own: `fields.{key}`. */
const flattened = (facts: Record<string, unknown> | null): Record<string, unknown> => {
  const { fields, ...plain } = facts ?? {}
  const form = isRecord(fields) ? Object.entries(fields).map(([key, value]) => [`fields.${key}`, value] as const) : []
  return { ...plain, ...Object.fromEntries(form) }
}

export const changeRows = (
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
  words: ValueWords,
): ChangeRow[] => {
  const [was, is] = [flattened(before), flattened(after)]
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((field) => !SILENT.has(field))
    .sort((a, b) => placeOf(a) - placeOf(b))
    .map((field) => ({ field, before: valueWords(field, was[field], words), after: valueWords(field, is[field], words) }))
    .filter((row) => row.before !== row.after)
}
