import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Staff } from '#api/contract/identity.ts'
import { fetchStaff } from '../api/session.ts'

export type DirectoryPerson = Pick<Staff, 'id' | 'name' | 'avatarUrl' | 'status'> & {
  /** Of those within the reader's data scope. */
  username: string | null
}

const FRESH_MS = 60_000
/** As many as one asking may bring; small houses are known whole by one. */
const PAGE = 200
const NAMED = 100

const inOrder = (a: DirectoryPerson, b: DirectoryPerson): number => a.name.localeCompare(b.name, 'zh-CN') || (a.id < b.id ? -1 : 1)

/**
 * Who works here, for choosing somebody and for naming who was chosen. The first of them are asked for when needed, and again after a minute;
 * in a house of thousands the rest is found by searching.
 */
export const useStaffDirectory = defineStore('staff-directory', () => {
  const people = shallowRef<DirectoryPerson[]>([])
  const state = ref<'idle' | 'loading' | 'ready' | 'failed'>('idle')
  let loadedAt = 0

  const keep = (found: readonly Staff[]): string[] => {
    const byId = new Map(people.value.map((person) => [person.id, person]))
    for (const { reached, ...person } of found) byId.set(person.id, { ...person, username: reached?.username ?? null })
    people.value = [...byId.values()].sort(inOrder)
    return found.map(({ id }) => id)
  }

  const load = async (): Promise<void> => {
    if (state.value === 'loading' || (state.value === 'ready' && Date.now() - loadedAt < FRESH_MS)) return
    state.value = 'loading'
    try {
      keep((await fetchStaff({ status: 'active', limit: PAGE })).data)
      loadedAt = Date.now()
      state.value = 'ready'
    } catch {
      state.value = 'failed'
    }
  }

  /** Those at work whose name, its 拼音 or user name has these words: their ids, once `people` has them. */
  const search = async (words: string): Promise<string[]> => {
    const q = words.trim().slice(0, 60)
    if (q === '') return []
    return keep((await fetchStaff({ q, status: 'active', limit: 50 })).data)
  }

  /** Sees to it that these have names, whether they still work here or not. */
  const name = async (ids: readonly string[]): Promise<void> => {
    await load()
    const known = new Set(people.value.map(({ id }) => id))
    const missing = [...new Set(ids)].filter((id) => !known.has(id)).slice(0, NAMED)
    if (missing.length > 0) keep((await fetchStaff({ ids: missing, limit: NAMED })).data)
  }
  return { people, state, load, search, name }
})
