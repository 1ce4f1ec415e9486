import { computed, onMounted } from 'vue'
import { fetchCalendars } from '../../../api/calendars.ts'
import { fetchTags } from '../../../api/tags.ts'
import { fetchTeams } from '../../../api/teams.ts'
import { fetchTicketTypes } from '../../../api/tickets.ts'
import { useResource } from '../../../shared/use-resource.ts'
import { useWords } from '../../../shared/use-words.ts'

/** What a promise may name, and the names of what it names. */
export const useSlaChoices = () => {
  const { locale, channelKind } = useWords()
  const types = useResource(fetchTicketTypes)
  const tags = useResource(fetchTags)
  const teams = useResource(() => fetchTeams({ status: 'active', limit: 100 }))
  const calendars = useResource(() => fetchCalendars())
  const typeChoices = computed(() =>
    (types.value.value ?? []).map(({ id, nameZh, nameEn }) => ({ id, name: locale.value === 'en' ? nameEn : nameZh })),
  )
  const tagChoices = computed(() => tags.value.value ?? [])
  const teamChoices = computed(() => teams.value.value?.data ?? [])
  const calendarChoices = computed(() => calendars.value.value?.data ?? [])
  const named = (list: readonly { id: string; name: string }[], ids: readonly string[]): string =>
    ids.map((id) => list.find((each) => each.id === id)?.name ?? '…').join('、')
  onMounted(() => [types, tags, teams, calendars].forEach(({ load }) => void load()))
  return { typeChoices, tagChoices, teamChoices, calendarChoices, named, channelKind }
}
