/** Who could take something now: everybody online, by team. What a queue waits for is read from it. */
import type { Candidate, Field } from '../../routing/index.ts'
import type { Staffing } from './waiting-reason.ts'

/** Of the whole house, since the general queue is served by all of it. */
export const onlineAgents = (field: Field): Candidate[] => field.candidates.filter(({ status }) => status === 'online')

/** @param teams name and whether it is open, of those the reader reaches */
export function staffingBy(
  online: readonly Candidate[],
  teams: ReadonlyMap<string, { name: string; open: boolean }>,
): (teamId: string | null) => Staffing {
  const known = new Map<string | null, Staffing>()
  const make = (teamId: string | null): Staffing => {
    const team = teamId === null ? undefined : teams.get(teamId)
    const there = online.filter(({ onDuty, teamIds }) => onDuty && (teamId === null || teamIds.has(teamId)))
    return {
      name: team?.name ?? null,
      open: team?.open ?? true,
      agents: there,
    }
  }
  return (teamId) => {
    const staffing = known.get(teamId) ?? make(teamId)
    known.set(teamId, staffing)
    return staffing
  }
}
