/** How screens were left follows the person from device to device: the account keeps it, the browser has a copy to start from. */
import { patchMe } from '../api/session.ts'
import { writeStored } from '../shared/browser-storage.ts'

/** A lost write costs nothing but the memory of a fold: this browser still has it. */
export const keepLayout = (key: string, value: string | null): void => {
  writeStored(key, value)
  void patchMe({ preferences: { layout: { [key]: value } } }).catch(() => undefined)
}

/** What was kept elsewhere, before the screens of this one look for it. */
export const restoreLayout = (layout: Readonly<Record<string, unknown>>): void => {
  for (const [key, value] of Object.entries(layout)) if (typeof value === 'string') writeStored(key, value)
}
