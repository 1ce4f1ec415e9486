import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Staff } from '#api/contract/identity.ts'
import { fetchStaff } from '../api/session.ts'

export type DirectoryPerson = Pick<Staff, 'id' | 'name' | 'avatarUrl' | 'status'> & {
  /** Of those within the reader's data scope. */
  username: string | null
}

const FRESH_MS = 60_000

/** Who works here, for choosing somebody. Asked for when first needed, and again after a minute. */
export const useStaffDirectory = defineStore('staff-directory', () => {
  const people = shallowRef<DirectoryPerson[]>([])
  const state = ref<'idle' | 'loading' | 'ready' | 'failed'>('idle')
  let loadedAt = 0

  const load = async (): Promise<void> => {
    if (state.value === 'loading' || (state.value === 'ready' && Date.now() - loadedAt < FRESH_MS)) return
    state.value = 'loading'
    try {
      people.value = (await fetchStaff()).map(({ reached, ...person }) => ({ ...person, username: reached?.username ?? null }))
      loadedAt = Date.now()
      state.value = 'ready'
    } catch {
      state.value = 'failed'
    }
  }
  return { people, state, load }
})
