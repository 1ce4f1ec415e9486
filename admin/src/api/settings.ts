import type { z } from 'zod'
import type { Dictionary, DictionaryEntry, ListedEntry, dictionaryEntryCreate, dictionaryEntryPatch } from '#api/contract/dictionary.ts'
import type { CompanySettings, PrivacyText, companySettingsPatch, privacyTextPublish } from '#api/contract/settings.ts'
import { http } from './http.ts'

export type EntryCreate = z.input<typeof dictionaryEntryCreate>
export type EntryPatch = z.input<typeof dictionaryEntryPatch>

const list = (dictionary: Dictionary) => `/dictionaries/${encodeURIComponent(dictionary)}`
const at = (entry: { dictionary: Dictionary; id: string }) => `${list(entry.dictionary)}/${encodeURIComponent(entry.id)}`

/** With how often each is in use. */
export const fetchKeptDictionary = (dictionary: Dictionary): Promise<ListedEntry[]> =>
  http.get(list(dictionary), { all: 'true', uses: 'true' })
export const createEntry = (dictionary: Dictionary, body: EntryCreate): Promise<DictionaryEntry> => http.post(list(dictionary), body)
export const patchEntry = (entry: DictionaryEntry, patch: Omit<EntryPatch, 'version'>): Promise<DictionaryEntry> =>
  http.patch(at(entry), { ...patch, version: entry.version })
export const moveEntry = (entry: DictionaryEntry, before: string | null): Promise<DictionaryEntry> =>
  http.post(`${at(entry)}/move`, { before, version: entry.version })
export const removeEntry = (entry: DictionaryEntry): Promise<null> => http.delete(at(entry), { version: entry.version })

export const fetchCompany = (): Promise<CompanySettings> => http.get('/settings/company')
export const patchCompany = (patch: z.input<typeof companySettingsPatch>): Promise<CompanySettings> =>
  http.patch('/settings/company', patch)
export const fetchPrivacyTexts = (): Promise<PrivacyText[]> => http.get('/settings/privacy-texts')
export const publishPrivacyText = (text: z.input<typeof privacyTextPublish>): Promise<CompanySettings> =>
  http.post('/settings/privacy-texts', text)
