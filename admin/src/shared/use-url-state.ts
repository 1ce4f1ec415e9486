import { computed, onScopeDispose, ref, watch, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { readUrlState, writeUrlState, type UrlState } from './url-state.ts'

const TYPING_MS = 250

/** Filters that live in the address: a list can be shared, reloaded, and gone back to as it was. */
export const useUrlState = <T extends UrlState>(defaults: T) => {
  const route = useRoute()
  const router = useRouter()
  const own = route.name
  const state: ComputedRef<T> = computed(() => readUrlState(route.query, defaults))
  const set = (patch: Partial<T>): void => {
    if (route.name !== own) return
    void router.replace({ query: writeUrlState({ ...state.value, ...patch }, defaults) })
  }
  const reset = (): void => void router.replace({ query: {} })
  const isDefault = computed(() => Object.keys(writeUrlState(state.value, defaults)).length === 0)
  return { state, set, reset, isDefault }
}

/** Text that is asked for when the reader pauses, not with every key. */
export const useTypedText = (current: () => string, commit: (text: string) => void) => {
  const text = ref(current())
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(current, (next) => {
    if (next !== text.value.trim()) text.value = next
  })
  watch(text, (next) => {
    clearTimeout(timer)
    if (next.trim() !== current()) timer = setTimeout(() => commit(next.trim()), TYPING_MS)
  })
  onScopeDispose(() => clearTimeout(timer))
  return text
}
