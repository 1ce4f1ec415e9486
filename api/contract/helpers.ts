/** Working on one conversation together: colleagues who help, words among staff, and the supervisor beside the agent (BP-004, BP-012). */
import { z } from 'zod'
import { safeText } from './message.ts'

export const MAX_HELPERS = 10
export const MAX_MENTIONS = 10

const spoken = (max: number) => safeText(max, 1).refine((text) => text.trim() !== '', { message: 'blank_text' })

/** A colleague invited to help sees the conversation and writes notes; the agent stays who he is. */
export const helperSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  avatarUrl: z.string().nullable(),
  /** May answer the customer, too. */
  mayReply: z.boolean(),
})
export type Helper = z.infer<typeof helperSchema>

/** Inviting somebody who helps already changes what he may. */
export const helperRequest = z.strictObject({
  accountId: z.uuid(),
  mayReply: z.boolean().default(false),
  note: safeText(2000).optional(),
})

/** Who is named in a note, as he was called then. */
export const mentionSchema = z.object({ id: z.uuid(), name: z.string() })

/** Coaching: only the agent and those who supervise him ever read it. */
export const whisperRequest = z.strictObject({ clientKey: safeText(64, 8), text: spoken(5000) })

/** `from`: who holds it as the supervisor sees it, so that of two who take over one learns that he came second. */
export const takeOverRequest = z.strictObject({ from: z.uuid(), reason: spoken(500) })
