/** What a line says about before and after, as rows to read. */
export interface ChangeRow {
  field: string
  before: string | null
  after: string | null
}
type Facts = Record<string, unknown>
type YesNo = (value: boolean) => string

const textWith =
  (yesNo: YesNo) =>
  (value: unknown): string | null => {
    if (value === null || value === undefined || value === '') return null
    if (typeof value === 'boolean') return yesNo(value)
    return typeof value === 'string' ? value : JSON.stringify(value)
  }

/** A creation has only an after, a deletion only a before. Fields that are the same on both sides are left out. */
export const changeRows = (before: Facts | null, after: Facts | null, yesNo: YesNo): ChangeRow[] => {
  const text = textWith(yesNo)
  return [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
    .map((field) => ({ field, before: text(before?.[field]), after: text(after?.[field]) }))
    .filter((row) => row.before !== row.after)
}

export const factRows = (facts: Facts, yesNo: YesNo): { field: string; value: string }[] =>
  Object.entries(facts).map(([field, value]) => ({ field, value: textWith(yesNo)(value) ?? '—' }))
