import type { Knex } from 'knex'
import { z } from 'zod'
import type { conversationListQuery, messageListQuery } from '../../contract/conversation.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../core/cursor.ts'
import { Forbidden } from '../../core/errors.ts'
import { parseConversations, selectConversations, type LoadedConversation } from './load-conversations.ts'
import { MessageRow } from './model.ts'

type ListQuery = z.infer<typeof conversationListQuery>

/** The sort key as text: a JavaScript date would lose the microseconds. */
const SORTS = {
  recent: { column: `coalesce(v.last_message_at, v.created_at)`, order: 'desc' },
  /** What is closed stands still: an index on the time of the last message would slow down every message. */
  closed: { column: 'v.closed_at', order: 'desc' },
  waiting: { column: `coalesce(v.waiting_since, v.queued_at, 'infinity'::timestamptz)`, order: 'asc' },
} as const

/** What the reader may see is part of the query, never filtered afterwards. */
function withinScope(builder: Knex.QueryBuilder, actor: StaffActor): void {
  if (actor.permissions.has('conversations.read_all')) return
  void builder.where((scope) => scope.where('v.assignee_id', actor.accountId).orWhere('v.status', 'queued'))
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
  if (query.customerId) void builder.where('v.customer_id', query.customerId)
  if (query.channelKind) void builder.where('a.kind', query.channelKind)
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

export async function listConversations(
  ctx: Ctx<StaffActor>,
  query: ListQuery,
): Promise<{ rows: LoadedConversation[]; nextCursor: string | null }> {
  const wanted = query.sort ?? 'recent'
  const sort = SORTS[wanted === 'recent' && query.status === 'closed' ? 'closed' : wanted]
  const after = decodeCursor(query.cursor)
  const found: unknown = await selectConversations(ctx.trx, ctx.actor.accountId)
    .select(ctx.trx.raw(`${sort.column}::text as sort_key`))
    .modify((builder) => {
      withinScope(builder, ctx.actor)
      filter(builder, ctx.actor, query)
      if (after)
        void builder.whereRaw(`(${sort.column}, v.id) ${sort.order === 'desc' ? '<' : '>'} (?::timestamptz, ?::uuid)`, [
          after.key,
          after.id,
        ])
    })
    .orderByRaw(`${sort.column} ${sort.order}, v.id ${sort.order}`)
    .limit(query.limit + 1)
  const keys = z.array(z.object({ sort_key: z.string() })).parse(found)
  const rows = parseConversations(found)
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined
  const key = keys[query.limit - 1]?.sort_key
  return { rows: rows.slice(0, query.limit), nextCursor: last && key !== undefined ? encodeCursor(key, last.id) : null }
}

const counts = z.object({ rows: z.tuple([z.object({ mine: z.coerce.number(), queued: z.coerce.number(), unread: z.coerce.number() })]) })

export async function countConversations(ctx: Ctx<StaffActor>) {
  const answer: unknown = await ctx.trx.raw(
    `select count(*) filter (where assignee_id = ? and status = 'open') as mine, count(*) filter (where status = 'queued') as queued,
            coalesce(sum(unread) filter (where assignee_id = ?), 0) as unread
     from conversations where status <> 'closed' and (assignee_id = ? or status = 'queued')`,
    [ctx.actor.accountId, ctx.actor.accountId, ctx.actor.accountId],
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
