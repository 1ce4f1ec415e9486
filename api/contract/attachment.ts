import { z } from 'zod'

export const ATTACHMENT_KINDS = ['image', 'audio', 'video', 'file'] as const
export const attachmentSchema = z.object({
  id: z.uuid(),
  kind: z.enum(ATTACHMENT_KINDS),
  name: z.string(),
  mime: z.string(),
  sizeBytes: z.int().nonnegative(),
  width: z.int().positive().nullable(),
  height: z.int().positive().nullable(),
  url: z.string(),
  thumbnailUrl: z.string().nullable(),
})
export type Attachment = z.infer<typeof attachmentSchema>
