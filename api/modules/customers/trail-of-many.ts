/** What a run over many customers leaves in the trail for each (MOD-09): who looks one of them up finds what an import did to him. */
import { z } from 'zod'
import { maskPhone } from '../../core/phone.ts'
import { type AuditLine, changesOf } from '../audit/index.ts'

const facts = z.record(z.string(), z.unknown())
const changedRows = z.object({ rows: z.array(z.object({ id: z.string(), label: z.string().nullable(), before: facts, after: facts })) })
export type ChangedRow = z.infer<typeof changedRows>['rows'][number]
export const parseChanged = (answer: unknown): ChangedRow[] => changedRows.parse(answer).rows

/** As `updateCustomer` tells them; the note stays where personal data lives. */
export const FACTS = (row: string) =>
  `jsonb_build_object('name', ${row}.name, 'remarkName', ${row}.remark_name, 'title', ${row}.title, 'status', ${row}.status,
     'institutionId', ${row}.institution_id, 'ownerId', ${row}.owner_id, 'levelId', ${row}.level_id, 'regionId', ${row}.region_id,
     'fields', ${row}.fields, 'archived', ${row}.archived_at is not null)`

/** Where a run came from; `by`: who began it, where a worker does it for him. */
export interface Run {
  source: string
  id: string
  by: { id: string; name: string } | null
}

export interface Added {
  /** E.164 */
  phones: ReadonlyMap<string, string>
  tags: ReadonlyMap<string, readonly string[]>
}

/** Lines for who was there before; who is new stands in the line of the run. */
export function linesOf(rows: readonly ChangedRow[], { phones, tags }: Added, run: Run): AuditLine[] {
  return rows.flatMap(({ id, label, before, after }) => {
    const [phone, tagIds] = [phones.get(id), tags.get(id)]
    const changes = changesOf(before, { ...after, ...(phone ? { phone: maskPhone(phone) } : {}), ...(tagIds ? { tagsAdded: tagIds } : {}) })
    if (changes === null) return []
    const object = { kind: 'customer', id, label }
    return [{ action: 'customer.changed', object, ...changes, context: { by: run.source, run: run.id }, ...(run.by ? { by: run.by } : {}) }]
  })
}
