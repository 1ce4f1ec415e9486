import { computed, ref, shallowRef } from 'vue'
import type { TicketType } from '#api/contract/ticket-type.ts'
import { failureCode, type FailureCode } from '../../../api/http.ts'
import { fetchTicketTypes } from '../../../api/tickets.ts'

const FRESH_MS = 60_000
const types = shallowRef<TicketType[]>([])
const failed = ref<FailureCode | null>(null)
let loadedAt = 0

/** Types in use, for choosing one; held for a minute. */
export const useTicketTypes = () => {
  const load = async (): Promise<void> => {
    if (Date.now() - loadedAt < FRESH_MS) return
    try {
      types.value = await fetchTicketTypes()
      loadedAt = Date.now()
      failed.value = null
    } catch (error) {
      failed.value = failureCode(error)
    }
  }
  void load()
  const byId = computed(() => new Map(types.value.map((type) => [type.id, type])))
  return { types, byId, failed, load }
}
