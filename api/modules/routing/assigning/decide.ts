/** Pure: who gets which work, and why (BP-003.4, BP-015). One round over work in the order in which it waits. */
import {
  policySettingsSchema,
  type Exclusion,
  type Figures,
  type PolicySettings,
  type Reason,
  type StrategyCode,
} from '../../../contract/routing.ts'
import { type Facts, type LoadedPolicy, type Moment, whyNot } from '../policies/matching.ts'
import { strategies } from '../strategies/index.ts'
import { hasSkills, neededSkills } from '../strategies/skill-match.ts'
import { best, type Familiar, figuresOf, type Question, type SkillNeed, type Standing } from '../strategies/strategy.ts'

/** A piece of work that waits. */
export interface Job {
  workId: string
  /** Null: the general queue; whoever is there may get it. */
  teamId: string | null
  facts: Facts
  skills: readonly SkillNeed[]
  /** He comes first while he can take it. */
  preferredAccountId: string | null
  /** They had it and let it pass: asked again only when nobody else is left. */
  passedBy: readonly string[]
  familiar: readonly Familiar[]
}

/** Someone who might be given work, whether or not he can be now. */
export interface Candidate extends Standing {
  status: 'online' | 'busy' | 'break' | 'offline'
  onDuty: boolean
}

/** Everybody as they stand; a round changes loads, rooms and turns as it goes. */
export interface Field {
  candidates: readonly Candidate[]
  /** How many more such a team may take, by its id; what is missing has no limit. */
  rooms: Map<string, number>
  policies: readonly LoadedPolicy[]
  moment: Moment
  /** Tickets wait for nobody to be online. */
  presenceMatters: boolean
}

export interface Decision {
  agent: Candidate
  reason: Reason
  policy: LoadedPolicy | null
  strategy: StrategyCode | null
  /** Who else could have had it, best first. */
  others: { agent: Candidate; figures: Figures }[]
  figures: Figures
}

export interface Undecided {
  agent: null
  reason: Reason
  /** It waits for the people of this policy. */
  policy: LoadedPolicy | null
}

const NO_SETTINGS: PolicySettings = policySettingsSchema.parse({})

/** Why he cannot get this now; null: he can. */
export function exclusionOf(field: Field, job: Job, agent: Candidate): Exclusion | null {
  if (job.teamId !== null && !agent.teamIds.has(job.teamId)) return 'not_in_team'
  if (field.presenceMatters && agent.status !== 'online') return agent.status
  if (!agent.onDuty) return 'off_duty'
  if (agent.load >= agent.capacity) return 'at_capacity'
  if (agent.limitedTeamIds.some((id) => (field.rooms.get(id) ?? Infinity) <= 0)) return 'team_at_capacity'
  return hasSkills(agent, job.skills) ? null : 'skill_missing'
}

/** Those who can get it; who let it pass only when nobody else can. */
export function poolFor(field: Field, job: Job): Candidate[] {
  const able = field.candidates.filter((agent) => exclusionOf(field, job, agent) === null)
  if (job.passedBy.length === 0) return able
  const fresh = able.filter(({ accountId }) => !job.passedBy.includes(accountId))
  return fresh.length > 0 ? fresh : able
}

export function decide(field: Field, job: Job): Decision | Undecided {
  const pool = poolFor(field, job)
  if (pool.length === 0) return { agent: null, reason: { code: 'nobody_free', params: {} }, policy: null }
  const preferred = pool.find(({ accountId }) => accountId === job.preferredAccountId)
  if (preferred) return chosenBy(null, 'preferred', [preferred], { job, field })
  for (const policy of field.policies) {
    if (whyNot(policy, job, field.moment) !== null) continue
    const decision = chosenBy(policy, policy.strategy, pool, { job, field })
    if (decision.agent || policy.otherwise === 'wait') return decision
  }
  // Nobody sits and waits for an answer: without a policy of the house for it, whoever has time takes it himself.
  if (!field.presenceMatters) return { agent: null, reason: { code: 'waits_for_claim', params: {} }, policy: null }
  return chosenBy(null, 'least_open', pool, { job, field })
}

function chosenBy(
  policy: LoadedPolicy | null,
  code: StrategyCode | 'preferred',
  pool: readonly Candidate[],
  { job, field }: { job: Job; field: Field },
): Decision | Undecided {
  const strategy = strategies[code === 'preferred' ? 'least_open' : code]
  const settings = policy?.settings ?? NO_SETTINGS
  const question: Question = { wanted: job, settings, needs: neededSkills(job, settings), now: field.moment.now.getTime() }
  const able = settings.skills.length > 0 ? pool.filter((agent) => hasSkills(agent, settings.skills)) : pool
  const [first, ...rest] = best(able, strategy, question)
  if (!first) return { agent: null, reason: { code: 'waits_for_policy', params: { policy: policy?.name ?? '' } }, policy }
  const { agent } = first
  return {
    agent,
    reason: reasonOf(policy, code, strategy.reason(agent, question), rest.length === 0),
    policy,
    strategy: code === 'preferred' ? null : code,
    figures: figuresOf(agent, strategy, question),
    others: rest.map(({ agent: other }) => ({ agent: other, figures: figuresOf(other, strategy, question) })),
  }
}

/** The line names the policy where one decided. */
function reasonOf(policy: LoadedPolicy | null, code: StrategyCode | 'preferred', reason: Reason, alone: boolean): Reason {
  if (code === 'preferred') return { code, params: reason.params }
  if (policy) return { code: reason.code, params: { ...reason.params, policy: policy.name } }
  return alone ? { code: 'only_agent', params: reason.params } : reason
}

/** He has it: what comes after sees him busier, his teams fuller and his turn over. */
export function take(field: Field, agent: Candidate, turn: number): void {
  agent.load += 1
  agent.lastAssigned = turn
  for (const id of agent.limitedTeamIds) {
    const room = field.rooms.get(id)
    if (room !== undefined) field.rooms.set(id, room - 1)
  }
}

/** The whole round. @param turn microseconds at which it begins; each gift counts one on, so that turns do not tie */
export function decideAll(field: Field, jobs: readonly Job[], turn: number): Map<string, Decision> {
  const decided = new Map<string, Decision>()
  for (const job of jobs) {
    const decision = decide(field, job)
    if (!decision.agent) continue
    decided.set(job.workId, decision)
    take(field, decision.agent, turn + decided.size)
  }
  return decided
}
