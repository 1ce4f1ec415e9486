import { defineAsyncComponent, type Component } from 'vue'
import type { ComposerPicker } from '../../../shared/composer-picker.ts'

/** Found on disk, so that a feature can be chosen from while writing without the workbench knowing it. */
const found = import.meta.glob<ComposerPicker>('../../*/composer-picker.ts', { eager: true, import: 'default' })

export const PICKERS: readonly { picker: ComposerPicker; component: Component }[] = Object.values(found)
  .toSorted((a, b) => a.order - b.order)
  .map((picker) => ({ picker, component: defineAsyncComponent(picker.component) }))
