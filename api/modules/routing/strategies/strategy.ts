/** How one of several is chosen. Everything here is pure: the same field and the same time give the same answer, in whatever order people are listed. */
import type { Figures, PolicySettings, Reason } from '../../../contract/routing.ts'

/** Somebody who could be given work, as he stands at this moment of the round. */
export interface Standing {
  accountId: string
  name: string
  load: number
  capacity: number
  /** Of active teams. */
  teamIds: ReadonlySet<string>
  /** His teams that have a limit on all members together. */
  limitedTeamIds: readonly string[]
  /** Level by skill, 1–5. */
  skills: ReadonlyMap<string, number>
  /** When he was last given something, in microseconds; -Infinity: never. Each gift within a round counts one on. */
  lastAssigned: number
  /** On average over the last two hours; null: nothing to go by. */
  responseSeconds: number | null
}

export interface SkillNeed {
  skillId: string
  level: number
}

/** Somebody who knows the customer: when he last served him, in milliseconds; null where it is his regular customer and nothing more is known. */
export interface Familiar {
  accountId: string
  servedAt: number | null
}

/** What a strategy is told of the work. */
export interface Wanted {
  skills: readonly SkillNeed[]
  familiar: readonly Familiar[]
}

export interface Question {
  wanted: Wanted
  settings: PolicySettings
  /** Skills that the work and the policy ask for, each once. */
  needs: readonly SkillNeed[]
  /** Milliseconds. */
  now: number
}

export interface Strategy {
  /** Lowest first. Of equals: who has less to do, then who has waited longest, then the id. */
  rank(agent: Standing, question: Question): number
  /** False: not one of those it may choose. Default: all. */
  admits?(agent: Standing, question: Question): boolean
  reason(chosen: Standing, question: Question): Reason
  /** What it judged by, beyond load and limit. */
  figures?(agent: Standing, question: Question): Partial<Figures>
}

/** Who comes first of two. */
export function inTurn(one: Standing, other: Standing): number {
  if (one.load !== other.load) return one.load - other.load
  if (one.lastAssigned !== other.lastAssigned) return one.lastAssigned - other.lastAssigned
  return one.accountId < other.accountId ? -1 : 1
}

const SHOWN = 5

export interface Ranked<T extends Standing = Standing> {
  agent: T
  rank: number
}

const before = (one: Ranked, other: Ranked): boolean =>
  one.rank === other.rank ? inTurn(one.agent, other.agent) < 0 : one.rank < other.rank

/** The best few, best first, in one pass: a round asks this for each of its hundred pieces of work over five hundred people. */
export function best<T extends Standing>(pool: readonly T[], strategy: Strategy, question: Question, count = SHOWN): Ranked<T>[] {
  const top: Ranked<T>[] = []
  for (const agent of pool) {
    if (strategy.admits && !strategy.admits(agent, question)) continue
    const ranked = { agent, rank: strategy.rank(agent, question) }
    const last = top.length === count ? top[count - 1] : undefined
    if (last && before(last, ranked)) continue
    let at = top.length
    for (let above = top[at - 1]; above && before(ranked, above); above = top[at - 1]) at -= 1
    top.splice(at, 0, ranked)
    if (top.length > count) top.pop()
  }
  return top
}

export function figuresOf(agent: Standing, strategy: Strategy, question: Question): Figures {
  return { load: agent.load, capacity: agent.capacity, ...strategy.figures?.(agent, question) }
}
