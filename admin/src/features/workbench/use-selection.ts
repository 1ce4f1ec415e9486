import { computed, onScopeDispose, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { isApiError, type FailureCode } from '../../api/http.ts'
import { useRealtime } from '../../realtime/realtime.ts'
import { useConversations } from '../../stores/conversations.ts'
import { useDrafts } from '../../stores/drafts.ts'
import { useTimelines } from '../../stores/timelines.ts'

/** The conversation in the address: loaded, watched on the socket, and left again. */
export const useSelection = () => {
  const route = useRoute()
  const router = useRouter()
  const conversations = useConversations()
  const timelines = useTimelines()
  const realtime = useRealtime()
  const drafts = useDrafts()
  const missing = ref(false)
  const failed = ref<FailureCode | null>(null)
  const loading = ref(false)

  const selectedId = computed(() => {
    const { id } = route.params
    return route.name === 'workbench' && typeof id === 'string' && id !== '' ? id : null
  })
  /** `?seq=`: the message to show, from a search or a notice. */
  const focusSeq = computed(() => {
    const seq = Number(route.query['seq'])
    return Number.isSafeInteger(seq) && seq > 0 ? seq : null
  })
  const conversation = computed(() => (selectedId.value === null ? undefined : conversations.byId.get(selectedId.value)))
  const extras = computed(() => (selectedId.value === null ? undefined : conversations.extras.get(selectedId.value)))

  const load = async (id: string): Promise<void> => {
    missing.value = false
    failed.value = null
    loading.value = true
    try {
      const opening = focusSeq.value === null ? timelines.open(id) : timelines.openAt(id, focusSeq.value)
      await Promise.all([conversations.loadDetail(id), opening])
    } catch (error) {
      if (selectedId.value !== id) return
      missing.value = isApiError(error) && error.status === 404
      failed.value = missing.value ? null : isApiError(error) ? error.code : 'internal'
    } finally {
      if (selectedId.value === id) loading.value = false
    }
  }
  const select = (id: string): void => void router.push({ name: 'workbench', params: { id } })
  /** Back to the list, where there is no room for both. */
  const leave = (): void => void router.push({ name: 'workbench', params: { id: '' } })
  const reload = (): void => {
    if (selectedId.value !== null) void load(selectedId.value)
  }

  watch(
    selectedId,
    (id) => {
      drafts.flush()
      realtime.watchConversation(id)
      if (id !== null) void load(id)
    },
    { immediate: true },
  )
  watch(focusSeq, (seq) => {
    if (seq !== null && selectedId.value !== null) void timelines.openAt(selectedId.value, seq)
  })
  onScopeDispose(() => {
    drafts.flush()
    realtime.watchConversation(null)
  })
  /** Transferred away while it was on screen. */
  const gone = computed(() => selectedId.value !== null && conversation.value === undefined && !loading.value && failed.value === null)
  return { selectedId, focusSeq, conversation, extras, loading, gone, failed, select, leave, reload }
}
