import { computed, shallowRef, watch, type Ref } from 'vue'
import type { Roster } from '#api/contract/team.ts'
import { fetchRoster, putRoster } from '../../../api/shifts.ts'
import { useResource } from '../../../shared/use-resource.ts'
import { useSave } from '../../../shared/use-save.ts'
import { useWords } from '../../../shared/use-words.ts'
import { rebasedDraft, withCell, type Draft, type PlannedCell } from './roster-draft.ts'

/** One week of one team: as it is stored, and as the planner would have it. */
export const useRoster = (teamId: string, week: Ref<string>) => {
  const { t } = useWords()
  const { value: roster, failed, loading, load } = useResource(() => fetchRoster(teamId, week.value))
  const draft = shallowRef<Draft>(new Map())
  const { busy, save: saved } = useSave({ stale: () => void load() })

  const setCell = (cell: PlannedCell): void => {
    if (roster.value !== null) draft.value = withCell(roster.value, draft.value, cell)
  }
  const discard = (): void => void (draft.value = new Map())
  const take = (next: Roster): void => void (roster.value = next)
  const save = async (): Promise<void> => {
    const now = roster.value
    if (now === null || draft.value.size === 0) return
    const body = { cells: [...draft.value.values()], version: now.version }
    const result = await saved(() => putRoster(teamId, now.week, body), t('teams.shift.saved'))
    if (result === null) return
    discard()
    take(result.value)
  }
  watch(roster, (now) => {
    if (now !== null) draft.value = rebasedDraft(now, draft.value)
  })
  watch(week, () => {
    discard()
    roster.value = null
    void load()
  })
  return { roster, failed, loading, load, draft, changes: computed(() => draft.value.size), busy, setCell, discard, take, save }
}
