import { z } from 'zod'
import { type ModerationAction, type ModerationHit, type moderationHitQuery, OUTBOUND_ACTIONS } from '../../contract/moderation.ts'
import type { Ctx } from '../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../core/cursor.ts'
import { newId } from '../../core/ids.ts'
import { SHOWN_NAME } from '../customers/index.ts'

export interface NewHit {
  conversationId: string
  customerId: string
  messageId: string | null
  seq: number | null
  direction: 'inbound' | 'outbound'
  action: ModerationAction
  words: readonly string[]
  lists: readonly string[]
  accountId: string | null
}

/** What was found, never what was written: texts stay in their messages. */
export async function recordHits(ctx: Pick<Ctx, 'trx' | 'now'>, hits: readonly NewHit[]): Promise<void> {
  if (hits.length === 0) return
  await ctx.trx('moderation_hits').insert(
    hits.map((hit) => ({
      id: newId(),
      conversation_id: hit.conversationId,
      customer_id: hit.customerId,
      message_id: hit.messageId,
      seq: hit.seq,
      direction: hit.direction,
      action: hit.action,
      words: [...hit.words],
      list_names: [...hit.lists],
      account_id: hit.accountId,
      created_at: ctx.now,
    })),
  )
}

const shown = z.array(
  z.object({
    id: z.string(),
    direction: z.enum(['inbound', 'outbound']),
    action: z.enum(OUTBOUND_ACTIONS),
    words: z.array(z.string()),
    list_names: z.array(z.string()),
    conversation_id: z.string().nullable(),
    seq: z.number().nullable(),
    author_id: z.string().nullable(),
    author_name: z.string().nullable(),
    customer_id: z.string().nullable(),
    customer_name: z.string().nullable(),
    created_at: z.date(),
    sort_key: z.string(),
  }),
)

/** Newest first. */
export async function listHits(
  ctx: Ctx,
  query: z.infer<typeof moderationHitQuery>,
): Promise<{ data: ModerationHit[]; nextCursor: string | null }> {
  const after = decodeCursor(query.cursor)
  const rows = shown.parse(
    await ctx
      .trx('moderation_hits as h')
      .leftJoin('accounts as a', 'a.id', 'h.account_id')
      .leftJoin('customers as c', 'c.id', 'h.customer_id')
      .modify((builder) => {
        if (query.direction) void builder.where('h.direction', query.direction)
        if (query.action) void builder.where('h.action', query.action)
        if (after) void builder.whereRaw('(h.created_at, h.id) < (?::timestamptz, ?::uuid)', [after.key, after.id])
      })
      .select('h.id', 'h.direction', 'h.action', 'h.words', 'h.list_names', 'h.conversation_id', 'h.seq', 'h.created_at', 'h.customer_id')
      .select('a.id as author_id', 'a.name as author_name')
      .select(ctx.trx.raw(`${SHOWN_NAME} as customer_name`), ctx.trx.raw('h.created_at::text as sort_key'))
      .orderBy([
        { column: 'h.created_at', order: 'desc' },
        { column: 'h.id', order: 'desc' },
      ])
      .limit(query.limit + 1),
  )
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined
  return { data: rows.slice(0, query.limit).map(present), nextCursor: last ? encodeCursor(last.sort_key, last.id) : null }
}

const present = (row: z.infer<typeof shown>[number]): ModerationHit => ({
  id: row.id,
  direction: row.direction,
  action: row.action,
  words: row.words,
  lists: row.list_names,
  conversationId: row.conversation_id,
  seq: row.seq,
  author: row.author_id === null ? null : { id: row.author_id, name: row.author_name ?? '' },
  customer: row.customer_id === null ? null : { id: row.customer_id, name: row.customer_name },
  createdAt: row.created_at.toISOString(),
})
