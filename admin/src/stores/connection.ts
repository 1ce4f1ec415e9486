import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

/** Short losses heal unseen; only a longer one is worth an agent's attention. */
const BANNER_AFTER_MS = 5000

export const useConnection = defineStore('connection', () => {
  const online = ref(false)
  const everOnline = ref(false)
  const lostForLong = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  const setOnline = (next: boolean): void => {
    if (next === online.value && timer !== undefined) return
    online.value = next
    clearTimeout(timer)
    timer = undefined
    if (next) {
      everOnline.value = true
      lostForLong.value = false
    } else {
      timer = setTimeout(() => (lostForLong.value = true), BANNER_AFTER_MS)
    }
  }

  const stop = (): void => {
    clearTimeout(timer)
    timer = undefined
    online.value = false
    lostForLong.value = false
  }

  const banner = computed(() => lostForLong.value)
  return { online, everOnline, banner, setOnline, stop }
})
