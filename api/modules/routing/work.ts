import type { Reason, StrategyCode, WorkKind } from '../../contract/routing.ts'

/** A piece of work that somebody holds or that waits: a conversation, a ticket. */
export interface Work {
  kind: WorkKind
  id: string
}

/** Why this person: stored with the assignment and shown as one readable line. */
export type AssignmentReason = Reason

export interface Assigned {
  accountId: string
  name: string
  reason: AssignmentReason
}

/** What an assignment remembers beside its reason. */
export interface Provenance {
  policyId: string | null
  strategy: StrategyCode | null
}
