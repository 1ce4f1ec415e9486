import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Dictionary, ListedEntry } from '#api/contract/dictionary.ts'
import { useDictionaries } from '../stores/dictionaries.ts'
import { labelIn } from './label-in.ts'

/** One list that administrators keep: what may be chosen, and the words of whatever an old row still names. */
export const useDictionary = (dictionary: Dictionary) => {
  const store = useDictionaries()
  const { locale } = useI18n()
  void store.load(dictionary)
  const all: ComputedRef<readonly ListedEntry[]> = computed(() => store.entriesOf(dictionary))
  const usable = computed(() => all.value.filter((entry) => !entry.disabled))
  const byId = computed(() => new Map(all.value.map((entry) => [entry.id, entry])))
  const words = (entry: { labelZh: string; labelEn: string }): string => labelIn(entry, locale.value)
  const labelOf = (id: string | null): string => {
    const entry = id === null ? undefined : byId.value.get(id)
    return entry === undefined ? '' : words(entry)
  }
  return { all, usable, byId, words, labelOf, ready: computed(() => store.isReady(dictionary)) }
}
