/** Two conversations about one matter are read as one; two matters in one conversation are parted. Messages never move. */
import { z } from 'zod'
import { messageSchema } from './message.ts'

/** Days within which either can be undone. */
export const LINK_UNDO_DAYS = 30
export const MAX_MERGED = 20
export const MAX_SPLIT_MESSAGES = 200

export const conversationMergeRequest = z.strictObject({ into: z.uuid() })
/** `seqs`: what of the conversation belongs to the other matter. */
export const conversationSplitRequest = z.strictObject({ seqs: z.array(z.int().positive()).min(1).max(MAX_SPLIT_MESSAGES) })

export const conversationLinkSchema = z.object({
  id: z.uuid(),
  kind: z.enum(['merge', 'split']),
  /** Merging: the one that went into the other. Splitting: where the messages stand. */
  fromId: z.uuid(),
  /** Merging: the one that goes on. Splitting: the new one. */
  intoId: z.uuid(),
  by: z.object({ id: z.uuid(), name: z.string() }),
  at: z.iso.datetime(),
  undoneAt: z.iso.datetime().nullable(),
  undoneBy: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  undoUntil: z.iso.datetime(),
})
export type ConversationLink = z.infer<typeof conversationLinkSchema>

/** One page of the joint view, oldest first: this conversation's messages, those merged into it and those it refers to, by time. */
export const jointMessagesQuery = z.strictObject({
  /** Of the page before this one (further back). */
  cursor: z.string().max(600).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export const jointMessagesResponse = z.object({ data: z.array(messageSchema), previousCursor: z.string().nullable() })
