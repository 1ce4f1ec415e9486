import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { QuickReplySuggestion } from '#api/contract/quick-reply.ts'
import { suggestQuickReplies } from '../../api/quick-replies.ts'

/** Letters that follow one another quickly are one question. */
const TYPING_MS = 60

/** What fits the query, asked for as one types; a late answer to an earlier question is dropped, the old list stays until the new one is here. */
export const useSuggestions = (query: () => string) => {
  const replies = shallowRef<QuickReplySuggestion[]>([])
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempt = 0
  /** The query that the list answers: Enter before the answer must not take what belonged to another question. */
  const answered = ref<string | null>(null)

  const ask = async (): Promise<void> => {
    const mine = (attempt += 1)
    const asked = query()
    try {
      const found = await suggestQuickReplies(asked)
      if (mine !== attempt) return
      replies.value = found
      answered.value = asked
      state.value = 'ready'
    } catch {
      if (mine === attempt) state.value = 'failed'
    }
  }
  watch(
    query,
    (_, before) => {
      clearTimeout(timer)
      if (before === undefined) void ask()
      else timer = setTimeout(() => void ask(), TYPING_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    attempt += 1
  })
  return { replies, state, answered, ask }
}
