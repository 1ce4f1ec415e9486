/** When a new message deserves a sound and a notice: only where it matters. */
import type { Conversation } from '#api/contract/conversation.ts'
import type { Message } from '#api/contract/message.ts'
import type { NotificationKind } from '#api/contract/notification.ts'

export interface Situation {
  meId: string
  /** The conversation on screen, if any. */
  viewing: string | null
  /** The window has the focus: what is on screen is being read. */
  focused: boolean
}

export const deservesAlert = (message: Message, conversation: Conversation | undefined, { meId, viewing, focused }: Situation): boolean => {
  if (message.direction !== 'inbound' || message.recalledAt !== null) return false
  if (focused && viewing === message.conversationId) return false
  return conversation?.assignee?.id === meId
}

/** A conversation that has just come into the queue, as seen by an agent who could accept it. */
export const entersQueue = (before: Conversation | undefined, after: Conversation): boolean =>
  after.status === 'queued' && before?.status !== 'queued'

/** Somebody else, or the routing, has just made the conversation mine; what I took myself is already on my screen. */
export const comesToMe = (before: Conversation | undefined, after: Conversation, { meId, viewing, focused }: Situation): boolean =>
  after.status === 'open' && after.assignee?.id === meId && before?.assignee?.id !== meId && !(focused && viewing === after.id)

/** Work that has just become mine, or is about to be late; the rest of what I am told waits behind the bell. */
const PRESSING: readonly NotificationKind[] = [
  'ticket.assigned',
  'ticket.handed',
  'ticket.assigned_many',
  'ticket.mentioned',
  'ticket.customer_spoke',
  'ticket.urged',
  'ticket.rejected',
  'ticket.reopened',
  'ticket.escalated',
  'ticket.sla_warning',
  'ticket.sla_breached',
  'ticket.sla_overdue',
]
export const isPressing = (kind: NotificationKind): boolean => PRESSING.includes(kind)
