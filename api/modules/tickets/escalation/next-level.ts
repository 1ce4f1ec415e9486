/** Which level a ticket rises to (BP-006.8): only upwards, and never back to whom it has been with. Pure. */
import type { LevelRow } from './levels.ts'

export interface Path {
  /** Where it is. */
  level: number
  teamId: string | null
  assigneeId: string | null
  /** Teams and people it was taken from by earlier escalations. */
  pastTeamIds: readonly string[]
  pastAssigneeIds: readonly string[]
}

export type Refusal = 'escalation_loop' | 'escalation_unavailable'

/** Null: it may rise there. */
export function refusalOf(target: LevelRow, path: Path): Refusal | null {
  if (target.level <= path.level) return 'escalation_loop'
  const person = target.account_active ? target.account_id : null
  const team = target.team_active ? target.team_id : null
  if (person === null && team === null) return 'escalation_unavailable'
  if (person !== null) return person === path.assigneeId || path.pastAssigneeIds.includes(person) ? 'escalation_loop' : null
  return team !== null && (team === path.teamId || path.pastTeamIds.includes(team)) ? 'escalation_loop' : null
}

/**
 * @param wanted by hand: this level or none; null: the first above that can take it
 * @param atLeast by rule: this level, else the first above it that can take it
 */
export function nextLevel(
  levels: readonly LevelRow[],
  path: Path,
  { wanted = null, atLeast = 0 }: { wanted?: number | null; atLeast?: number },
): { target: LevelRow } | { refusal: Refusal } {
  if (wanted !== null) {
    const target = levels.find(({ level }) => level === wanted)
    const refusal = target ? refusalOf(target, path) : 'escalation_unavailable'
    return target && refusal === null ? { target } : { refusal: refusal ?? 'escalation_unavailable' }
  }
  const above = levels.filter(({ level }) => level > path.level && level >= atLeast)
  const target = above.find((level) => refusalOf(level, path) === null)
  return target ? { target } : { refusal: above.length > 0 ? 'escalation_loop' : 'escalation_unavailable' }
}
