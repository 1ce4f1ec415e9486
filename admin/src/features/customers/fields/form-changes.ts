import type { FieldValues } from '#api/contract/dictionary.ts'

/** A form of plain values, and the custom fields beside them. */
interface WithFields {
  fields: FieldValues
}

const sameFields = (a: FieldValues, b: FieldValues): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => (a[key] ?? null) === (b[key] ?? null))

/** Only what differs, so that a colleague's change elsewhere in the row is not written over. Custom fields go as a whole. Null: nothing. */
export const changesBetween = <T extends WithFields>(before: T, now: T): Partial<T> | null => {
  const changed: Partial<T> = { ...now }
  for (const key in now) {
    const same = key === 'fields' ? sameFields(before.fields, now.fields) : before[key] === now[key]
    if (same) Reflect.deleteProperty(changed, key)
  }
  return Object.keys(changed).length === 0 ? null : changed
}

const rebasedFields = (mine: FieldValues, before: FieldValues, now: FieldValues): FieldValues => {
  const keys = [...new Set([...Object.keys(mine), ...Object.keys(now)])]
  const touched = (key: string): boolean => (mine[key] ?? null) !== (before[key] ?? null)
  return Object.fromEntries(keys.map((key) => [key, (touched(key) ? mine[key] : now[key]) ?? null]))
}

/** A form begun on an older version: what was typed stays, everything else is as it is now. */
export const rebased = <T extends WithFields>(form: T, before: T, now: T): T => {
  const next: T = { ...now }
  for (const key in form) {
    if (key !== 'fields' && form[key] !== before[key]) next[key] = form[key]
  }
  return { ...next, fields: rebasedFields(form.fields, before.fields, now.fields) }
}
