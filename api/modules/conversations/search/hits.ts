/** What a found message looks like to its reader, whichever way it was found. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { CONVERSATION_STATUSES } from '../../../contract/conversation.ts'
import { MESSAGE_DIRECTIONS, messagePartSchema } from '../../../contract/message.ts'
import type { MessageHit } from '../../../contract/search.ts'
import { SHOWN_NAME, tailOf } from '../../customers/index.ts'
import { excerptOf } from './excerpt.ts'
import { wordsOf } from './keys.ts'

const hitRows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      conversation_id: z.string(),
      seq: z.number(),
      direction: z.enum(MESSAGE_DIRECTIONS),
      author_kind: z.enum(['customer', 'agent', 'system', 'bot']),
      author_name: z.string().nullable(),
      parts: z.array(messagePartSchema),
      created_at: z.date(),
      status: z.enum(CONVERSATION_STATUSES),
      customer_id: z.string(),
      customer_name: z.string().nullable(),
      avatar_url: z.string().nullable(),
      external_id: z.string(),
      channel_kind: z.string(),
      channel_name: z.string(),
      assignee_id: z.string().nullable(),
      assignee_name: z.string().nullable(),
    }),
  ),
})
type HitRow = z.infer<typeof hitRows>['rows'][number]

/** A message by its place; recalled ones are gone. One statement for a page. */
export async function loadHits(
  trx: Knex,
  places: readonly { conversation_id: string; seq: number }[],
  terms: readonly string[],
): Promise<Map<string, MessageHit>> {
  if (places.length === 0) return new Map()
  const { rows } = hitRows.parse(
    await trx.raw(
      `select x.id, x.conversation_id, x.seq, x.direction, x.author_kind, w.name as author_name, x.parts, x.created_at, v.status, v.customer_id,
              ${SHOWN_NAME} as customer_name, c.avatar_url, i.value as external_id, a.kind as channel_kind, a.name as channel_name,
              v.assignee_id, s.name as assignee_name
       from json_to_recordset(?::json) as t(conversation_id uuid, seq int)
       join messages x on x.conversation_id = t.conversation_id and x.seq = t.seq and x.recalled_at is null
       join conversations v on v.id = x.conversation_id
       join customers c on c.id = v.customer_id join customer_identities i on i.id = v.identity_id
       join channel_accounts a on a.id = v.channel_account_id
       left join accounts s on s.id = v.assignee_id
       left join accounts w on x.author_kind = 'agent' and w.id = x.author_id`,
      [JSON.stringify(places.map(({ conversation_id, seq }) => ({ conversation_id, seq })))],
    ),
  )
  return new Map(
    rows.flatMap((row) => {
      const hit = present(row, terms)
      return hit ? [[row.id, hit]] : []
    }),
  )
}

/** Null when the words are not there after all: keys are only hashes of pairs. */
function present(row: HitRow, terms: readonly string[]): MessageHit | null {
  const found = excerptOf(wordsOf(row.parts), terms)
  if (!found) return null
  return {
    messageId: row.id,
    conversationId: row.conversation_id,
    seq: row.seq,
    direction: row.direction,
    authorName: row.author_kind === 'customer' ? row.customer_name : row.author_name,
    ...found,
    at: row.created_at.toISOString(),
    conversation: {
      status: row.status,
      customer: { id: row.customer_id, name: row.customer_name, avatarUrl: row.avatar_url, tail: tailOf(row.external_id) },
      channel: { kind: row.channel_kind, name: row.channel_name },
      assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? '' },
    },
  }
}
