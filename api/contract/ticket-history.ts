import { z } from 'zod'
import { listQuery } from './list.ts'

/** Who did it; a customer by his shown name, the product itself as null. */
export const ticketActorSchema = z.object({ kind: z.enum(['staff', 'customer']), id: z.uuid(), name: z.string().nullable() }).nullable()

/**
 * One line of a ticket's history, newest first. `ticketEvent.{kind}` on screen, filled with `params`; `before` and `after` name only what differs, ids
 * with the names they had (`team`, `assignee`, `type` are `{ id, name }`).
 */
export const ticketEventSchema = z.object({
  id: z.uuid(),
  /** `created`, `moved`, `changed`, `assigned`, `file_added`, `file_removed`, `watched`, `unwatched`, `related`, `unrelated`, and what others add. */
  kind: z.string(),
  actor: ticketActorSchema,
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  params: z.record(z.string(), z.unknown()),
  /** The ticket's after it. */
  version: z.int().positive(),
  at: z.iso.datetime(),
})
export type TicketEvent = z.infer<typeof ticketEventSchema>
export const ticketHistoryQuery = listQuery
