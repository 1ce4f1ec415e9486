/** Which value stays when two records of one person differ. Pure. */
import { MERGE_FIELDS, type MergeField, type MergeRequest } from '../../../contract/merge.ts'
import type { FieldValues } from '../../../contract/dictionary.ts'
import type { CustomerRow } from '../model.ts'

export type Value = string | number | boolean | null
export type Side = 'into' | 'from'
export interface FieldSides {
  field: string
  into: Value
  from: Value
  conflict: boolean
  suggested: Side
}
/** By column, or `fields.{code}`: what the merge made of what was there. Times as ISO text. */
export type Changes = Record<string, { before: Value; after: Value }>
export interface Lost {
  field: string
  value: Value
  label: string | null
}

export const COLUMN_OF = {
  name: 'name',
  remarkName: 'remark_name',
  avatarUrl: 'avatar_url',
  locale: 'locale',
  title: 'title',
  institutionId: 'institution_id',
  ownerId: 'owner_id',
  levelId: 'level_id',
  regionId: 'region_id',
  note: 'note',
} as const satisfies Record<MergeField, keyof CustomerRow>

const CUSTOM = 'fields.'
const columnOf = (field: string): string => MERGE_FIELDS.map((known) => (known === field ? COLUMN_OF[known] : null)).find(Boolean) ?? field

/** Every field in which either has a value. What only one knows is kept, whoever stays. */
export function sidesOf(into: CustomerRow, from: CustomerRow): FieldSides[] {
  const plain = MERGE_FIELDS.map((field) => [field, into[COLUMN_OF[field]], from[COLUMN_OF[field]]] as const)
  const codes = [...new Set([...Object.keys(into.fields), ...Object.keys(from.fields)])].sort()
  const custom = codes.map((code) => [CUSTOM + code, into.fields[code] ?? null, from.fields[code] ?? null] as const)
  return [...plain, ...custom].flatMap(([field, ours, theirs]): FieldSides[] =>
    ours === null && theirs === null
      ? []
      : [
          {
            field,
            into: ours,
            from: theirs,
            conflict: ours !== null && theirs !== null && ours !== theirs,
            suggested: ours === null ? 'from' : 'into',
          },
        ],
  )
}

export interface Outcome {
  changes: Changes
  /** Values that somebody had and that do not stay. */
  lost: Omit<Lost, 'label'>[]
}

export function decide(into: CustomerRow, from: CustomerRow, choose: MergeRequest['choose']): Outcome {
  const outcome: Outcome = { changes: {}, lost: [] }
  for (const side of sidesOf(into, from)) {
    const stays = choose[side.field] ?? side.suggested
    if (stays === 'from' && side.into !== side.from) outcome.changes[columnOf(side.field)] = { before: side.into, after: side.from }
    const loses = stays === 'from' ? side.into : side.from
    if (loses !== null && side.into !== side.from) outcome.lost.push({ field: side.field, value: loses })
  }
  stateTogether(into, from, outcome.changes)
  return outcome
}

/** What nobody chooses: formal if one of them is, in use if one of them is, in touch when the last of them was. */
function stateTogether(into: CustomerRow, from: CustomerRow, changes: Changes): void {
  if (from.status === 'formal' && into.status !== 'formal') changes.status = { before: into.status, after: 'formal' }
  if (into.archived_at) changes.archived_at = { before: into.archived_at.toISOString(), after: null }
  const contact = from.last_contact_at
  if (contact && (into.last_contact_at === null || contact > into.last_contact_at))
    changes.last_contact_at = { before: into.last_contact_at?.toISOString() ?? null, after: contact.toISOString() }
}

type Direction = 'before' | 'after'

/**
 * The columns to write for these changes.
 * @param direction `after` to merge; `before` to undo, which leaves alone what was changed since
 */
export function patchOf(row: CustomerRow, changes: Changes, direction: Direction): Record<string, unknown> {
  const now: Record<string, unknown> = { ...row }
  const patch: Record<string, unknown> = {}
  const fields: FieldValues = { ...row.fields }
  for (const [column, change] of Object.entries(changes)) {
    const code = column.startsWith(CUSTOM) ? column.slice(CUSTOM.length) : null
    const current = code === null ? plainValue(now[column]) : (row.fields[code] ?? null)
    if (direction === 'before' && current !== change.after) continue
    if (code === null) patch[column] = change[direction]
    else if (change[direction] === null) Reflect.deleteProperty(fields, code)
    else fields[code] = change[direction]
  }
  const custom = Object.keys(changes).some((column) => column.startsWith(CUSTOM))
  return custom ? { ...patch, fields } : patch
}

const plainValue = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value)

/** Who stays when nobody chooses: the formal one, then the one who was there first. */
export function survivorFirst(a: CustomerRow, b: CustomerRow): { into: CustomerRow; from: CustomerRow } {
  const rank = (row: CustomerRow) => `${row.status === 'formal' ? 0 : 1} ${row.created_at.toISOString()} ${row.id}`
  return rank(a) <= rank(b) ? { into: a, from: b } : { into: b, from: a }
}
