/** Which policy is a ticket's: the first in order that is on and whose conditions hold (BP-006.2). Pure. */
import type { Priority } from '../../../contract/priority.ts'
import type { POLICY_MISSES, SlaCalendar, SlaConditions, SlaStep, SlaTargets, PausingStatus } from '../../../contract/sla.ts'

export interface LoadedPolicy {
  id: string
  name: string
  conditions: SlaConditions
  targets: Record<Priority, SlaTargets>
  calendar: SlaCalendar
  pauses: PausingStatus[]
  steps: SlaStep[]
  enabled: boolean
}

export interface Matched {
  typeId: string | null
  /** Of the customer. */
  tagIds: readonly string[]
  teamId: string | null
  channelKind: string | null
}

export type PolicyMiss = (typeof POLICY_MISSES)[number]

/** Null: it holds. */
export function missOf({ enabled, conditions }: Pick<LoadedPolicy, 'enabled' | 'conditions'>, ticket: Matched): PolicyMiss | null {
  const { typeIds, tagIds, teamIds, channelKinds } = conditions
  const misses = (wanted: readonly string[], has: string | null) => wanted.length > 0 && (has === null || !wanted.includes(has))
  if (!enabled) return 'off'
  if (misses(typeIds, ticket.typeId)) return 'type'
  if (tagIds.length > 0 && !tagIds.some((id) => ticket.tagIds.includes(id))) return 'tag'
  if (misses(teamIds, ticket.teamId)) return 'team'
  return misses(channelKinds, ticket.channelKind) ? 'channel' : null
}

export function choosePolicy<P extends Pick<LoadedPolicy, 'enabled' | 'conditions'>>(
  policies: readonly P[],
  ticket: Matched,
): { policy: P | null; passed: { policy: P; why: PolicyMiss }[] } {
  const passed: { policy: P; why: PolicyMiss }[] = []
  for (const policy of policies) {
    const why = missOf(policy, ticket)
    if (why === null) return { policy, passed }
    passed.push({ policy, why })
  }
  return { policy: null, passed }
}
