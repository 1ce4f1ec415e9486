import type { AssignmentTarget, BoardAgent, BoardConversation } from '#api/contract/supervision.ts'
import { PRESENCE_ORDER } from '../../shared/presence-order.ts'

export interface AssignForm {
  kind: AssignmentTarget['kind']
  accountId: string | null
  teamId: string | null
}

/** Null while nothing is chosen. */
export const targetOf = ({ kind, accountId, teamId }: AssignForm): AssignmentTarget | null => {
  if (kind === 'policy') return { kind }
  if (kind === 'agent') return accountId === null ? null : { kind, accountId }
  return teamId === null ? null : { kind, teamId }
}

/** What the supervisor saw when he chose them. */
export const itemsOf = (rows: readonly BoardConversation[]) =>
  rows.map(({ id, assignee, team }) => ({ id, seen: { assigneeId: assignee?.id ?? null, teamId: team?.id ?? null } }))

const room = ({ load, capacity }: BoardAgent): number => capacity - load
const skillsMet = (agent: BoardAgent, skillIds: readonly string[]): number =>
  skillIds.filter((id) => agent.skills.some((skill) => skill.id === id)).length

/** Who should be asked first: there, with the skills that are asked for, with room (BP-012.4). */
export const agentsInOrder = (agents: readonly BoardAgent[], rows: readonly BoardConversation[]): BoardAgent[] => {
  const skillIds = [...new Set(rows.flatMap(({ skills }) => skills.map(({ id }) => id)))]
  return agents.toSorted(
    (a, b) =>
      PRESENCE_ORDER.indexOf(a.status) - PRESENCE_ORDER.indexOf(b.status) ||
      skillsMet(b, skillIds) - skillsMet(a, skillIds) ||
      room(b) - room(a),
  )
}
