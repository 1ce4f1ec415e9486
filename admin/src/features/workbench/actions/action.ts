import type { Component } from 'vue'

/** Something that can be done with the conversation on screen: a button of the header, an entry of its menu, of the palette, and a key. */
export interface Action {
  id: string
  title: string
  icon: Component
  /** Pressed while not writing. */
  key?: string
  /** `bar`: a button of its own where there is room; `menu`: behind 更多. */
  place: 'primary' | 'bar' | 'menu'
  /** Set apart from the entry before it. */
  divided?: boolean
  danger?: boolean
  run: () => void
}
