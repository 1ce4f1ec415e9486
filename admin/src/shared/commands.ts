import { onScopeDispose, shallowReactive, type Component } from 'vue'

/** Something that can be done from the command palette. Features add theirs while they are on screen. */
export interface Command {
  id: string
  title: string
  group: 'conversations' | 'pages' | 'actions'
  /** More words under which it is found. */
  keywords?: string
  hint?: string
  icon?: Component
  run: () => void
}

type Source = () => Command[]
const sources = shallowReactive(new Set<Source>())

export const provideCommands = (source: Source): void => {
  sources.add(source)
  onScopeDispose(() => sources.delete(source))
}
export const allCommands = (): Command[] => [...sources].flatMap((source) => source())
