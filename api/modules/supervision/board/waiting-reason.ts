/** Pure: why a conversation has nobody yet, in the terms of whoever could change it (BP-012.1). */
import type { BoardConversation, WaitingReason } from '../../../contract/supervision.ts'
import type { Held } from '../../routing/index.ts'

/** How a queue is staffed now: a team's, or the whole house for the general queue. */
export interface Staffing {
  name: string | null
  open: boolean
  /** Online and on shift, with what they hold and may hold. */
  agents: readonly { load: number; capacity: number; skills: ReadonlyMap<string, number> }[]
}

export interface Wait {
  waitingFor: 'team_choice' | 'off_hours' | null
  skills: readonly { id: string; level: number }[]
  /** What the decision itself says; null: somebody could have it. */
  held: Held | null
}

const reason = (code: WaitingReason, params: Record<string, string | number> = {}): NonNullable<BoardConversation['reason']> => ({
  code,
  params,
})

export function waitingReason(wait: Wait, staffing: Staffing): NonNullable<BoardConversation['reason']> {
  if (wait.waitingFor === 'team_choice') return reason('choosing_team')
  if (wait.waitingFor === 'off_hours') return reason('off_hours')
  const { agents, open, name } = staffing
  if (agents.length === 0) return open ? reason('nobody_online') : reason('team_closed', { team: name ?? '' })
  const skilled = agents.filter(({ skills }) => wait.skills.every(({ id, level }) => (skills.get(id) ?? 0) >= level))
  if (skilled.length === 0) return reason('nobody_with_skill', { agents: agents.length })
  const sum = (pick: (agent: (typeof skilled)[number]) => number) => skilled.reduce((total, agent) => total + pick(agent), 0)
  if (skilled.every(({ load, capacity }) => load >= capacity)) {
    return reason('all_full', { agents: skilled.length, load: sum(({ load }) => load), capacity: sum(({ capacity }) => capacity) })
  }
  if (wait.held?.code === 'waits_for_policy') return reason('waits_for_policy', { policy: wait.held.policy })
  return wait.held ? reason('team_full') : reason('being_assigned', { agents: skilled.length })
}
