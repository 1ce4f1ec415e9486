/** The normalised event as channels store it in the ledger, checked when it is read back. */
import { z } from 'zod'
import { type mediaSchema, messagePartSchema } from '../../contract/message.ts'

/** Media that a platform named and nobody has fetched yet. */
const mediaRefPart = z.object({
  type: z.enum(['image', 'audio', 'video', 'file']),
  mediaRef: z.object({ id: z.string(), format: z.string().optional(), thumbId: z.string().optional() }),
  name: z.string().optional(),
  transcript: z.string().optional(),
})
/** Media that the customer uploaded to us before he sent the message. */
const uploadedPart = z.object({ type: z.enum(['image', 'audio', 'video', 'file']), attachmentId: z.uuid() })

export const inboundPartSchema = z.union([mediaRefPart, uploadedPart, messagePartSchema])
export type InboundPart = z.infer<typeof inboundPartSchema>

export const inboundEventSchema = z.object({
  kind: z.enum([
    'message',
    'receipt',
    'subscribed',
    'unsubscribed',
    'entered',
    'menu_clicked',
    'recalled',
    'authorization_revoked',
    'other',
  ]),
  occurredAt: z.iso.datetime({ offset: true }),
  from: z.object({ externalId: z.string(), name: z.string().optional(), avatarUrl: z.string().optional() }).nullable(),
  opens: z.string().optional(),
  source: z.object({ kind: z.string(), label: z.string() }).optional(),
  parts: z.array(inboundPartSchema).optional(),
  receipt: z
    .object({
      externalId: z.string(),
      state: z.enum(['delivered', 'read', 'failed']),
      reason: z.string().optional(),
      platformCode: z.string().optional(),
    })
    .optional(),
  clientKey: z.string().optional(),
})
export type InboundEvent = z.infer<typeof inboundEventSchema>

export const pendingMedia = (name?: string): z.infer<typeof mediaSchema> => ({ status: 'pending', ...(name === undefined ? {} : { name }) })
