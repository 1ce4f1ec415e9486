import type { PresenceStatus } from '#api/contract/identity.ts'
import type { TransferCandidates } from '#api/contract/transfer.ts'

/** One line of a list to choose from, worded. */
export interface Choice {
  id: string
  name: string
  avatarUrl: string | null
  hint: string
  /** Why it cannot be chosen now; null: it can. */
  obstacle: string | null
  status: PresenceStatus | null
  figure: string
}

export type Person = TransferCandidates['people'][number]
export type CandidateTeam = TransferCandidates['teams'][number]

/** Whoever can be chosen first, then the one with the most room. */
export const byRoom = (a: Person, b: Person): number =>
  Number(a.refusal !== null) - Number(b.refusal !== null) || a.load / a.capacity - b.load / b.capacity || a.name.localeCompare(b.name)
