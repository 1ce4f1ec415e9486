/** What its reader may do with a conversation as it stands. Pure; the server decides, this hides what it would refuse. */
import type { Conversation, ConversationDetail } from '#api/contract/conversation.ts'
import type { Permission } from '#api/contract/identity.ts'

export type DeedId =
  | 'accept'
  | 'transfer'
  | 'cancelTransfer'
  | 'invite'
  | 'leave'
  | 'rate'
  | 'snooze'
  | 'wake'
  | 'pin'
  | 'unpin'
  | 'reminder'
  | 'history'
  | 'listen'
  | 'takeOver'
  | 'merge'
  | 'split'
  | 'transcript'
  | 'wrapUp'
  | 'reopen'
  | 'block'
  | 'unblock'
  | 'close'

export interface Standing {
  conversation: Conversation
  permissions: ConversationDetail['permissions'] | undefined
  meId: string
  can: (permission: Permission) => boolean
  /** The customer can still be asked what he thinks. */
  canInviteRating: boolean
}

const RULES: Record<DeedId, (standing: Standing) => boolean> = {
  accept: ({ permissions }) => permissions?.accept ?? false,
  transfer: ({ permissions, conversation }) => (permissions?.transfer ?? false) && conversation.transfer === null,
  cancelTransfer: ({ permissions, conversation, meId }) =>
    conversation.transfer !== null && ((permissions?.transfer ?? false) || conversation.transfer.by.id === meId),
  invite: ({ permissions }) => permissions?.invite ?? false,
  leave: ({ conversation, meId }) => conversation.helpers.some(({ id }) => id === meId),
  rate: ({ canInviteRating, conversation, meId }) => canInviteRating && conversation.assignee?.id === meId,
  snooze: ({ conversation, meId }) => isMine(conversation, meId) && conversation.snooze === null,
  wake: ({ conversation, meId }) => isMine(conversation, meId) && conversation.snooze !== null,
  pin: ({ conversation, meId }) => conversation.status !== 'closed' && !conversation.pinnedBy.includes(meId),
  unpin: ({ conversation, meId }) => conversation.pinnedBy.includes(meId),
  reminder: ({ permissions }) => permissions?.note ?? false,
  history: () => true,
  listen: ({ permissions }) => permissions?.listen ?? false,
  takeOver: ({ permissions }) => permissions?.takeOver ?? false,
  merge: ({ permissions }) => permissions?.link ?? false,
  split: ({ permissions }) => permissions?.link ?? false,
  transcript: ({ can }) => can('conversations.export'),
  wrapUp: ({ conversation, permissions }) => conversation.status === 'closed' && (permissions?.note ?? false),
  reopen: ({ conversation, can }) => conversation.status === 'closed' && conversation.kind === 'direct' && can('conversations.reply'),
  block: ({ conversation, can }) => can('customers.block') && !conversation.customer.blocked,
  unblock: ({ conversation, can }) => can('customers.block') && conversation.customer.blocked,
  close: ({ permissions }) => permissions?.close ?? false,
}

const isMine = (conversation: Conversation, meId: string): boolean => conversation.status === 'open' && conversation.assignee?.id === meId

export const allowed = (deed: DeedId, standing: Standing): boolean => RULES[deed](standing)
