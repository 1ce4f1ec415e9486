import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Notification } from '#api/contract/notification.ts'
import { fetchNotifications, readAllNotifications, readNotification } from '../api/notifications.ts'

const KEPT = 20

/** The newest of what I was told, and how much of all is unread; the page of all of them has its own list. */
export const useNotifications = defineStore('notifications', () => {
  const recent = shallowRef<Notification[]>([])
  const unread = ref(0)
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  /** Grows with every change, so that a list elsewhere knows to look again. */
  const changes = ref(0)

  const refresh = async (): Promise<void> => {
    try {
      const page = await fetchNotifications({ limit: KEPT })
      recent.value = page.data
      unread.value = page.unread
      state.value = 'ready'
      changes.value += 1
    } catch {
      state.value = state.value === 'ready' ? 'ready' : 'failed'
    }
  }
  /** @returns whether it is new */
  const receive = (notification: Notification, total: number): boolean => {
    if (recent.value.some((known) => known.id === notification.id)) return false
    recent.value = [notification, ...recent.value].slice(0, KEPT)
    unread.value = total
    changes.value += 1
    return true
  }
  const applyRead = (ids: readonly string[] | null, total: number): void => {
    const readAt = new Date().toISOString()
    recent.value = recent.value.map((known) =>
      known.readAt === null && (ids === null || ids.includes(known.id)) ? { ...known, readAt } : known,
    )
    unread.value = total
    changes.value += 1
  }
  const read = async ({ id, readAt }: Notification): Promise<void> => {
    if (readAt !== null) return
    applyRead([id], (await readNotification(id)).unread)
  }
  /** Up to the newest that was on screen: what arrives meanwhile stays unread, and is fetched. */
  const readAll = async (newest: Notification): Promise<void> => {
    await readAllNotifications(newest.id)
    await refresh()
  }
  return { recent, unread, state, changes, refresh, receive, applyRead, read, readAll }
})
