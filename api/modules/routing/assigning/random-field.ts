/** Houses made up at random, the same for the same seed: what strategies are held to in tests. */
import { policyConditionsSchema, policySettingsSchema, type PolicySettings, type StrategyCode } from '../../../contract/routing.ts'
import type { LoadedPolicy, Moment } from '../policies/matching.ts'
import type { Candidate, Field, Job } from './decide.ts'

export const NOW = Date.parse('2026-11-23T02:00:00Z')
export const MOMENT: Moment = { now: new Date(NOW), weekday: 1, minute: 600 }

export interface Random {
  /** 0 ≤ whole number < n */
  below(n: number): number
  chance(probability: number): boolean
  shuffled<T>(list: readonly T[]): T[]
}

/** mulberry32 */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (n: number) => Math.floor(next() * n)
  return {
    below,
    chance: (probability) => next() < probability,
    shuffled(list) {
      const mixed = [...list]
      for (let at = mixed.length - 1; at > 0; at--) {
        const other = below(at + 1)
        const [one, two] = [mixed[at], mixed[other]]
        if (one !== undefined && two !== undefined) [mixed[at], mixed[other]] = [two, one]
      }
      return mixed
    },
  }
}

export const candidate = (accountId: string, more: Partial<Candidate> = {}): Candidate => ({
  accountId,
  name: accountId,
  status: 'online',
  onDuty: true,
  load: 0,
  capacity: 10,
  teamIds: new Set(),
  limitedTeamIds: [],
  skills: new Map(),
  lastAssigned: -Infinity,
  responseSeconds: null,
  ...more,
})

export const job = (workId: string, more: Partial<Job> = {}): Job => ({
  workId,
  teamId: null,
  facts: { channelKind: 'web', channelAccountId: null, tagIds: [], businessTypeId: null },
  skills: [],
  preferredAccountId: null,
  passedBy: [],
  familiar: [],
  ...more,
})

export const policy = (strategy: StrategyCode, settings: Partial<PolicySettings> = {}, more: Partial<LoadedPolicy> = {}): LoadedPolicy => ({
  id: `policy-${strategy}`,
  name: strategy,
  workKind: 'conversation',
  teamId: null,
  strategy,
  settings: { ...policySettingsSchema.parse({}), ...settings },
  conditions: policyConditionsSchema.parse({}),
  otherwise: 'next',
  enabled: true,
  effectiveFrom: null,
  effectiveUntil: null,
  calendarOpen: null,
  ...more,
})

export const field = (
  candidates: readonly Candidate[],
  policies: readonly LoadedPolicy[] = [],
  rooms: Record<string, number> = {},
): Field => ({
  candidates,
  rooms: new Map(Object.entries(rooms)),
  policies,
  moment: MOMENT,
  presenceMatters: true,
})

const TEAMS = ['team-a', 'team-b', 'team-c']
const SKILLS = ['skill-1', 'skill-2', 'skill-3']
const STATUSES = ['online', 'online', 'online', 'busy', 'break', 'offline'] as const

/** A fresh copy at every call: a round changes it. */
export function randomHouse(seed: number, policies: readonly LoadedPolicy[]): { field: Field; jobs: Job[] } {
  const random = randomFrom(seed)
  const people = Array.from({ length: 1 + random.below(12) }, (_, index) => {
    const teamIds = TEAMS.filter(() => random.chance(0.4))
    const capacity = random.below(5)
    return candidate(`agent-${String(index).padStart(2, '0')}`, {
      status: STATUSES[random.below(STATUSES.length)] ?? 'online',
      onDuty: random.chance(0.9),
      capacity,
      load: random.below(capacity + 2),
      teamIds: new Set(teamIds),
      limitedTeamIds: teamIds.filter((id) => id !== 'team-c'),
      skills: new Map(SKILLS.filter(() => random.chance(0.5)).map((id) => [id, 1 + random.below(5)])),
      lastAssigned: random.chance(0.3) ? -Infinity : (NOW - random.below(3_600_000)) * 1000,
      responseSeconds: random.chance(0.3) ? null : random.below(900),
    })
  })
  const rooms = { 'team-a': random.below(6), 'team-b': random.below(6) - 1 }
  const jobs = Array.from({ length: 1 + random.below(15) }, (_, index) =>
    job(`work-${index}`, {
      teamId: random.chance(0.5) ? null : (TEAMS[random.below(TEAMS.length)] ?? null),
      skills: SKILLS.filter(() => random.chance(0.15)).map((skillId) => ({ skillId, level: 1 + random.below(4) })),
      passedBy: people.filter(() => random.chance(0.1)).map(({ accountId }) => accountId),
      preferredAccountId: random.chance(0.1) ? (people[random.below(people.length)]?.accountId ?? null) : null,
      familiar: people
        .filter(() => random.chance(0.2))
        .map(({ accountId }) => ({ accountId, servedAt: random.chance(0.2) ? null : NOW - random.below(200) * 86_400_000 })),
    }),
  )
  return { field: field(people, policies, rooms), jobs }
}
