import { defineAsyncComponent, type Component } from 'vue'
import type { ConversationAction } from '../../../shared/conversation-action.ts'

/** Loaded when first opened. Each gets `conversation` and emits `close`. */
export const DIALOGS = {
  transfer: defineAsyncComponent(() => import('./transfer-dialog.vue')),
  invite: defineAsyncComponent(() => import('./invite-dialog.vue')),
  close: defineAsyncComponent(() => import('./close-dialog.vue')),
  snooze: defineAsyncComponent(() => import('./snooze-dialog.vue')),
  reminder: defineAsyncComponent(() => import('./reminder-dialog.vue')),
  history: defineAsyncComponent(() => import('./history-dialog.vue')),
  merge: defineAsyncComponent(() => import('./merge-dialog.vue')),
  block: defineAsyncComponent(() => import('./block-dialog.vue')),
  takeOver: defineAsyncComponent(() => import('./take-over-dialog.vue')),
  transcript: defineAsyncComponent(() => import('./transcript-dialog.vue')),
} satisfies Record<string, Component>

/** What other features can do with a conversation; found on disk. */
const found = import.meta.glob<ConversationAction>('../../*/conversation-action.ts', { eager: true, import: 'default' })
export const OFFERED: readonly { action: ConversationAction; component: Component }[] = Object.values(found)
  .toSorted((a, b) => a.order - b.order)
  .map((action) => ({ action, component: defineAsyncComponent(action.component) }))
