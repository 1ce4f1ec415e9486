/** One clock of a ticket, and what can be done to it. Pure: the old value stays, the new one and the event come back. */
import type { SLA_EVENTS, SlaCause, SlaClock } from '../../../contract/sla.ts'
import type { WorkingTime } from '../../../core/business-time/index.ts'
import { type Break, countedMs, momentOf } from './counting.ts'

export interface ClockState {
  id: string
  ticketId: string
  clock: SlaClock
  cycle: number
  policyId: string
  calendarId: string | null
  targetSeconds: number
  startedAt: Date
  breaks: readonly Break[]
  pausedAt: Date | null
  state: 'running' | 'paused' | 'fulfilled' | 'cancelled'
  dueAt: Date | null
  breachedAt: Date | null
  endedAt: Date | null
  donePercent: number
  timerAt: Date | null
  revision: number
}

export interface ClockEvent {
  clock: ClockState
  kind: (typeof SLA_EVENTS)[number]
  cause: SlaCause
  at: Date
  naturalSeconds: number
  countedSeconds: number
  percent: number | null
}

export interface Changed {
  clock: ClockState
  events: ClockEvent[]
}

/** What a clock is measured by: its calendar, and the rungs of its policy (percents, rising). */
export interface Measure {
  time: WorkingTime
  rungs: readonly number[]
}

export const BREACH = 100
export const isOpen = ({ state }: Pick<ClockState, 'state'>): boolean => state === 'running' || state === 'paused'
const seconds = (ms: number) => Math.max(0, Math.floor(ms / 1000))

export const countedOf = (clock: ClockState, time: WorkingTime, at: Date): number => countedMs({ ...clock, time }, at)

/** Milliseconds left of the promise; below 0: late. */
export const leftMs = (clock: ClockState, time: WorkingTime, at: Date): number => clock.targetSeconds * 1000 - countedOf(clock, time, at)

export function eventOf(
  clock: ClockState,
  kind: ClockEvent['kind'],
  { cause, at }: { cause: SlaCause; at: Date },
  time: WorkingTime,
): ClockEvent {
  const naturalSeconds = seconds(at.getTime() - clock.startedAt.getTime())
  return { clock, kind, cause, at, naturalSeconds, countedSeconds: seconds(countedOf(clock, time, at)), percent: null }
}

/** Its due moment and its next timer, by what it is measured by now. */
export function timed(clock: ClockState, { time, rungs }: Measure): ClockState {
  if (clock.state !== 'running') return { ...clock, dueAt: isOpen(clock) ? null : clock.dueAt, timerAt: null }
  const momentAt = (percent: number) => momentOf({ ...clock, time }, Math.ceil(clock.targetSeconds * 10 * percent))
  const next = [...new Set([...rungs, BREACH])].sort((a, b) => a - b).find((percent) => percent > clock.donePercent)
  return { ...clock, dueAt: momentAt(BREACH), timerAt: next === undefined ? null : momentAt(next) }
}

/** Every rung that time has reached, each with the moment when it was; the breach is one of them. */
export function advance(clock: ClockState, measure: Measure, now: Date): Changed & { reached: number[] } {
  let current = clock
  const events: ClockEvent[] = []
  const reached: number[] = []
  // Ends: each turn passes one rung, and there is no timer after the last.
  while (current.state === 'running' && current.timerAt !== null && current.timerAt <= now) {
    const at = current.timerAt
    const percent = [...measure.rungs, BREACH].sort((a, b) => a - b).find((rung) => rung > current.donePercent) ?? BREACH
    const isBreach = percent === BREACH
    current = { ...current, donePercent: percent, breachedAt: isBreach ? at : current.breachedAt }
    events.push({ ...eventOf(current, isBreach ? 'breach' : 'warn', { cause: 'time', at }, measure.time), percent })
    reached.push(percent)
    current = timed(current, measure)
  }
  return { clock: current, events: events.map((event) => ({ ...event, clock: current })), reached }
}

/** Another promise, calendar or policy. What is not reached under the new one is not done yet, the breach included. */
export function retarget(
  clock: ClockState,
  to: Pick<ClockState, 'policyId' | 'calendarId' | 'targetSeconds'>,
  { measure, cause, now }: { measure: Measure; cause: SlaCause; now: Date },
): Changed {
  const plain = timed({ ...clock, ...to }, measure)
  const same =
    clock.policyId === plain.policyId &&
    clock.calendarId === plain.calendarId &&
    clock.targetSeconds === plain.targetSeconds &&
    clock.dueAt?.getTime() === plain.dueAt?.getTime()
  // A rung that was added or taken away moves the timer and is no new promise.
  if (same) return { clock: plain.timerAt?.getTime() === clock.timerAt?.getTime() ? clock : plain, events: [] }
  const percent = Math.floor((countedOf(plain, measure.time, now) / (plain.targetSeconds * 1000)) * 100)
  const donePercent = Math.min(plain.donePercent, percent)
  const breachedAt = donePercent < BREACH ? null : plain.breachedAt
  const changed = timed({ ...plain, donePercent, breachedAt, revision: clock.revision + 1 }, measure)
  return { clock: changed, events: [eventOf(changed, 'retarget', { cause, at: now }, measure.time)] }
}

export function pause(clock: ClockState, measure: Measure, { cause, now }: { cause: SlaCause; now: Date }): Changed {
  const paused = timed({ ...clock, state: 'paused', pausedAt: now }, measure)
  return { clock: paused, events: [eventOf(paused, 'pause', { cause, at: now }, measure.time)] }
}

export function resume(clock: ClockState, measure: Measure, { cause, now }: { cause: SlaCause; now: Date }): Changed {
  const breaks = clock.pausedAt === null ? clock.breaks : [...clock.breaks, [clock.pausedAt, now] as const]
  const running = timed({ ...clock, state: 'running', pausedAt: null, breaks }, measure)
  return { clock: running, events: [eventOf(running, 'resume', { cause, at: now }, measure.time)] }
}

/** For good. A pause that goes on ends with it. */
export function end(clock: ClockState, measure: Measure, how: { state: 'fulfilled' | 'cancelled'; cause: SlaCause; now: Date }): Changed {
  const { state, cause, now } = how
  const breaks = clock.pausedAt === null ? clock.breaks : [...clock.breaks, [clock.pausedAt, now] as const]
  const dueAt = clock.dueAt ?? timed({ ...clock, state: 'running', pausedAt: null, breaks }, measure).dueAt
  const ended: ClockState = { ...clock, state, breaks, pausedAt: null, endedAt: now, timerAt: null, dueAt }
  return { clock: ended, events: [eventOf(ended, state === 'fulfilled' ? 'fulfil' : 'cancel', { cause, at: now }, measure.time)] }
}
