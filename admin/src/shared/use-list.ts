import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { failureCode, type FailureCode, type Page } from '../api/http.ts'

export interface List<T> {
  rows: ShallowRef<T[]>
  state: Ref<'loading' | 'ready' | 'failed'>
  code: Ref<FailureCode | null>
  hasMore: Ref<boolean>
  /** From the first page; rows stay on screen until the answer is here. */
  reload: () => Promise<void>
  more: () => Promise<void>
  replace: (row: T) => void
}

/** A list that is paged by cursor. A late answer to an earlier question is dropped. */
export const useList = <T extends { id: string }>(fetchPage: (cursor: string | undefined) => Promise<Page<T>>): List<T> => {
  const rows = shallowRef<T[]>([])
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const code = ref<FailureCode | null>(null)
  const hasMore = ref(false)
  let cursor: string | undefined
  let attempt = 0

  const run = async (from: string | undefined): Promise<void> => {
    const mine = (attempt += 1)
    state.value = 'loading'
    try {
      const page = await fetchPage(from)
      if (mine !== attempt) return
      rows.value = from === undefined ? page.data : [...rows.value, ...page.data]
      cursor = page.nextCursor ?? undefined
      hasMore.value = page.nextCursor !== null
      state.value = 'ready'
    } catch (error) {
      if (mine !== attempt) return
      code.value = failureCode(error)
      state.value = 'failed'
    }
  }
  const replace = (row: T): void => {
    rows.value = rows.value.map((known) => (known.id === row.id ? row : known))
  }
  return {
    rows,
    state,
    code,
    hasMore,
    reload: () => run(undefined),
    more: () => (cursor === undefined ? Promise.resolve() : run(cursor)),
    replace,
  }
}
