import { computed, reactive, ref } from 'vue'
import { readStored, readStoredJson } from '../../shared/browser-storage.ts'
import { keepLayout } from '../../stores/kept-layout.ts'
import { useViewport } from '../../shared/use-viewport.ts'

const beside = ref(readStored('panels.open') !== 'no')
/** Where the panels lie over the conversation they are opened for a look, which is not remembered. */
const over = ref(false)
const folded = reactive(new Set<string>(readStoredJson<string[]>('panels.folded', [])))

/** Which panels are folded, and whether the side is shown at all: kept with the account. */
export const usePanelFold = () => {
  const { narrow: covering } = useViewport()
  const open = computed(() => (covering.value ? over.value : beside.value))
  const toggleSide = (): void => {
    if (covering.value) return void (over.value = !over.value)
    beside.value = !beside.value
    keepLayout('panels.open', beside.value ? 'yes' : 'no')
  }
  const toggle = (id: string): void => {
    if (!folded.delete(id)) folded.add(id)
    keepLayout('panels.folded', JSON.stringify([...folded]))
  }
  return { open, covering, folded, toggleSide, toggle }
}
