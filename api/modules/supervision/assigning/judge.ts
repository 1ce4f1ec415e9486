/** Pure: what becomes of each conversation that a supervisor wants elsewhere (BP-012.5–7); the preview and the act judge alike. */
import type { AssignmentOutcome, AssignmentRow } from '../../../contract/supervision.ts'

export interface Wanted {
  id: string
  seen: { assigneeId: string | null; teamId: string | null }
}

/** A conversation within the supervisor's scope, as it is now. */
export interface Facts {
  id: string
  status: 'queued' | 'open' | 'closed'
  customer: string | null
  assignee: Named | null
  team: Named | null
  unanswered: boolean
}
interface Named {
  id: string
  name: string
}

/** To whom. `free`: how many more the agent may take, by all limits that bind him. */
export type Target =
  | { kind: 'agent'; account: Named; load: number; capacity: number; free: number }
  | { kind: 'team'; team: Named; isOpen: boolean }
  | { kind: 'policy' }

export function judge(wanted: readonly Wanted[], facts: ReadonlyMap<string, Facts>, target: Target, force: boolean): AssignmentRow[] {
  let free = target.kind === 'agent' ? target.free : 0
  const isClosed = target.kind === 'team' && !target.isOpen && !force
  return wanted.map(({ id, seen }) => {
    const row = facts.get(id)
    if (!row) return unknown(id)
    const outcome = obstacle(row, seen, target) ?? (target.kind === 'agent' ? 'moves' : 'queues')
    if (outcome === 'queues' && isClosed) return present(row, 'team_closed', target, false)
    if (outcome !== 'moves') return present(row, outcome, target, false)
    const beyondLimit = free <= 0
    if (beyondLimit && !force) return present(row, 'over_capacity', target, true)
    free -= 1
    return present(row, 'moves', target, beyondLimit)
  })
}

function obstacle(row: Facts, seen: Wanted['seen'], target: Target): AssignmentOutcome | null {
  if (row.status === 'closed') return 'closed'
  if ((row.assignee?.id ?? null) !== seen.assigneeId || (row.team?.id ?? null) !== seen.teamId) return 'changed_meanwhile'
  if (target.kind === 'agent' && row.assignee?.id === target.account.id) return 'same_owner'
  if (target.kind === 'team' && row.status === 'queued' && row.team?.id === target.team.id) return 'same_owner'
  return null
}

const unknown = (id: string): AssignmentRow => ({
  id,
  outcome: 'not_found',
  customer: null,
  from: null,
  to: null,
  team: null,
  beyondLimit: false,
  unanswered: false,
})

const present = (row: Facts, outcome: AssignmentOutcome, target: Target, beyondLimit: boolean): AssignmentRow => ({
  id: row.id,
  outcome,
  customer: row.customer,
  from: row.assignee,
  to: outcome === 'moves' && target.kind === 'agent' ? target.account : null,
  team: outcome === 'queues' && target.kind === 'team' ? target.team : row.team,
  beyondLimit,
  unanswered: row.unanswered,
})

/** What a refusal of the hand-out itself means here: somebody was quicker between the look and the lock. */
export function outcomeOfRefusal(code: string | null): AssignmentOutcome {
  if (code === 'at_capacity' || code === 'target_at_capacity') return 'over_capacity'
  if (code === 'conversation_closed') return 'closed'
  if (code === 'already_there') return 'same_owner'
  if (code === 'not_found') return 'not_found'
  return 'changed_meanwhile'
}
