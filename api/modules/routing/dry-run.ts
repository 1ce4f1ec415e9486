/** Who would get it now, and why; and why each of the others would not. By the very functions that decide, over live data, without a lock or a write. */
import type { z } from 'zod'
import type { DryRun, dryRunRequest, Exclusion, Figures, WorkKind } from '../../contract/routing.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { TeamRow } from '../teams/index.ts'
import { jobsOf } from './assigning/claim-agents.ts'
import { type Candidate, decide, type Decision, exclusionOf, type Field, type Job, poolFor, type Undecided } from './assigning/decide.ts'
import { loadField } from './assigning/load-field.ts'
import { type AssignableWork, workOf, type WorkPlace } from './hooks.ts'
import { whyNot } from './policies/matching.ts'
import { waitingOf } from './queue/next-waiting.ts'

type Request = z.output<typeof dryRunRequest>

/** Whoever gets it first is named; more nobody reads. */
const SHOWN = 200

function kindOf(request: Request): WorkKind {
  if ('workKind' in request) return request.workKind
  return 'ticketId' in request ? 'ticket' : 'conversation'
}

/** @throws NotFound for a conversation or a ticket that is not there, or that he does not see */
export async function dryRun(ctx: Ctx<StaffActor>, request: Request): Promise<DryRun> {
  const kind = kindOf(request)
  const field = await loadField(ctx, { kind, everybody: true })
  const job = await jobOf(ctx, field, request)
  const decision = decide(field, job)
  return {
    chosen: decision.agent && { id: decision.agent.accountId, name: decision.agent.name },
    reason: decision.reason,
    policy: decision.policy && { id: decision.policy.id, name: decision.policy.name },
    strategy: decision.agent ? decision.strategy : (decision.policy?.strategy ?? null),
    team: await teamOf(ctx, job.teamId),
    candidates: candidatesOf(field, job).slice(0, SHOWN),
    passed: passedOver(field, job, decision),
  }
}

function jobOf(ctx: Ctx<StaffActor>, field: Field, request: Request): Promise<Job> {
  if ('conversationId' in request) return knownJob(ctx, field, { kind: 'conversation', id: request.conversationId })
  if ('ticketId' in request) return knownJob(ctx, field, { kind: 'ticket', id: request.ticketId })
  return imagined(ctx, field, request)
}

async function knownJob(ctx: Ctx<StaffActor>, field: Field, { kind, id }: { kind: WorkKind; id: string }): Promise<Job> {
  const work = workOf(ctx, kind)
  const known = (await work?.sees(ctx, id)) ? await work?.place(ctx, id) : null
  if (!work || !known) throw new NotFound(kind)
  const waiting = (await waitingOf(ctx, kind, id)) ?? { ...(await asIfWaiting(ctx, work, { id, known })), rank: '', id }
  const [job] = await jobsOf(ctx, kind, field, [waiting])
  return job ?? waiting
}

/** Somebody has it: what if it came now? */
async function asIfWaiting(ctx: Ctx, work: AssignableWork, { id, known }: { id: string; known: WorkPlace }): Promise<Job> {
  const [facts] = await work.facts(ctx, [known])
  return {
    workId: id,
    teamId: known.teamId,
    facts: {
      channelKind: facts?.channelKind ?? null,
      channelAccountId: known.channelAccountId,
      tagIds: facts?.tagIds ?? [],
      businessTypeId: known.businessTypeId,
    },
    skills: [],
    preferredAccountId: null,
    passedBy: [],
    familiar: [],
  }
}

async function imagined(ctx: Ctx, field: Field, request: Extract<Request, { workKind: WorkKind }>): Promise<Job> {
  const { customerId, channelAccountId, teamId, businessTypeId, skills } = request
  const work = workOf(ctx, request.workKind)
  const [facts] = customerId === null ? [] : ((await work?.facts(ctx, [{ customerId, channelAccountId }])) ?? [])
  const asks = customerId !== null && field.policies.some(({ enabled, strategy }) => enabled && strategy === 'familiar_first')
  return {
    workId: '',
    teamId,
    facts: {
      channelKind: request.channelKind ?? facts?.channelKind ?? null,
      channelAccountId,
      tagIds: [...new Set([...request.tagIds, ...(facts?.tagIds ?? [])])],
      businessTypeId,
      ticketTypeId: request.ticketTypeId,
      priority: request.priority,
    },
    skills,
    preferredAccountId: null,
    passedBy: [],
    familiar: asks ? ((await work?.familiarTo(ctx, customerId)) ?? []) : [],
  }
}

/** Those who could have it in the order in which they would be asked: each is what the decision would be without those before him. */
function candidatesOf(field: Field, job: Job): DryRun['candidates'] {
  const pool = new Set(poolFor(field, job))
  const ranked = inOrder(field, job)
  const shown = new Set(ranked.map(({ agent }) => agent))
  const rest = field.candidates.filter((agent) => !shown.has(agent))
  return [
    ...ranked.map(({ agent, figures }) => ({ account: nameOf(agent), figures, excluded: null })),
    ...rest.map((agent) => ({ account: nameOf(agent), figures: plain(agent), excluded: reasonOf(field, job, { agent, pool }) })),
  ]
}

function reasonOf(field: Field, job: Job, { agent, pool }: { agent: Candidate; pool: ReadonlySet<Candidate> }): Exclusion {
  const excluded = exclusionOf(field, job, agent)
  if (excluded !== null) return excluded
  return pool.has(agent) ? 'not_chosen_here' : 'let_it_pass'
}

function inOrder(field: Field, job: Job): { agent: Candidate; figures: Figures }[] {
  const found: { agent: Candidate; figures: Figures }[] = []
  let left = field.candidates
  const first = decide(field, job)
  for (let next: Decision | Undecided = first; next.agent && found.length < SHOWN;) {
    const { agent, figures } = next
    // Another policy would be asked after those of this one: that is not the order among them.
    if (next.policy !== first.policy) break
    found.push({ agent, figures })
    left = left.filter((one) => one !== agent)
    next = decide({ ...field, candidates: left }, job)
  }
  return found
}

const nameOf = ({ accountId, name }: Candidate) => ({ id: accountId, name })
const plain = ({ load, capacity }: Candidate): Figures => ({ load, capacity })

function passedOver(field: Field, job: Job, decision: Decision | Undecided): DryRun['passed'] {
  const until = decision.policy ? field.policies.indexOf(decision.policy) : field.policies.length
  return field.policies.slice(0, until).map((policy) => ({
    policy: { id: policy.id, name: policy.name },
    code: whyNot(policy, job, field.moment) ?? 'nobody',
  }))
}

async function teamOf(ctx: Pick<Ctx, 'trx'>, id: string | null): Promise<{ id: string; name: string } | null> {
  if (id === null) return null
  const team = await TeamRow.query(ctx.trx).findById(id).select('id', 'name')
  return team ? { id: team.id, name: team.name } : null
}
