import { ref, shallowRef } from 'vue'
import type { Team } from '#api/contract/team.ts'
import { fetchTeams } from '../../../api/teams.ts'

export type TeamChoice = Pick<Team, 'id' | 'name'>

const FRESH_MS = 60_000
const teams = shallowRef<TeamChoice[]>([])
const failed = ref(false)
let loadedAt = 0

/** Teams that the reader may see, for choosing one; held for a minute. */
export const useTeams = () => {
  const load = async (): Promise<void> => {
    if (Date.now() - loadedAt < FRESH_MS) return
    try {
      teams.value = (await fetchTeams({ limit: 100 })).data
      loadedAt = Date.now()
      failed.value = false
    } catch {
      failed.value = true
    }
  }
  void load()
  return { teams, failed, load }
}
