import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import type { Transfer } from '#api/contract/transfer.ts'
import { fetchMyOffers } from '../api/transfers.ts'
import { isNewer } from './conversation-lists.ts'
import { useSession } from './session.ts'

/** Conversations that colleagues offer to me and that wait for my answer. */
export const useOffers = defineStore('offers', () => {
  const session = useSession()
  const known = shallowReactive(new Map<string, Transfer>())

  const receive = (transfer: Transfer): void => {
    if (isNewer(known.get(transfer.id), transfer)) known.set(transfer.id, transfer)
  }
  const waiting = computed(() =>
    [...known.values()]
      .filter(({ state, to }) => state === 'offered' && to.kind === 'agent' && to.id === session.meId)
      .toSorted((a, b) => a.offeredAt.localeCompare(b.offeredAt)),
  )
  /** After a reconnect: what was decided meanwhile is no longer among the answers. */
  const refresh = async (): Promise<void> => {
    const running = await fetchMyOffers().catch(() => null)
    if (running === null) return
    const ids = new Set(running.map(({ id }) => id))
    for (const id of known.keys()) if (!ids.has(id)) known.delete(id)
    running.forEach(receive)
  }
  return { waiting, receive, refresh }
})
