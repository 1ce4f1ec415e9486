import { computed, shallowRef, type ComputedRef } from 'vue'
import type { SegmentChoices } from '#api/contract/segment.ts'
import { fetchInstitution, fetchInstitutions } from '../../../api/institutions.ts'
import { fetchSegments } from '../../../api/segments.ts'
import { fetchTeams } from '../../../api/teams.ts'
import { labelIn } from '../../../shared/label-in.ts'
import { usePeople } from '../../../shared/use-people.ts'
import { useWords } from '../../../shared/use-words.ts'
import { useDictionaries } from '../../../stores/dictionaries.ts'
import { useTags } from '../../../stores/tags.ts'

export interface ChoiceOption {
  value: string
  label: string
  color?: string
}
const CHANNEL_KINDS = ['wechat-official', 'wecom', 'wecom-kf', 'wechaty', 'web'] as const

/** What can be chosen for a field, from wherever it comes. Institutions and colleagues are searched on the server, everything else is held as a whole. */
export const useChoices = (choices: () => SegmentChoices, chosen: () => readonly string[]) => {
  const { locale, channelKind } = useWords()
  const dictionaries = useDictionaries()
  const people = usePeople(chosen, () => choices().from === 'staff')
  const tags = useTags()
  const fetched = shallowRef<ChoiceOption[]>([])

  const named = (rows: readonly { id: string; name: string }[]): ChoiceOption[] => rows.map(({ id, name }) => ({ value: id, label: name }))
  const options: ComputedRef<ChoiceOption[]> = computed(() => {
    const given = choices()
    switch (given.from) {
      case 'list':
        return given.values.map((one) => ({ value: one.value, label: labelIn(one, locale.value) }))
      case 'dictionary':
        return dictionaries.entriesOf(given.dictionary).map((one) => ({ value: one.id, label: labelIn(one, locale.value) }))
      case 'tags':
        return tags.tags.map(({ id, name, color }) => ({ value: id, label: name, color }))
      case 'staff':
        return named(people.options.value)
      case 'channel_kinds':
        return CHANNEL_KINDS.map((kind) => ({ value: kind, label: channelKind(kind) }))
      case 'institutions':
      case 'segments':
      case 'teams':
        return fetched.value
    }
  })

  const searchInstitutions = async (q: string, keep: readonly string[]): Promise<void> => {
    const page = await fetchInstitutions({ q: q.trim() === '' ? undefined : q.trim(), limit: 20 })
    const kept = fetched.value.filter(({ value }) => keep.includes(value) && !page.data.some(({ id }) => id === value))
    fetched.value = [...kept, ...named(page.data)]
  }
  /** What is chosen has a name, also when no search has found it yet. */
  const nameInstitutions = async (ids: readonly string[]): Promise<void> => {
    const missing = ids.filter((id) => !fetched.value.some(({ value }) => value === id))
    const found = await Promise.all(missing.map((id) => fetchInstitution(id).catch(() => null)))
    fetched.value = [...fetched.value, ...named(found.filter((one) => one !== null))]
  }

  const search = async (q: string): Promise<void> => (choices().from === 'staff' ? people.search(q) : searchInstitutions(q, chosen()))
  const load = async (): Promise<void> => {
    const given = choices()
    if (given.from === 'dictionary') return dictionaries.load(given.dictionary)
    if (given.from === 'tags') return tags.load()
    if (given.from === 'segments') fetched.value = named((await fetchSegments()).data)
    if (given.from === 'teams') fetched.value = named((await fetchTeams()).data)
    if (given.from === 'institutions') {
      await searchInstitutions('', chosen())
      await nameInstitutions(chosen())
    }
  }
  return { options, load, search }
}
