/** What somebody may read, as conditions over `conversations v`: part of every statement, never filtered afterwards. */
import { z } from 'zod'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { reachedTeams } from '../teams/index.ts'
import { overseen } from './oversight/reach.ts'

export interface Condition {
  sql: string
  bindings: (string | string[])[]
}

/** Reads everybody's within his data scope; one of his own alone adds nothing to what is his anyway. */
export const readsOthers = ({ permissions, dataScope }: StaffActor): boolean =>
  permissions.has('conversations.read_all') && dataScope !== 'own'

/** Nothing is closed to him. */
export const readsHouse = ({ permissions, dataScope }: StaffActor): boolean =>
  permissions.has('conversations.read_all') && dataScope === 'all'

/** The general queue and those of his teams. */
export const ownQueues = ({ accountId }: Pick<StaffActor, 'accountId'>): Condition => ({
  sql: `(v.status = 'queued' and (v.team_id is null or v.team_id in (select m.team_id from team_members m where m.account_id = ?)))`,
  bindings: [accountId],
})

/** Teams whose queues the reader sees by his data scope; null: all. */
export const queuesReached = async (ctx: Ctx<StaffActor>): Promise<readonly string[] | null> =>
  readsOthers(ctx.actor) ? reachedTeams(ctx) : []

/** What waits where the reader sees it: his own queues, and those that his data scope reaches. */
export async function visibleQueues(ctx: Ctx<StaffActor>): Promise<Condition> {
  const reached = await queuesReached(ctx)
  if (reached === null) return { sql: `v.status = 'queued'`, bindings: [] }
  const own = ownQueues(ctx.actor)
  if (reached.length === 0) return own
  return { sql: `(${own.sql} or (v.status = 'queued' and v.team_id = any(?::uuid[])))`, bindings: [...own.bindings, [...reached]] }
}

/**
 * One's own, what one helps with or is asked to take over, visible queues, what has ended with a customer whom one serves now (BP-004.3), and with the
 * permission to read others' what lies in one's data scope. A closed one stays visible to who held it last.
 */
export async function readableBy(ctx: Ctx<StaffActor>): Promise<Condition> {
  const { actor } = ctx
  if (!actor.permissions.has('conversations.read')) return { sql: 'false', bindings: [] }
  if (readsHouse(actor)) return { sql: 'true', bindings: [] }
  const queues = await visibleQueues(ctx)
  const others = readsOthers(actor) ? await overseen(ctx) : null
  const me = actor.accountId
  return {
    // An array, so that an index on customers can serve it beside the others.
    sql: `(v.assignee_id = ? or v.offered_to = ? or ${queues.sql} or v.helpers @> ?::jsonb
            or (v.status = 'closed' and v.customer_id = any(array(select o.customer_id from conversations o where o.assignee_id = ? and o.status = 'open')))
            ${others ? `or ${others.sql}` : ''})`,
    bindings: [me, me, ...queues.bindings, JSON.stringify([{ id: me }]), me, ...(others?.bindings ?? [])],
  }
}

const pairRows = z.object({ rows: z.array(z.object({ reader: z.string(), id: z.string() })) })

/** The same for several readers, each with some conversations: one statement. @returns for each reader those that he may read */
export async function readableOf(readers: readonly { ctx: Ctx<StaffActor>; ids: readonly string[] }[]): Promise<Set<string>[]> {
  const [first] = readers
  if (!first) return []
  const parts = await Promise.all(
    readers.map(async ({ ctx, ids }, index) => {
      const { sql, bindings } = await readableBy(ctx)
      return {
        sql: `select '${index}' as reader, v.id from conversations v where v.id = any(?::uuid[]) and ${sql}`,
        bindings: [[...ids], ...bindings],
      }
    }),
  )
  const answer: unknown = await first.ctx.trx.raw(
    parts.map(({ sql }) => sql).join(' union all '),
    parts.flatMap(({ bindings }) => bindings),
  )
  const { rows } = pairRows.parse(answer)
  return readers.map((_, index) => new Set(rows.flatMap(({ reader, id }) => (reader === String(index) ? [id] : []))))
}
