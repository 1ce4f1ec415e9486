import { defineStore } from 'pinia'
import { reactive } from 'vue'
import type { Dictionary, ListedEntry } from '#api/contract/dictionary.ts'
import { fetchDictionary } from '../api/dictionaries.ts'

const FRESH_MS = 60_000
const NONE: ListedEntry[] = []

/** Lists that administrators keep, as far as somebody on this page needed them. */
export const useDictionaries = defineStore('dictionaries', () => {
  const known = reactive(new Map<Dictionary, ListedEntry[]>())
  const failed = reactive(new Set<Dictionary>())
  const asked = new Map<Dictionary, number>()

  const load = async (dictionary: Dictionary): Promise<void> => {
    if (Date.now() - (asked.get(dictionary) ?? 0) < FRESH_MS) return
    asked.set(dictionary, Date.now())
    try {
      known.set(dictionary, await fetchDictionary(dictionary))
      failed.delete(dictionary)
    } catch {
      asked.delete(dictionary)
      failed.add(dictionary)
    }
  }
  const entriesOf = (dictionary: Dictionary): readonly ListedEntry[] => known.get(dictionary) ?? NONE
  const isReady = (dictionary: Dictionary): boolean => known.has(dictionary)
  return { load, entriesOf, isReady, failed }
})
