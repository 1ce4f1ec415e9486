import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { Me, Permission, Preferences, Presence, PresenceStatus } from '#api/contract/identity.ts'
import * as api from '../api/session.ts'
import { isNewer } from './conversation-lists.ts'
import { restoreLayout } from './kept-layout.ts'

/** Who is signed in. `me` is null before the first answer and after signing out; `known` tells the two apart. */
export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  const known = ref(false)
  const expired = ref(false)
  const previousId = ref('')
  const meId = computed(() => me.value?.id ?? '')

  const adopt = (next: Me | null): void => {
    me.value = next
    known.value = true
    if (next === null) return
    restoreLayout(next.preferences.layout)
    expired.value = false
    previousId.value = next.id
  }

  /** Throws only when the server could not be asked at all. */
  const load = async (): Promise<void> => {
    adopt(await api.fetchMe())
  }

  /** True when somebody else was signed in on this page before: what it holds in memory is not his. */
  const enter = (next: Me): boolean => {
    const foreign = previousId.value !== '' && previousId.value !== next.id
    adopt(next)
    return foreign
  }

  const logout = async (): Promise<void> => {
    await api.logout().catch(() => null)
    adopt(null)
  }

  /** The server no longer knows us. False when nobody was signed in anyway. */
  const expire = (): boolean => {
    if (me.value === null) return false
    expired.value = true
    adopt(null)
    return true
  }

  const applyPresence = (presence: Presence): void => {
    if (me.value === null || presence.accountId !== me.value.id || !isNewer(me.value.presence, presence)) return
    me.value = { ...me.value, presence }
  }

  const setPresence = async (status: PresenceStatus, reason?: string): Promise<void> =>
    applyPresence(await api.putPresence(reason === undefined ? { status } : { status, reason }))

  const savePreferences = async (preferences: Partial<Preferences>): Promise<void> => {
    if (me.value === null) return
    me.value = { ...me.value, preferences: { ...me.value.preferences, ...preferences } }
    adopt(await api.patchMe({ preferences }))
  }

  const can = (permission: Permission): boolean => me.value?.permissions.includes(permission) ?? false

  return { me, meId, known, expired, load, enter, logout, expire, adopt, applyPresence, setPresence, savePreferences, can }
})
