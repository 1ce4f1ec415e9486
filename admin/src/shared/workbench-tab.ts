import type { Component } from 'vue'
import type { Permission } from '#api/contract/identity.ts'

/**
 * A list of its own beside 我的会话, 待接入 and 已结束 (the groups one serves, for one). Offered as the default export of
 * `features/<name>/workbench-tab.ts`; the workbench finds it on disk and shows the tab only then.
 */
export interface WorkbenchTab {
  id: string
  titleKey: string
  /** Lowest first; the three lists of the workbench have 1, 2 and 4. */
  order: number
  permission?: Permission
  /** Fills the list's place. It gets `selectedId` and emits `select` with the id of a conversation. */
  component: () => Promise<{ default: Component }>
}
