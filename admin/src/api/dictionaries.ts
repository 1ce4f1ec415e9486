import type { Dictionary, ListedEntry } from '#api/contract/dictionary.ts'
import { http } from './http.ts'

/** All entries in their order, also disabled ones: old rows still show them. */
export const fetchDictionary = (dictionary: Dictionary): Promise<ListedEntry[]> =>
  http.get(`/dictionaries/${encodeURIComponent(dictionary)}`, { all: 'true' })
