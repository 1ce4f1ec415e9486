import { z } from 'zod'
import { safeText } from './message.ts'

export const customerIdentitySchema = z.object({
  id: z.uuid(),
  kind: z.string(),
  channel: z.object({ accountId: z.uuid(), kind: z.string(), name: z.string() }).nullable(),
  /** Shortened: whole platform ids are of no use to an agent. */
  tail: z.string(),
  subscribed: z.boolean().nullable(),
  firstSeenAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
})
export const customerSchema = z.object({
  id: z.uuid(),
  name: z.string().nullable(),
  /** Given by staff; shown before any other name. */
  remarkName: z.string().nullable(),
  avatarUrl: z.string().nullable(),
  tail: z.string(),
  identities: z.array(customerIdentitySchema),
  createdAt: z.iso.datetime(),
  version: z.int().positive(),
})
export type Customer = z.infer<typeof customerSchema>
export const customerPatch = z.strictObject({ remarkName: safeText(60).nullable(), version: z.int().positive() })
