/** What happened to a relation, for those who work with it; the audit trail holds the same for those who check. */
import { z } from 'zod'
import type { RelationChange } from '../../../contract/relation.ts'
import type { Ctx } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { changesOf } from '../../audit/index.ts'
import type { RelationRow } from './model.ts'

type Facts = Record<string, unknown>

export const relationFacts = (row: RelationRow): Facts => ({
  teamId: row.team_id,
  rank: row.rank,
  businessTypeIds: row.business_type_ids,
  validFrom: row.valid_from,
  validUntil: row.valid_until,
  remindDays: row.remind_days,
  note: row.note,
})

interface Change {
  relation: Pick<RelationRow, 'id'>
  action: RelationChange['action']
  before: Facts | null
  after: Facts | null
}

/** Stores what differs. @returns null when nothing does */
export async function rememberChange(ctx: Ctx, change: Change): Promise<{ before: Facts; after: Facts } | null> {
  const { relation, action, before, after } = change
  const differ = changesOf(before ?? {}, after ?? {})
  if (!differ) return null
  await ctx.trx('service_relation_changes').insert({
    id: newId(),
    relation_id: relation.id,
    action,
    actor_id: ctx.actor.kind === 'staff' ? ctx.actor.accountId : null,
    before: before === null ? null : JSON.stringify(differ.before),
    after: JSON.stringify(differ.after),
    changed_at: ctx.now,
  })
  return { before: { ...differ.before }, after: { ...differ.after } }
}

const facts = z.record(z.string(), z.unknown()).nullable()
const changeRows = z.array(
  z.object({
    id: z.string(),
    action: z.enum(['created', 'changed', 'ended', 'moved', 'moved_back']),
    actor_id: z.string().nullable(),
    actor_name: z.string().nullable(),
    before: facts,
    after: facts,
    changed_at: z.date(),
  }),
)

/** Newest first, at most 200: what is older is in the audit trail. */
export async function historyOf(ctx: Ctx, relationId: string): Promise<RelationChange[]> {
  const rows: unknown = await ctx
    .trx('service_relation_changes as c')
    .leftJoin('accounts as a', 'a.id', 'c.actor_id')
    .where('c.relation_id', relationId)
    .orderBy([
      { column: 'c.changed_at', order: 'desc' },
      { column: 'c.id', order: 'desc' },
    ])
    .limit(200)
    .select('c.id', 'c.action', 'c.actor_id', 'a.name as actor_name', 'c.before', 'c.after', 'c.changed_at')
  return changeRows.parse(rows).map((row) => ({
    id: row.id,
    action: row.action,
    actor: row.actor_id === null ? null : { id: row.actor_id, name: row.actor_name ?? '' },
    before: row.before,
    after: row.after,
    changedAt: row.changed_at.toISOString(),
  }))
}
