import { onMounted } from 'vue'
import { useI18n } from 'vue-i18n'
import { fetchChannelAccounts } from '../../../api/channels.ts'
import { fetchTeams } from '../../../api/teams.ts'
import { useCan } from '../../../shared/use-can.ts'
import { useResource } from '../../../shared/use-resource.ts'

/** How a conversation can end with somebody having served; the order of the list. */
export const ASKED_REASONS = ['resolved', 'no_reply', 'idle', 'customer', 'other'] as const

/** What rules can name, with the words for what they name already. */
export const useRuleChoices = () => {
  const { t, te } = useI18n()
  const [seesChannels, seesTeams] = [useCan('channels.read'), useCan('teams.read')]
  const channels = useResource(async () => (await fetchChannelAccounts()).data)
  const teams = useResource(async () => (await fetchTeams({ limit: 100 })).data)
  const nameIn = (rows: readonly { id: string; name: string }[] | null, id: string): string =>
    rows === null ? '…' : (rows.find((row) => row.id === id)?.name ?? t('ratings.rules.gone'))
  onMounted(() => {
    if (seesChannels.value) void channels.load()
    if (seesTeams.value) void teams.load()
  })
  return {
    channels: channels.value,
    teams: teams.value,
    reason: (code: string): string => (te(`closeReason.${code}`) ? t(`closeReason.${code}`) : t('closeReason.other')),
    channel: (id: string): string => nameIn(channels.value.value, id),
    team: (id: string): string => nameIn(teams.value.value, id),
  }
}
export type RuleChoices = ReturnType<typeof useRuleChoices>
