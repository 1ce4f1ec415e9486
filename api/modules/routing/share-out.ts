/** Pure: who gets which work (BP-003.4). */
import type { Assigned, AssignmentReason } from './take-work.ts'

export interface Candidate {
  accountId: string
  name: string
  capacity: number
  load: number
  /** His teams that have a limit on all members together. */
  teamIds: readonly string[]
  lastAssignedAt: Date | null
}

export interface Field {
  candidates: readonly Candidate[]
  /** How many more such a team may take, by its id. */
  rooms: ReadonlyMap<string, number>
}

/**
 * Each piece of work goes to the candidate with the least to do; of equals, to who has waited longest.
 * @returns by work; what is missing finds nobody with room
 */
export function shareOut({ candidates, rooms }: Field, workIds: readonly string[], now: Date): Map<string, Assigned> {
  const left = new Map(rooms)
  const field = candidates.map((candidate) => ({ ...candidate, order: candidate.lastAssignedAt?.getTime() ?? -Infinity }))
  const shared = new Map<string, Assigned>()
  workIds.forEach((workId, index) => {
    const free = field.filter(({ load, capacity, teamIds }) => load < capacity && teamIds.every((id) => (left.get(id) ?? 0) > 0))
    const [first, ...others] = free
    if (!first) return
    const best = others.reduce((chosen, other) => (comesBefore(other, chosen) ? other : chosen), first)
    shared.set(workId, { accountId: best.accountId, name: best.name, reason: reasonFor(best.load, others.length) })
    best.load += 1
    for (const id of best.teamIds) left.set(id, (left.get(id) ?? 0) - 1)
    // Within one round the milliseconds do not differ; the turn does.
    best.order = now.getTime() + index
  })
  return shared
}

interface Standing {
  accountId: string
  load: number
  order: number
}

function comesBefore(one: Standing, other: Standing): boolean {
  if (one.load !== other.load) return one.load < other.load
  if (one.order !== other.order) return one.order < other.order
  return one.accountId < other.accountId
}

const reasonFor = (load: number, others: number): AssignmentReason => ({
  code: others === 0 ? 'only_agent' : 'least_open',
  params: { open: load },
})
