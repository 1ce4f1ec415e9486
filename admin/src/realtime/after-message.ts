import type { z } from 'zod'
import type { Conversation } from '#api/contract/conversation.ts'
import type { conversationPatchSchema } from '#api/contract/realtime.ts'

type Patch = z.infer<typeof conversationPatchSchema>

/** null is an answer (nobody waits any more), absence is none. */
const said = <T>(value: T | undefined, known: T): T => (value === undefined ? known : value)

/**
 * The conversation's row after a new message; `unchanged` when nothing newer was said. The patch holds only what a message changes:
 * if a version is missing in between, something else has changed as well, so the row must be fetched like an unknown one.
 */
export const afterMessage = (known: Conversation | undefined, version: number, patch: Patch): Conversation | 'unchanged' | 'fetch' => {
  if (known === undefined) return 'fetch'
  if (version <= known.version) return 'unchanged'
  if (version > known.version + 1) return 'fetch'
  return {
    ...known,
    status: said(patch.status, known.status),
    lastSeq: said(patch.lastSeq, known.lastSeq),
    lastMessage: said(patch.lastMessage, known.lastMessage),
    lastMessageAt: said(patch.lastMessageAt, known.lastMessageAt),
    waitingSince: said(patch.waitingSince, known.waitingSince),
    staffReadSeq: said(patch.staffReadSeq, known.staffReadSeq),
    customerReadSeq: said(patch.customerReadSeq, known.customerReadSeq),
    unread: said(patch.unread, known.unread),
    replyWindow: said(patch.replyWindow, known.replyWindow),
    version,
  }
}
