/** One language for changes to a ticket: what macros and bulk changes are made of (BP-006.9, BP-013.5). Applied in their order, all of them or none. */
import { z } from 'zod'
import { safeText } from './message.ts'
import { PRIORITIES } from './priority.ts'
import { ticketTag } from './ticket.ts'
import { TICKET_STATUSES } from './ticket-status.ts'
import { ticketTarget } from './ticket-assigning.ts'

const tagNames = z.array(ticketTag).max(20).default([])

export const ticketActionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    to: z.enum(TICKET_STATUSES),
    /** Some moves ask for words. */
    reason: safeText(500, 1).optional(),
    solution: safeText(20_000, 1).optional(),
  }),
  z.strictObject({ kind: z.literal('priority'), to: z.enum(PRIORITIES) }),
  z.strictObject({ kind: z.literal('type'), typeId: z.uuid() }),
  z.strictObject({ kind: z.literal('tags'), add: tagNames, remove: tagNames }),
  z.strictObject({
    kind: z.literal('field'),
    key: z.string().min(1).max(40),
    value: z.union([safeText(500), z.number(), z.boolean(), z.null()]),
  }),
  z.strictObject({ kind: z.literal('assign'), to: z.union([ticketTarget, z.strictObject({ kind: z.literal('me') })]) }),
  z.strictObject({ kind: z.literal('follow_up'), visibility: z.enum(['internal', 'customer']), text: safeText(4000, 1) }),
])
export type TicketAction = z.output<typeof ticketActionSchema>
