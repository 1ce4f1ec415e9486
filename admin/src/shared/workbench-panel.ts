import type { Component } from 'vue'
import type { Conversation } from '#api/contract/conversation.ts'
import type { Permission } from '#api/contract/identity.ts'

/**
 * A fold on the right of the workbench. A feature offers one as the default export of `features/<name>/workbench-panel.ts`;
 * the workbench finds it on disk. The component gets `conversation` and may emit `insert` with text for the composer.
 */
export interface WorkbenchPanel {
  id: string
  titleKey: string
  /** Lowest first. */
  order: number
  icon: Component
  permission?: Permission
  component: () => Promise<{ default: Component }>
}
export interface WorkbenchPanelProps {
  conversation: Conversation
}
