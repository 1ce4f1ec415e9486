import { describe, expect, test } from '@jest/globals'
import type { SlaCause } from '../../../contract/sla.ts'
import { workingTime } from '../../../core/business-time/index.ts'
import type { LoadedPolicy } from './choose-policy.ts'
import type { ClockEvent, ClockState } from './clock.ts'
import { EVERY_HOUR } from './counting.ts'
import { type House, reckon, type Summary, type TicketFacts } from './reckon.ts'

const HOUR = 3_600_000
const START = new Date('2026-11-23T02:00:00Z')
const after = (hours: number) => new Date(START.getTime() + hours * HOUR)
const same = (minutes: { first_response: number | null; next_response: number | null; resolution: number | null }) => ({
  urgent: minutes,
  high: minutes,
  normal: minutes,
  low: minutes,
})

const policy = (more: Partial<LoadedPolicy> = {}): LoadedPolicy => ({
  id: 'policy',
  name: '承诺',
  conditions: { typeIds: [], tagIds: [], teamIds: [], channelKinds: [] },
  targets: same({ first_response: 60, next_response: 120, resolution: 600 }),
  calendar: { source: 'team', calendarId: null },
  pauses: ['waiting_customer', 'on_hold'],
  steps: [
    { percent: 50, to: ['assignee'], escalateTo: null },
    { percent: 150, to: ['supervisors'], escalateTo: 1 },
  ],
  enabled: true,
  ...more,
})
const ticket = (more: Partial<TicketFacts> = {}): TicketFacts => ({
  id: 'ticket',
  typeId: 'type',
  tagIds: [],
  teamId: 'team',
  channelKind: 'web',
  priority: 'normal',
  status: 'in_progress',
  createdAt: START,
  firstRepliedAt: null,
  hasCustomer: true,
  merged: false,
  teamCalendarId: null,
  ...more,
})

/** A ticket through time: what is said of it each time, one after the other. */
function story(policies: LoadedPolicy[] = [policy()], timeOf: House['timeOf'] = () => EVERY_HOUR) {
  const house = { policies, timeOf }
  let clocks: ClockState[] = []
  const log: ClockEvent[] = []
  let summary: Summary | undefined
  const reached: number[] = []
  return {
    house,
    at(hours: number, cause: SlaCause, facts: TicketFacts) {
      const found = reckon(facts, clocks, house, { cause, now: after(hours) })
      clocks = [...clocks.filter(({ id }) => !found.clocks.some((clock) => clock.id === id)), ...found.clocks]
      log.push(...found.events)
      reached.push(...found.reached.map(({ percent }) => percent))
      summary = found.summary
      return found.events.map(({ clock, kind }) => `${kind} ${clock.clock}`)
    },
    events: () => log,
    reached: () => reached,
    summary: () => summary,
    clock: (kind: string) => clocks.filter(({ clock }) => clock === kind).at(-1),
  }
}

describe('the life of clocks', () => {
  test('a new ticket owes an answer and a solution; the answer ends one, and what the customer says then owes another', () => {
    const it = story()
    expect(it.at(0, 'created', ticket())).toEqual(['activate first_response', 'activate resolution'])
    expect(it.summary()).toEqual({ nextDueAt: after(1), clock: 'first_response', state: 'running', leftSeconds: null, breached: false })
    const answered = ticket({ firstRepliedAt: after(0.25) })
    expect(it.at(0.25, 'replied', answered)).toEqual(['fulfil first_response'])
    expect(it.at(1, 'spoken', answered)).toEqual(['activate next_response'])
    expect(it.at(1.5, 'spoken', answered)).toEqual([])
    expect(it.summary()).toMatchObject({ clock: 'next_response', nextDueAt: after(3) })
    expect(it.at(1.75, 'replied', answered)).toEqual(['fulfil next_response'])
    expect(it.at(3, 'spoken', answered)).toEqual(['activate next_response'])
    expect(it.clock('next_response')?.cycle).toBe(2)
  })

  test('what colleagues ask of each other owes no answer, only a solution', () => {
    expect(story().at(0, 'created', ticket({ hasCustomer: false }))).toEqual(['activate resolution'])
  })

  test('while it waits for the customer nothing runs; what is left is known, and the due time moves by the pause', () => {
    const it = story()
    it.at(0, 'created', ticket())
    expect(it.at(0.25, 'moved', ticket({ status: 'waiting_customer' }))).toEqual(['pause first_response', 'pause resolution'])
    expect(it.summary()).toMatchObject({ state: 'paused', nextDueAt: null, leftSeconds: 2700 })
    expect(it.at(5.25, 'moved', ticket())).toEqual(['resume first_response', 'resume resolution'])
    expect(it.summary()).toMatchObject({ state: 'running', nextDueAt: after(6) })
    expect(it.events().at(-2)).toMatchObject({ naturalSeconds: 5.25 * 3600, countedSeconds: 900 })
  })

  test('settled ends all; reopened, the solution is owed anew in full', () => {
    const it = story()
    it.at(0, 'created', ticket())
    expect(
      it.at(2, 'moved', ticket({ status: 'resolved', firstRepliedAt: after(0.5) })).filter((each) => each.startsWith('fulfil')),
    ).toEqual(['fulfil first_response', 'fulfil resolution'])
    expect(it.at(30, 'moved', ticket({ firstRepliedAt: after(0.5) }))).toEqual(['activate resolution'])
    expect(it.clock('resolution')).toMatchObject({ cycle: 2, startedAt: after(30), dueAt: after(40) })
  })

  test('a merged ticket promises nothing any more, and is in no figure', () => {
    const it = story()
    it.at(0, 'created', ticket())
    expect(it.at(5, 'moved', ticket({ status: 'closed', merged: true }))).toEqual(['cancel first_response', 'cancel resolution'])
    expect(it.summary()).toMatchObject({ state: null, breached: false })
  })
})

describe('what time does', () => {
  test('each rung is reached once, the breach among them with the moment when it was', () => {
    const it = story()
    it.at(0, 'created', ticket())
    expect(it.at(0.5, 'time', ticket())).toEqual(['warn first_response'])
    expect(it.at(0.6, 'time', ticket())).toEqual([])
    expect(it.at(7, 'time', ticket())).toEqual(['breach first_response', 'warn first_response', 'warn resolution'])
    expect(it.events().find(({ kind }) => kind === 'breach')).toMatchObject({ at: after(1), countedSeconds: 3600, cause: 'time' })
    expect([it.reached(), it.clock('first_response')?.timerAt]).toEqual([[50, 100, 150, 50], null])
    expect(it.summary()).toMatchObject({ state: 'breached', breached: true, nextDueAt: after(1) })
  })

  test('late though no worker has looked: the answer that ends it says so, and nobody is woken for what is done', () => {
    const it = story()
    it.at(0, 'created', ticket())
    const events = it.at(3, 'replied', ticket({ firstRepliedAt: after(3) }))
    expect(events).toContain('breach first_response')
    expect(events.indexOf('fulfil first_response')).toBeGreaterThan(events.indexOf('breach first_response'))
    expect([it.reached(), it.summary()?.breached]).toEqual([[], true])
  })
})

describe('another promise', () => {
  test('a higher priority counts from the creation; what is late by it is late at once, what is not, is not any more', () => {
    const targets = {
      ...same({ first_response: null, next_response: null, resolution: 600 }),
      urgent: { first_response: null, next_response: null, resolution: 60 },
    }
    const it = story([policy({ targets })])
    it.at(0, 'created', ticket())
    expect(it.at(2, 'changed', ticket({ priority: 'urgent' }))).toEqual([
      'retarget resolution',
      'warn resolution',
      'breach resolution',
      'warn resolution',
    ])
    expect(it.summary()).toMatchObject({ state: 'breached', nextDueAt: after(1) })
    expect(it.at(3, 'changed', ticket({ priority: 'low' }))).toEqual(['retarget resolution'])
    expect(it.summary()).toMatchObject({ state: 'running', breached: false, nextDueAt: after(10) })
    // Reached anew under the new promise.
    expect(it.at(5, 'time', ticket({ priority: 'low' }))).toEqual(['warn resolution'])
  })

  test('a holiday that is added afterwards moves the due time of what is counted by it', () => {
    const week = Array.from({ length: 7 }, () => [{ from: '09:00', to: '18:00' }])
    const days = new Map<string, []>()
    const china = () => workingTime({ timeZone: 'Asia/Shanghai', weekly: week, days })
    const it = story([policy({ targets: same({ first_response: null, next_response: null, resolution: 600 }) })], china)
    it.at(0, 'created', ticket({ teamCalendarId: 'calendar' }))
    expect(it.summary()?.nextDueAt).toEqual(new Date('2026-11-24T03:00:00Z'))
    days.set('2026-11-24', [])
    expect(it.at(1, 'calendar', ticket({ teamCalendarId: 'calendar' }))).toEqual(['retarget resolution'])
    expect(it.summary()?.nextDueAt).toEqual(new Date('2026-11-25T03:00:00Z'))
    expect(it.at(1, 'calendar', ticket({ teamCalendarId: 'calendar' }))).toEqual([])
  })

  test('a policy that is removed gives way to the next, and without any nothing is promised', () => {
    const next = policy({ id: 'next', targets: same({ first_response: 120, next_response: null, resolution: null }) })
    const it = story([policy(), next])
    it.at(0, 'created', ticket())
    it.house.policies.splice(0, 1)
    expect(it.at(0.5, 'policy', ticket())).toEqual(['retarget first_response', 'cancel resolution'])
    expect(it.clock('first_response')).toMatchObject({ policyId: 'next', dueAt: after(2) })
    it.house.policies.splice(0, 1)
    expect(it.at(0.6, 'policy', ticket())).toEqual(['cancel first_response'])
    expect(it.summary()).toMatchObject({ state: null, nextDueAt: null })
  })

  test('a promise that the house gives only now begins now: an old ticket does not break it in that moment', () => {
    const it = story([])
    expect(it.at(0, 'created', ticket())).toEqual([])
    it.house.policies.push(policy())
    expect(it.at(100, 'policy', ticket())).toEqual(['activate first_response', 'activate resolution'])
    expect(it.summary()).toMatchObject({ state: 'running', nextDueAt: after(101) })
  })

  test('a calendar without any working time gives no due time and no timer, and never hangs', () => {
    const never = workingTime({ timeZone: 'Asia/Shanghai', weekly: Array.from({ length: 7 }, () => []), days: new Map() })
    const it = story([policy()], () => never)
    it.at(0, 'created', ticket())
    expect(it.summary()).toMatchObject({ state: 'running', nextDueAt: null })
    expect(it.at(9000, 'time', ticket())).toEqual([])
  })
})
