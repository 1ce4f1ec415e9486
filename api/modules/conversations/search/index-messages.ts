/**
 * Indexes the words of messages behind their commit, so that taking a message in costs nothing more. A conversation's messages are numbered
 * without gaps, so one figure per conversation says what is left; whatever was missed is found by walking through all of them.
 */
import type { Knex } from 'knex'
import { z } from 'zod'
import { messagePartSchema } from '../../../contract/message.ts'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM, type SystemActor } from '../../../core/context.ts'
import type { StoredEvent } from '../../../core/events/domain-events.ts'
import { keysOf } from './keys.ts'

const BATCH = 200
/** A pass gives way after so much time, a fortieth of the two seconds between passes: while messages pour in, what is behind waits for a quieter hour. */
const PASS_MILLISECONDS = 50
const WALK_STEP = 20_000

interface Behind {
  id: string
  indexed: number
}
const behindRows = z.object({ rows: z.array(z.object({ id: z.string(), indexed: z.number() })) })

/** Conversations that go on, or ended just now, and have messages that are not indexed. */
async function behind(trx: Knex): Promise<Behind[]> {
  return behindRows.parse(
    await trx.raw(
      `select v.id, coalesce(p.indexed_seq, 0) as indexed
       from (select id, last_seq from conversations where status <> 'closed'
             union all select id, last_seq from conversations where status = 'closed' and closed_at > app_now() - interval '10 minutes') v
       left join message_search_progress p on p.conversation_id = v.id
       where v.last_seq > coalesce(p.indexed_seq, 0) limit ?`,
      [BATCH],
    ),
  ).rows
}

const messageRows = z.object({
  rows: z.array(
    z.object({
      conversation_id: z.string(),
      seq: z.number(),
      id: z.string(),
      direction: z.enum(['inbound', 'outbound', 'note', 'system', 'whisper']),
      parts: z.array(messagePartSchema),
      recalled: z.boolean(),
      created_at: z.date(),
    }),
  ),
})
type Fresh = z.infer<typeof messageRows>['rows'][number]

/** Said to a customer, by him, or among all staff; what is whispered to one person is found by nobody. */
const isFound = (row: Fresh): row is Fresh & { direction: 'inbound' | 'outbound' | 'note' } =>
  !row.recalled && row.direction !== 'system' && row.direction !== 'whisper'

/** A figure stands for all messages before it, so none may be left out: what does not follow the one before waits for the next batch. */
function inARow(rows: readonly Fresh[], conversations: readonly Behind[]): Fresh[] {
  const upTo = new Map(conversations.map(({ id, indexed }) => [id, indexed]))
  return rows.filter(({ conversation_id: id, seq }) => {
    if (upTo.get(id) !== seq - 1) return false
    upTo.set(id, seq)
    return true
  })
}

/** @returns how many messages were looked at */
async function indexBatch(trx: Knex, conversations: readonly Behind[]): Promise<number> {
  const { rows } = messageRows.parse(
    await trx.raw(
      `select x.conversation_id, x.seq, x.id, x.direction, x.parts, x.recalled_at is not null as recalled, x.created_at
       from json_to_recordset(?::json) as c(id uuid, indexed int)
       cross join lateral (select * from messages m where m.conversation_id = c.id and m.seq > c.indexed order by m.seq limit ?) x limit ?`,
      [JSON.stringify(conversations), BATCH, BATCH],
    ),
  )
  if (rows.length === 0) return 0
  const next = inARow(rows, conversations)
  const words = next.filter(isFound).flatMap(({ conversation_id, seq, id, direction, parts, created_at: at }) => {
    const keys = keysOf(at, parts)
    return keys.length > 0 ? [{ conversation_id, seq, message_id: id, at, direction, keys }] : []
  })
  const done = new Map(next.map(({ conversation_id: id, seq }) => [id, seq]))
  await trx.raw(
    `with words as (
       insert into message_search (conversation_id, seq, message_id, at, direction, keys)
       select * from json_to_recordset(?::json) as t(conversation_id uuid, seq int, message_id uuid, at timestamptz, direction text, keys int[])
       on conflict do nothing)
     insert into message_search_progress (conversation_id, indexed_seq)
     select * from json_to_recordset(?::json) as t(conversation_id uuid, indexed_seq int) order by conversation_id
     on conflict (conversation_id) do update set indexed_seq = greatest(message_search_progress.indexed_seq, excluded.indexed_seq)`,
    [JSON.stringify(words), JSON.stringify([...done].map(([id, seq]) => ({ conversation_id: id, indexed_seq: seq })))],
  )
  return rows.length
}

/** Safe in several processes at once: what two of them do is done once. */
export async function indexMessages(app: App): Promise<void> {
  const until = performance.now() + PASS_MILLISECONDS
  while (performance.now() < until) {
    const found = await behind(app.db)
    if (found.length === 0) return
    const done = await inTransaction(app, SYSTEM, (ctx) => indexBatch(ctx.trx, found))
    if (done < BATCH && found.length < BATCH) return
  }
}

const stepRows = z.object({ rows: z.array(z.object({ id: z.string(), indexed: z.number(), is_behind: z.boolean(), last: z.boolean() })) })

/**
 * One step of the walk through all conversations by id: notes after the end, what was written before there was an index, whatever a lost
 * process left. At the end it begins anew.
 */
export async function walkThroughMessages(app: App): Promise<void> {
  await inTransaction(app, SYSTEM, async ({ trx }: Ctx) => {
    const { rows } = stepRows.parse(
      await trx.raw(
        `with place as (select after_id from message_search_walk for update),
           step as (select v.id, v.last_seq from conversations v, place where v.id > place.after_id order by v.id limit ?),
           judged as (select s.id, coalesce(p.indexed_seq, 0) as indexed, s.last_seq > coalesce(p.indexed_seq, 0) as is_behind,
                             s.id = (select id from step order by id desc limit 1) as last
                      from step s left join message_search_progress p on p.conversation_id = s.id)
         select id, indexed, is_behind, last from judged where is_behind or last order by id`,
        [WALK_STEP],
      ),
    )
    const late = rows.filter((row) => row.is_behind).slice(0, BATCH)
    const looked = late.length === 0 ? 0 : await indexBatch(trx, late)
    // A full batch may have left something of its last conversation: the walk stays until a batch comes out short.
    if (looked >= BATCH) return
    await trx.raw(`update message_search_walk set after_id = ?`, [
      rows.find(({ last }) => last)?.id ?? '00000000-0000-0000-0000-000000000000',
    ])
  })
}

const recalled = z.object({ conversationId: z.uuid() })

/** What was taken back is found by nobody; the index holds nothing of it either. */
export async function forgetRecalled(ctx: Ctx<SystemActor>, event: StoredEvent): Promise<void> {
  const { conversationId } = recalled.parse(event.payload)
  await ctx.trx('message_search').where({ conversation_id: conversationId, message_id: event.subjectId }).delete()
}
