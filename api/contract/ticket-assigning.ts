/** Who works on which ticket: by the policies of routing, by hand, from the pool of the team, in batches (BP-005.6, BP-013.3–5). */
import { z } from 'zod'
import { safeText } from './message.ts'

/** Whom to: a colleague, the pool of a team (null: of the house), or whomever the policies choose. */
export const ticketTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('agent'), accountId: z.uuid() }),
  z.strictObject({ kind: z.literal('team'), teamId: z.uuid().nullable() }),
  z.strictObject({ kind: z.literal('policy') }),
])
export type TicketTarget = z.output<typeof ticketTarget>

export const TICKETS_AT_ONCE = 200

export const ticketAssignRequest = z.strictObject({
  items: z
    .array(
      z.strictObject({
        id: z.uuid(),
        /** Who had it and where it was when it was looked at; what somebody else has changed since stays and says so. */
        seen: z.strictObject({ assigneeId: z.uuid().nullable(), teamId: z.uuid().nullable() }).optional(),
      }),
    )
    .min(1)
    .max(TICKETS_AT_ONCE),
  to: ticketTarget,
  note: safeText(500).optional(),
})

/** Handing on what one holds: to a colleague or to the pool of a team. */
export const ticketTransferRequest = z.strictObject({
  to: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('agent'), accountId: z.uuid() }),
    z.strictObject({ kind: z.literal('team'), teamId: z.uuid().nullable() }),
  ]),
  note: safeText(500, 1),
})

/** What became of one ticket of a batch; `code` of a refusal is an error code with its `context`. */
export const ticketResultSchema = z.object({
  id: z.uuid(),
  number: z.string().nullable(),
  outcome: z.enum(['done', 'unchanged', 'refused']),
  code: z.string().nullable(),
  context: z.record(z.string(), z.unknown()),
})
export type TicketResult = z.infer<typeof ticketResultSchema>

export const ticketResultsSchema = z.object({
  rows: z.array(ticketResultSchema),
  counts: z.object({ done: z.int(), unchanged: z.int(), refused: z.int() }),
})
export type TicketResults = z.infer<typeof ticketResultsSchema>
