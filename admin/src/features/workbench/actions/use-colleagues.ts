import { onMounted, ref, watch } from 'vue'
import type { TransferCandidates } from '#api/contract/transfer.ts'
import { failureCode, type FailureCode } from '../../../api/http.ts'
import { fetchColleagues } from '../../../api/transfers.ts'

const ASK_AFTER_MS = 200

/** Whom a conversation could be given to, with why not; asked again as one types, a late answer to an earlier word is dropped. */
export const useColleagues = (conversationId: () => string) => {
  const query = ref('')
  const found = ref<TransferCandidates>({ people: [], teams: [] })
  const failed = ref<FailureCode | null>(null)
  const loading = ref(true)
  let timer: ReturnType<typeof setTimeout> | undefined
  let question = 0

  const load = async (): Promise<void> => {
    const mine = (question += 1)
    loading.value = true
    try {
      const answer = await fetchColleagues(conversationId(), query.value.trim())
      if (mine !== question) return
      found.value = answer
      failed.value = null
    } catch (error) {
      if (mine === question) failed.value = failureCode(error)
    } finally {
      if (mine === question) loading.value = false
    }
  }
  watch(query, () => {
    clearTimeout(timer)
    timer = setTimeout(() => void load(), ASK_AFTER_MS)
  })
  onMounted(load)
  return { query, found, failed, loading, load }
}
