import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ListedTag } from '#api/contract/tag.ts'
import { failureCode, type FailureCode } from '../api/http.ts'
import { fetchTags } from '../api/tags.ts'

const FRESH_MS = 60_000

/** All tags that customers may wear: at most some hundred, so they are held as a whole. */
export const useTags = defineStore('tags', () => {
  const tags = shallowRef<ListedTag[]>([])
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const code = ref<FailureCode | null>(null)
  let loadedAt = 0
  let running: Promise<void> | null = null

  const fetchAll = async (): Promise<void> => {
    try {
      tags.value = await fetchTags()
      loadedAt = Date.now()
      state.value = 'ready'
    } catch (error) {
      code.value = failureCode(error)
      state.value = 'failed'
    } finally {
      running = null
    }
  }
  /** Asks again whatever is held. */
  const reload = (): Promise<void> => (running ??= fetchAll())
  const load = (): Promise<void> => (Date.now() - loadedAt < FRESH_MS ? Promise.resolve() : reload())
  return { tags, state, code, load, reload }
})
