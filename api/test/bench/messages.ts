/** What the processes of a benchmark say to each other. */
import { z } from 'zod'

/** Where a server takes customer messages, and how its agents listen. */
export const targetSchema = z.object({
  port: z.int(),
  /** Path of the callback; a query is appended in the sealed forms. */
  path: z.string(),
  body: z.enum(['json', 'sealed']),
  agents: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('ws'), count: z.int() }),
    z.object({
      kind: z.literal('socket.io'),
      event: z.string(),
      /** Where an event has the text of the message. */
      text: z.array(z.string()),
      handshakes: z.array(z.record(z.string(), z.string())),
    }),
  ]),
})
export type Target = z.infer<typeof targetSchema>

export const loadSchema = z.object({
  target: targetSchema,
  /** `delivered`: the next message of a conversation when the agent has the last one. `acknowledged`: when the server has answered. */
  mode: z.enum(['delivered', 'acknowledged', 'steady']),
  conversations: z.int(),
  warmUpSeconds: z.number(),
  seconds: z.number(),
  /** Messages a second in `steady`. */
  rate: z.number().optional(),
})
export type Load = z.infer<typeof loadSchema>

export const measuredSchema = z.object({
  perSecond: z.number(),
  p50: z.number(),
  p99: z.number(),
  sent: z.int(),
  /** Sent in the measured time and never seen by an agent (or never acknowledged). */
  lost: z.int(),
  errors: z.int(),
})
export type Measured = z.infer<typeof measuredSchema>
