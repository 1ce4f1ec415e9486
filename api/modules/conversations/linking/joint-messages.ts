/** Conversations that belong together, read as one: by time, each message with the conversation and number that it keeps for ever. */
import { z } from 'zod'
import type { jointMessagesQuery } from '../../../contract/linking.ts'
import type { Message } from '../../../contract/message.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../../core/cursor.ts'
import { Invalid } from '../../../core/errors.ts'
import { loadConversations } from '../load-conversations.ts'
import { ConversationRow, MessageRow } from '../model.ts'
import { readsWhispers } from '../oversight/whisper-readers.ts'
import { whoSees } from '../oversight/who-sees.ts'
import { conversationFor } from '../policy.ts'
import { presentMessage, staffNames, withheld } from '../present-messages.ts'

const keys = z.object({ rows: z.array(z.object({ id: z.string(), at: z.string() })) })
const place = z.tuple([z.iso.datetime({ offset: true }), z.string()])

/** Newest page without a cursor; oldest first within it. Each conversation gives at most one page, read from the end of its own
 * index; a little more, since what was begun first may be written second. */
const PAGE = `
  with own as (select ?::uuid as id union select id from conversations where merged_into = ?::uuid),
  said as (
    select m.id, m.created_at, m.conversation_id, m.seq from own cross join lateral (
      select id, created_at, conversation_id, seq from messages
      where conversation_id = own.id and (?::timestamptz is null or (created_at, id) < (?::timestamptz, ?::uuid))
      order by seq desc limit ? + 50) m
    union
    select m.id, m.created_at, m.conversation_id, m.seq from conversation_references r
    join messages m on m.conversation_id = r.source_id and m.seq = r.source_seq
    where r.conversation_id = ?::uuid and (?::timestamptz is null or (m.created_at, m.id) < (?::timestamptz, ?::uuid)))
  select id, to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from said
  order by created_at desc, id desc limit ?`

export async function jointMessages(
  ctx: Ctx<StaffActor>,
  conversationId: string,
  query: z.output<typeof jointMessagesQuery>,
): Promise<{ data: Message[]; previousCursor: string | null }> {
  await conversationFor(ctx, conversationId, 'view')
  const cursor = decodeCursor(query.cursor)
  const before = cursor && place.safeParse([cursor.key, cursor.id])
  if (before && !before.success) throw new Invalid('invalid_request', 'bad cursor')
  const [at, id] = before?.data ?? [null, null]
  const bound = [at, at, id]
  const found = keys.parse(
    await ctx.trx.raw(PAGE, [conversationId, conversationId, ...bound, query.limit + 1, conversationId, ...bound, query.limit + 1]),
  ).rows
  const page = found.slice(0, query.limit)
  const last = found.length > query.limit ? page.at(-1) : undefined
  const messages = await MessageRow.query(ctx.trx).whereIn(
    'id',
    page.map((key) => key.id),
  )
  const byId = new Map(messages.map((message) => [message.id, message]))
  const ordered = page.flatMap((key) => byId.get(key.id) ?? []).reverse()
  return { data: await present(ctx, ordered), previousCursor: last ? encodeCursor(last.at, last.id) : null }
}

async function present(ctx: Ctx<StaffActor>, messages: readonly MessageRow[]): Promise<Message[]> {
  const ids = [...new Set(messages.map((message) => message.conversation_id))]
  const loaded = new Map((await loadConversations(ctx.app, ctx.trx, ids, ctx.now, null)).map((one) => [one.row.id, one.row]))
  const staff = await staffNames(ctx.trx, messages)
  const reads = await readsWhispers(ctx, messages)
  return messages.flatMap((message) => {
    const from = loaded.get(message.conversation_id)
    if (!from) return []
    const customer = { name: from.customer_name, avatarUrl: from.customer_avatar }
    const shown = presentMessage(message, { customer, staff }, from.customer_read_seq)
    return reads(message) ? shown : withheld(shown)
  })
}

/** Who reads one of them reads what is joined to it: pictures and files, too. */
export async function seenThroughLink(ctx: Ctx<StaffActor>, conversationId: string): Promise<boolean> {
  const rows = await ConversationRow.query(ctx.trx)
    .where((joined) =>
      joined
        .where('split_from', conversationId)
        .orWhereIn('id', ConversationRow.query(ctx.trx).where('id', conversationId).whereNotNull('merged_into').select('merged_into')),
    )
    .limit(200)
  const seen = await whoSees(
    ctx,
    rows.map((row) => ({ reader: ctx.actor, row })),
  )
  return seen.includes(true)
}
