import { z } from 'zod'
import type { Ctx } from '../../core/context.ts'
import { prepared } from '../../core/db.ts'
import { helpingSchema } from './helpers/shown-helpers.ts'

const rowSchema = z.object({
  id: z.string(),
  identity_id: z.string(),
  status: z.enum(['queued', 'open']),
  waiting_for: z.enum(['team_choice', 'off_hours']).nullable(),
  team_id: z.string().nullable(),
  assignee_id: z.string().nullable(),
  helpers: helpingSchema,
  offered_to: z.string().nullable(),
  last_seq: z.number(),
  unread: z.number(),
  version: z.number(),
  staff_read_seq: z.number(),
  customer_read_seq: z.number(),
  waiting_since: z.date().nullable(),
  last_message_at: z.date().nullable(),
  snoozed_by: z.string().nullable(),
})
export type OpenConversation = z.infer<typeof rowSchema>
const answer = z.object({ rows: z.array(rowSchema) })

/** The direct conversations of these identities that are not closed, locked in the order in which all lock. @returns by identity */
export async function lockOpenConversations(ctx: Ctx, identityIds: readonly string[]): Promise<Map<string, OpenConversation>> {
  if (identityIds.length === 0) return new Map()
  const { rows } = answer.parse(
    await prepared(
      ctx.trx,
      'conversations.lock-open',
      `select id, identity_id, status, waiting_for, team_id, assignee_id, helpers, offered_to, last_seq, unread, version, staff_read_seq,
         customer_read_seq, waiting_since, last_message_at, snoozed_by
       from conversations where identity_id = any(?::uuid[]) and kind = 'direct' and status <> 'closed' order by id for no key update`,
      [[...identityIds]],
    ),
  )
  return new Map(rows.map((row) => [row.identity_id, row]))
}
