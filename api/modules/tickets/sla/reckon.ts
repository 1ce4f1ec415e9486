/** What a ticket's clocks are to do now (BP-006.2): begin, stand still, go on, end, or count towards another promise. Pure. */
import type { Priority } from '../../../contract/priority.ts'
import type { TicketStatus } from '../../../contract/ticket-status.ts'
import type { SlaCause, SlaClock } from '../../../contract/sla.ts'
import { SLA_CLOCKS } from '../../../contract/ticket.ts'
import type { WorkingTime } from '../../../core/business-time/index.ts'
import { newId } from '../../../core/ids.ts'
import {
  advance,
  type Changed,
  type ClockEvent,
  type ClockState,
  end,
  eventOf,
  isOpen,
  leftMs,
  type Measure,
  pause,
  resume,
  retarget,
  timed,
} from './clock.ts'
import { choosePolicy, type LoadedPolicy, type Matched } from './choose-policy.ts'

export interface TicketFacts extends Matched {
  id: string
  priority: Priority
  status: TicketStatus
  createdAt: Date
  firstRepliedAt: Date | null
  /** Nobody waits for an answer to what colleagues ask of each other. */
  hasCustomer: boolean
  merged: boolean
  teamCalendarId: string | null
}

export interface House {
  /** In their order; what was removed is not among them. */
  policies: readonly LoadedPolicy[]
  timeOf(calendarId: string | null): WorkingTime
}

export interface Summary {
  nextDueAt: Date | null
  clock: SlaClock | null
  state: 'running' | 'paused' | 'fulfilled' | 'breached' | null
  leftSeconds: number | null
  breached: boolean
}

export interface Reckoned {
  /** Those that are new or another. */
  clocks: ClockState[]
  events: ClockEvent[]
  /** Rungs of the ladder that time has reached, to be told. */
  reached: { clock: ClockState; percent: number }[]
  summary: Summary
}

interface Moment {
  cause: SlaCause
  now: Date
}

/** Not for something that was done to this very ticket. */
const LATELY: readonly SlaCause[] = ['policy', 'team', 'calendar', 'customer', 'time']

const isDone = ({ status }: TicketFacts) => status === 'resolved' || status === 'closed'

export const calendarFor = ({ calendar }: LoadedPolicy, ticket: Pick<TicketFacts, 'teamCalendarId'>): string | null =>
  calendar.source === 'always' ? null : calendar.source === 'own' ? calendar.calendarId : (ticket.teamCalendarId ?? calendar.calendarId)

export function measureOf(house: House, { policyId, calendarId }: Pick<ClockState, 'policyId' | 'calendarId'>): Measure {
  const policy = house.policies.find(({ id }) => id === policyId)
  return { time: house.timeOf(calendarId), rungs: policy?.steps.map(({ percent }) => percent) ?? [] }
}

/** @param clocks all that the ticket ever had */
export function reckon(ticket: TicketFacts, clocks: readonly ClockState[], house: House, moment: Moment): Reckoned {
  const { policy } = choosePolicy(house.policies, ticket)
  const events: ClockEvent[] = []
  const reached: Reckoned['reached'] = []
  const after = SLA_CLOCKS.flatMap((kind): ClockState[] => {
    const own = clocks.filter(({ clock }) => clock === kind)
    const open = own.find(isOpen)
    const changed = open ? kept(ticket, open, { house, policy, moment, reached }) : begun(ticket, { kind, own }, { house, policy, moment })
    if (changed === null) return own
    events.push(...changed.events)
    return [...own.filter(({ id }) => id !== changed.clock.id), changed.clock]
  })
  return { clocks: after.filter((clock) => !clocks.includes(clock)), events, reached, summary: summaryOf(after, house, moment.now) }
}

interface Frame {
  house: House
  policy: LoadedPolicy | null
  moment: Moment
}

const targetOf = (policy: LoadedPolicy | null, ticket: TicketFacts, kind: SlaClock): number | null => {
  const minutes = policy?.targets[ticket.priority][kind] ?? null
  return minutes === null ? null : minutes * 60
}

/** One that is open: first what time alone has done to it, then what has happened. */
function kept(ticket: TicketFacts, clock: ClockState, frame: Frame & { reached: Reckoned['reached'] }): Changed {
  const { house, policy, moment, reached } = frame
  const { cause, now } = moment
  const before = measureOf(house, clock)
  const target = targetOf(policy, ticket, clock.clock)
  const answered =
    clock.clock === 'resolution' ? false : cause === 'replied' || (clock.clock === 'first_response' && ticket.firstRepliedAt !== null)
  const over = ticket.merged || target === null ? 'cancelled' : isDone(ticket) || answered ? 'fulfilled' : null
  if (over !== null) {
    // Late by now though nobody has noticed: it is so noted, and nobody needs to be told any more.
    const late = over === 'fulfilled' ? advance(clock, before, now) : { clock, events: [] }
    const ended = end(late.clock, before, { state: over, cause: ticket.merged ? 'merged' : cause, now })
    return { clock: ended.clock, events: [...late.events, ...ended.events] }
  }
  const to = {
    policyId: policy?.id ?? clock.policyId,
    calendarId: policy ? calendarFor(policy, ticket) : clock.calendarId,
    targetSeconds: target ?? clock.targetSeconds,
  }
  const measure = measureOf(house, to)
  const promised = retarget(clock, to, { measure, cause, now })
  const timely = advance(promised.clock, measure, now)
  reached.push(...timely.reached.map((percent) => ({ clock: timely.clock, percent })))
  const stood = standing(timely.clock, { still: isStill(policy, ticket), measure, moment })
  return { clock: stood.clock, events: [...promised.events, ...timely.events, ...stood.events] }
}

const isStill = (policy: LoadedPolicy | null, { status }: TicketFacts): boolean => policy?.pauses.some((each) => each === status) ?? false

function standing(clock: ClockState, { still, measure, moment }: { still: boolean; measure: Measure; moment: Moment }): Changed {
  if (still && clock.state === 'running') return pause(clock, measure, moment)
  if (!still && clock.state === 'paused') return resume(clock, measure, moment)
  return { clock, events: [] }
}

/** A new one, where one is owed. */
function begun(ticket: TicketFacts, { kind, own }: { kind: SlaClock; own: readonly ClockState[] }, frame: Frame): Changed | null {
  const { house, policy, moment } = frame
  const { cause, now } = moment
  const target = targetOf(policy, ticket, kind)
  const replied = ticket.firstRepliedAt !== null
  const owed = {
    first_response: ticket.hasCustomer && !replied,
    next_response: ticket.hasCustomer && replied && cause === 'spoken',
    resolution: true,
  }[kind]
  if (policy === null || target === null || !owed || ticket.merged || isDone(ticket)) return null
  const calendarId = calendarFor(policy, ticket)
  const measure = measureOf(house, { policyId: policy.id, calendarId })
  const clock: ClockState = {
    id: newId(),
    ticketId: ticket.id,
    clock: kind,
    cycle: Math.max(0, ...own.map(({ cycle }) => cycle)) + 1,
    policyId: policy.id,
    calendarId,
    targetSeconds: target,
    startedAt: beginningOf(ticket, { kind, own, moment }),
    breaks: [],
    pausedAt: null,
    state: 'running',
    dueAt: null,
    breachedAt: null,
    endedAt: null,
    donePercent: 0,
    timerAt: null,
    revision: 1,
  }
  const started = timed(clock, measure)
  // Given to somebody within its creation: it begins with that all the same.
  const why = ticket.createdAt.getTime() === now.getTime() ? 'created' : cause
  const begin = eventOf(started, 'activate', { cause: why, at: started.startedAt }, measure.time)
  const stood = standing(started, { still: isStill(policy, ticket), measure, moment })
  return { clock: stood.clock, events: [{ ...begin, clock: started }, ...stood.events] }
}

/**
 * From the creation on, except: an answer that is owed again, work that was taken up again, and a promise that the house gives only now: tickets that are
 * already old would break it in the moment in which it is given.
 */
function beginningOf(ticket: TicketFacts, { kind, own, moment }: { kind: SlaClock; own: readonly ClockState[]; moment: Moment }): Date {
  const again = kind === 'next_response' || own.some(({ state }) => state === 'fulfilled')
  const lately = LATELY.includes(moment.cause)
  return again || lately ? moment.now : ticket.createdAt
}

/** The one line of lists: the clock that is due first; where all stand still, the one with the least left. */
export function summaryOf(clocks: readonly ClockState[], house: House, now: Date): Summary {
  const breached = clocks.some(({ breachedAt, state }) => breachedAt !== null && state !== 'cancelled')
  const running = clocks.filter(({ state }) => state === 'running')
  const first = running.toSorted((a, b) => (a.dueAt?.getTime() ?? Infinity) - (b.dueAt?.getTime() ?? Infinity))[0]
  if (first) {
    const state = first.breachedAt === null ? 'running' : 'breached'
    return { nextDueAt: first.dueAt, clock: first.clock, state, leftSeconds: null, breached }
  }
  const still = clocks
    .filter(({ state }) => state === 'paused')
    .map((clock) => ({ clock, left: leftMs(clock, house.timeOf(clock.calendarId), now) }))
    .toSorted((a, b) => a.left - b.left)[0]
  if (still) return { nextDueAt: null, clock: still.clock.clock, state: 'paused', leftSeconds: Math.floor(still.left / 1000), breached }
  const ended = clocks.some(({ state }) => state === 'fulfilled')
  return { nextDueAt: null, clock: null, state: ended ? 'fulfilled' : null, leftSeconds: null, breached }
}
