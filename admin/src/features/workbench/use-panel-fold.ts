import { reactive, ref } from 'vue'
import { readStored, readStoredJson, writeStored } from '../../shared/browser-storage.ts'

const open = ref(readStored('panels.open') !== 'no')
const folded = reactive(new Set<string>(readStoredJson<string[]>('panels.folded', [])))

/** Which panels are folded, and whether the side is shown at all: kept in this browser. */
export const usePanelFold = () => {
  const toggleSide = (): void => {
    open.value = !open.value
    writeStored('panels.open', open.value ? null : 'no')
  }
  const toggle = (id: string): void => {
    if (!folded.delete(id)) folded.add(id)
    writeStored('panels.folded', JSON.stringify([...folded]))
  }
  return { open, folded, toggleSide, toggle }
}
