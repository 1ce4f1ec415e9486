import { reactive, ref } from 'vue'

/** Messages chosen to become a conversation of their own. One at a time is on screen, so there is one choice. */
const choosing = ref(false)
const seqs = reactive(new Set<number>())

export const useSplit = () => {
  const start = (): void => {
    seqs.clear()
    choosing.value = true
  }
  const stop = (): void => {
    seqs.clear()
    choosing.value = false
  }
  const toggle = (seq: number): void => {
    if (!seqs.delete(seq)) seqs.add(seq)
  }
  return { choosing, seqs, start, stop, toggle }
}
