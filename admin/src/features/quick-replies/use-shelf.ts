import { computed, onMounted, type ComputedRef } from 'vue'
import type { QuickReplyScope } from '#api/contract/quick-reply.ts'
import type { Shelf } from '../../api/quick-replies.ts'
import { fetchTeams } from '../../api/teams.ts'
import { useCan } from '../../shared/use-can.ts'
import { useResource } from '../../shared/use-resource.ts'

export const SCOPES: readonly QuickReplyScope[] = ['global', 'team', 'personal']

/** Whose replies are on screen, and whether the reader may change them. Null: a team is still to be chosen. */
export const useShelf = (scope: ComputedRef<QuickReplyScope>, chosenTeam: () => string) => {
  const found = useResource(() => fetchTeams())
  const global = useCan('quick_replies.manage_global')
  const team = useCan('quick_replies.manage_team')
  const teams = computed(() => (found.value.value?.data ?? []).filter(({ status }) => status === 'active'))
  const shelf = computed<Shelf | null>(() => {
    if (scope.value !== 'team') return { scope: scope.value }
    const teamId = teams.value.find(({ id }) => id === chosenTeam())?.id ?? teams.value[0]?.id
    return teamId === undefined ? null : { scope: 'team', teamId }
  })
  const mayChange = computed(() => ({ global: global.value, team: team.value, personal: true })[scope.value])
  onMounted(found.load)
  return { teams, teamsReady: computed(() => found.value.value !== null), shelf, mayChange }
}
