import { ref, shallowRef } from 'vue'
import type { MessageHit } from '#api/contract/search.ts'
import { failureCode, type FailureCode } from '../../api/http.ts'
import { searchMessages, type MessageSearch } from '../../api/search.ts'

/**
 * Hits, newest first. The server looks back as far as is quick and says how far that was; with few hits and older messages left the next
 * stretch is asked for at once, a few times, so that nobody clicks through empty pages.
 */
const STRETCHES = 4
const ENOUGH = 10

export const useMessageSearch = () => {
  const hits = shallowRef<MessageHit[]>([])
  const state = ref<'idle' | 'loading' | 'ready' | 'failed'>('idle')
  const code = ref<FailureCode | null>(null)
  const searchedTo = ref<string | null>(null)
  const cursor = ref<string | null>(null)
  let attempt = 0

  const run = async (query: Omit<MessageSearch, 'cursor'>, from: string | undefined): Promise<void> => {
    const mine = (attempt += 1)
    state.value = 'loading'
    let next = from
    try {
      const before = from === undefined ? 0 : hits.value.length
      for (let stretch = 0; stretch < STRETCHES; stretch++) {
        const page = await searchMessages({ ...query, cursor: next })
        if (mine !== attempt) return
        hits.value = next === undefined ? page.data : [...hits.value, ...page.data]
        cursor.value = page.nextCursor
        searchedTo.value = page.searchedTo
        next = page.nextCursor ?? undefined
        if (next === undefined || hits.value.length - before >= ENOUGH) break
      }
      state.value = 'ready'
    } catch (error) {
      if (mine !== attempt) return
      code.value = failureCode(error)
      state.value = 'failed'
    }
  }
  const clear = (): void => {
    attempt += 1
    hits.value = []
    cursor.value = null
    state.value = 'idle'
  }
  return {
    hits,
    state,
    code,
    searchedTo,
    cursor,
    clear,
    search: (query: Omit<MessageSearch, 'cursor'>) => run(query, undefined),
    more: (query: Omit<MessageSearch, 'cursor'>) => run(query, cursor.value ?? undefined),
  }
}
