/** Two people changed the same: what each wrote (`version_conflict` of tickets). */
export interface Conflict {
  version: number
  by: string | null
  fields: { field: string; theirs: unknown; yours: unknown }[]
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const nameOf = (value: unknown): string | null => {
  if (typeof value === 'string') return value
  return isRecord(value) && typeof value['name'] === 'string' ? value['name'] : null
}

/** Null when the answer says nothing to compare: then the newest is fetched as anywhere else. */
export const conflictOf = (context: Record<string, unknown>): Conflict | null => {
  const { version, conflicts, by } = context
  if (typeof version !== 'number' || !Array.isArray(conflicts)) return null
  const fields = conflicts.filter(isRecord).flatMap((one) => {
    const { field } = one
    return typeof field === 'string' ? [{ field, theirs: one['theirs'], yours: one['yours'] }] : []
  })
  return fields.length === 0 ? null : { version, by: nameOf(by), fields }
}
