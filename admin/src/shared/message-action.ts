import type { Component } from 'vue'
import type { Permission } from '#api/contract/identity.ts'
import type { Message } from '#api/contract/message.ts'

/**
 * Something that can be done with one message and belongs to another feature. Offered as the default export of
 * `features/<name>/message-action.ts`; the workbench finds it on disk and puts it into the menu of a message.
 */
export interface MessageAction {
  id: string
  titleKey: string
  icon: Component
  /** Lowest first. */
  order: number
  permission?: Permission
  available: (message: Message) => boolean
  /** A dialog. It gets `message` and emits `close`. */
  component: () => Promise<{ default: Component }>
}
