import type { Component } from 'vue'
import type { Conversation } from '#api/contract/conversation.ts'
import type { Permission } from '#api/contract/identity.ts'
import type { MessagePart, MessagePartInput } from '#api/contract/message.ts'

/**
 * Something to choose from while writing an answer. A feature offers one as the default export of `features/<name>/composer-picker.ts`;
 * the workbench finds it on disk, opens it above the editor and keeps the focus in the text.
 */
export interface ComposerPicker {
  id: string
  titleKey: string
  icon: Component
  /** Lowest first in the toolbar. */
  order: number
  /** Typed at the beginning of the text or after a blank, it opens the picker; what follows, up to the cursor, is `query`. */
  trigger: string
  permission?: Permission
  component: () => Promise<{ default: Component }>
}

/** What the component gets. It emits `pick` with a `ComposerPick`, or `close`. */
export interface ComposerPickerProps {
  conversation: Conversation
  query: string
}

/** `text` takes the place of the trigger and the query; files and cards wait above the editor and leave with the next answer. */
export interface ComposerPick {
  text: string
  parts: { input: MessagePartInput; preview: MessagePart }[]
  /** Named in the answer, so that its use is counted. */
  quickReplyId?: string
}

/** What the component exposes: keys of the editor are offered first to the picker (arrows, Enter, Tab); true = taken. */
export interface ComposerPickerHandle {
  onKey: (event: KeyboardEvent) => boolean
}
