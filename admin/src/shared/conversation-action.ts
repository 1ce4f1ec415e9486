import type { Component } from 'vue'
import type { Conversation } from '#api/contract/conversation.ts'
import type { Permission } from '#api/contract/identity.ts'

/**
 * Something that can be done with a conversation and belongs to another feature (a ticket made of it, for one). Offered as the default
 * export of `features/<name>/conversation-action.ts`; the workbench finds it on disk and puts it among the actions of the header.
 */
export interface ConversationAction {
  id: string
  titleKey: string
  icon: Component
  /** Lowest first. */
  order: number
  permission?: Permission
  available: (conversation: Conversation) => boolean
  /** A dialog. It gets `conversation` and emits `close`. */
  component: () => Promise<{ default: Component }>
}
