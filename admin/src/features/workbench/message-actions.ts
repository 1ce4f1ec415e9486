import { defineAsyncComponent, type Component } from 'vue'
import type { MessageAction } from '../../shared/message-action.ts'

/** What other features can do with a message; found on disk. */
const found = import.meta.glob<MessageAction>('../*/message-action.ts', { eager: true, import: 'default' })

export const MESSAGE_ACTIONS: readonly { action: MessageAction; component: Component }[] = Object.values(found)
  .toSorted((a, b) => a.order - b.order)
  .map((action) => ({ action, component: defineAsyncComponent(action.component) }))
