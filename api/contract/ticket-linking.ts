/** Two tickets about one matter, one ticket about two (BP-006.9): merging and splitting, both undone within 30 days. */
import { z } from 'zod'
import { safeText } from './message.ts'
import { person } from './routing.ts'

const ticketRef = z.object({ id: z.uuid(), number: z.string(), title: z.string(), status: z.string() })
export const ticketLinkSchema = z.object({
  id: z.uuid(),
  kind: z.enum(['merge', 'split']),
  /** Merged away, or split. */
  from: ticketRef,
  /** What goes on, or what was split off. */
  into: ticketRef,
  by: person,
  at: z.iso.datetime(),
  undoneAt: z.iso.datetime().nullable(),
  undoneBy: person.nullable(),
  undoUntil: z.iso.datetime(),
})
export type TicketLink = z.infer<typeof ticketLinkSchema>

export const ticketMergeRequest = z.strictObject({ intoId: z.uuid(), version: z.int().positive() })
export const ticketSplitRequest = z.strictObject({
  title: safeText(200, 1),
  description: safeText(20_000).default(''),
  /** Follow-ups that belong to the other matter go with it. */
  followUpIds: z.array(z.uuid()).max(100).default([]),
  version: z.int().positive(),
})
