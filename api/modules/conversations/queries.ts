import type { Knex } from 'knex'
import { z } from 'zod'
import type { conversationListQuery, messageListQuery } from '../../contract/conversation.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../core/cursor.ts'
import { Forbidden } from '../../core/errors.ts'
import { parseConversations, selectConversations, type LoadedConversation } from './load-conversations.ts'
import { MessageRow } from './model.ts'
import { readableBy, visibleQueues } from './readable.ts'

type ListQuery = z.infer<typeof conversationListQuery>

/** The sort key as text: a JavaScript date would lose the microseconds. */
const SORTS = {
  recent: { column: `coalesce(v.last_message_at, v.created_at)`, order: 'desc' },
  /** What is closed stands still: an index on the time of the last message would slow down every message. */
  closed: { column: 'v.closed_at', order: 'desc' },
  waiting: { column: `coalesce(v.waiting_since, v.queued_at, 'infinity'::timestamptz)`, order: 'asc' },
} as const

function takingPart(builder: Knex.QueryBuilder, actor: StaffActor, query: ListQuery): void {
  if (query.helping) void builder.whereRaw('v.helpers @> ?::jsonb', [JSON.stringify([{ id: actor.accountId }])])
  if (query.offered) void builder.where('v.offered_to', actor.accountId)
}

function narrow(builder: Knex.QueryBuilder, query: ListQuery): void {
  if (query.channelKind) void builder.where('a.kind', query.channelKind)
  if (query.teamId) void builder.where('v.team_id', query.teamId === 'none' ? null : query.teamId)
  if (query.q) {
    const pattern = `%${query.q.replace(/[\\%_]/g, '\\$&')}%`
    void builder.where((match) =>
      match
        .whereILike('c.remark_name', pattern)
        .orWhereILike('c.name', pattern)
        .orWhereRaw(`v.last_message #>> '{part,text}' ilike ?`, [pattern]),
    )
  }
}

function filter(builder: Knex.QueryBuilder, actor: StaffActor, query: ListQuery): void {
  if (query.status) void builder.where('v.status', query.status)
  if (query.assignee === 'me') void builder.where('v.assignee_id', actor.accountId)
  else if (query.assignee === 'none') void builder.whereNull('v.assignee_id')
  else if (query.assignee !== undefined) {
    if (query.assignee !== actor.accountId && !actor.permissions.has('conversations.read_all'))
      throw new Forbidden('forbidden', 'you see your own conversations only')
    void builder.where('v.assignee_id', query.assignee)
  }
  takingPart(builder, actor, query)
  if (query.customerId) void builder.where('v.customer_id', query.customerId)
  if (query.pinned)
    void builder.whereRaw('exists (select 1 from conversation_pins p where p.conversation_id = v.id and p.account_id = ?)', [
      actor.accountId,
    ])
  if (query.snoozed === 'true') void builder.whereRaw('v.snoozed_by = v.assignee_id')
  if (query.snoozed === 'false') void builder.whereRaw('(v.snoozed_by is null or v.snoozed_by is distinct from v.assignee_id)')
  if (query.reminders) void builder.whereRaw(`exists (${WAITING_REMINDER} and r.conversation_id = v.id)`, [actor.accountId])
  if (query.continues) void builder.where('v.continues_id', query.continues)
  narrow(builder, query)
}

/** Part of a list that an index gives in its order. */
interface Leg {
  sort: { column: string; order: 'asc' | 'desc' }
  where?: 'live' | 'closed'
}
/** Places in the second leg say so: the two have different keys. */
const CLOSED_LEG = 'closed '

/**
 * Without a status the live ones come first, then those that are over by when they ended. Each half has its index; one sort over both would read every
 * conversation there ever was, and an index on the time of the last message would slow down every message.
 */
function legsOf(query: ListQuery, from: string | undefined): Leg[] {
  if (query.sort === 'waiting') return [{ sort: SORTS.waiting, ...(query.status ? {} : { where: 'live' as const }) }]
  if (query.status) return [{ sort: query.status === 'closed' ? SORTS.closed : SORTS.recent }]
  const closed: Leg = { sort: SORTS.closed, where: 'closed' }
  return from?.startsWith(CLOSED_LEG) ? [closed] : [{ sort: SORTS.recent, where: 'live' }, closed]
}

interface Found {
  row: LoadedConversation
  key: string
}

export async function listConversations(
  ctx: Ctx<StaffActor>,
  query: ListQuery,
): Promise<{ rows: LoadedConversation[]; nextCursor: string | null }> {
  const after = decodeCursor(query.cursor)
  const found: Found[] = []
  for (const [index, leg] of legsOf(query, after?.key).entries()) {
    const wanted = query.limit + 1 - found.length
    if (wanted > 0) found.push(...(await pageOf(ctx, query, { leg, after: index === 0 ? after : null, limit: wanted })))
  }
  const last = found.length > query.limit ? found[query.limit - 1] : undefined
  return { rows: found.slice(0, query.limit).map(({ row }) => row), nextCursor: last ? encodeCursor(last.key, last.row.id) : null }
}

async function pageOf(
  ctx: Ctx<StaffActor>,
  query: ListQuery,
  { leg, after, limit }: { leg: Leg; after: { key: string; id: string } | null; limit: number },
): Promise<Found[]> {
  const { sort, where } = leg
  const readable = await readableBy(ctx)
  const found: unknown = await selectConversations(ctx.trx, ctx.actor.accountId)
    .select(ctx.trx.raw(`${sort.column}::text as sort_key`))
    .modify((builder) => {
      // What the reader may see is part of the query, never filtered afterwards.
      void builder.whereRaw(readable.sql, readable.bindings)
      filter(builder, ctx.actor, query)
      if (where) void builder.whereRaw(where === 'live' ? `v.status <> 'closed'` : `v.status = 'closed'`)
      if (after)
        void builder.whereRaw(`(${sort.column}, v.id) ${sort.order === 'desc' ? '<' : '>'} (?::timestamptz, ?::uuid)`, [
          after.key.replace(CLOSED_LEG, ''),
          after.id,
        ])
    })
    .orderByRaw(`${sort.column} ${sort.order}, v.id ${sort.order}`)
    .limit(limit)
  const keys = z.array(z.object({ sort_key: z.string() })).parse(found)
  const prefix = where === 'closed' ? CLOSED_LEG : ''
  return parseConversations(found).map((row, index) => ({ row, key: `${prefix}${keys[index]?.sort_key ?? ''}` }))
}

/** Waiting reminders of one person. */
const WAITING_REMINDER = `select 1 from conversation_reminders r where r.account_id = ? and r.reminded_at is null and r.cancelled_at is null`

const number = z.coerce.number()
const counts = z.object({
  rows: z.tuple([z.object({ mine: number, queued: number, unread: number, snoozed: number, pinned: number, reminders: number })]),
})

/** What waits is counted where one sees it. */
export async function countConversations(ctx: Ctx<StaffActor>) {
  const me = ctx.actor.accountId
  const queues = await visibleQueues(ctx)
  const answer: unknown = await ctx.trx.raw(
    `select count(*) filter (where v.assignee_id = ? and v.status = 'open') as mine, count(*) filter (where ${queues.sql}) as queued,
            coalesce(sum(v.unread) filter (where v.assignee_id = ?), 0) as unread,
            count(*) filter (where v.snoozed_by = v.assignee_id and v.assignee_id = ?) as snoozed,
            (select count(*) from conversation_pins p where p.account_id = ?) as pinned,
            (select count(distinct r.conversation_id) from conversation_reminders r
             where r.account_id = ? and r.reminded_at is null and r.cancelled_at is null) as reminders
     from conversations v where v.status <> 'closed' and (v.assignee_id = ? or v.status = 'queued')`,
    [me, ...queues.bindings, me, me, me, me, me],
  )
  return counts.parse(answer).rows[0]
}

/** Oldest first, whatever the direction of paging. */
export async function listMessages(trx: Knex, conversationId: string, query: z.infer<typeof messageListQuery>): Promise<MessageRow[]> {
  const forward = query.afterSeq !== undefined
  const rows = await MessageRow.query(trx)
    .where({ conversation_id: conversationId })
    .modify((builder) => {
      if (query.afterSeq !== undefined) void builder.where('seq', '>', query.afterSeq)
      if (query.beforeSeq !== undefined) void builder.where('seq', '<', query.beforeSeq)
    })
    .orderBy('seq', forward ? 'asc' : 'desc')
    .limit(query.limit)
  return forward ? rows : rows.reverse()
}
