import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Calendar } from '../../contract/calendar.ts'
import type { Customer } from '../../contract/customer.ts'
import type { Notification } from '../../contract/notification.ts'
import type { Clock, SlaPolicy, TicketClocks } from '../../contract/sla.ts'
import type { Team } from '../../contract/team.ts'
import type { Ticket, TicketDetail } from '../../contract/ticket.ts'
import type { TicketType } from '../../contract/ticket-type.ts'
import { inTransaction, SYSTEM } from '../../core/context.ts'
import { fireAllTimers, fireTimers } from '../../modules/tickets/sla/timers.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let leader: StaffClient
let supervisor: StaffClient
let team: Team
let calendar: Calendar
let customer: Customer
let typeId: string

const HOUR = 3_600_000
const DAY = 24 * HOUR
const always = Array.from({ length: 7 }, () => [{ from: '00:00', to: '24:00' }])
const all = (first_response: number | null, next_response: number | null, resolution: number | null) => {
  const targets = { first_response, next_response, resolution }
  return { urgent: targets, high: targets, normal: targets, low: targets }
}
const day = (days: number) => new Date(it.now() + 8 * HOUR + days * DAY).toISOString().slice(0, 10)

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  supervisor = await it.staff('supervisor')
  leader = await it.staff('agent', '组长')
  agent = await it.staff('agent', '负责人')
  calendar = await admin.post<Calendar>('/calendars', { name: unique('日历'), timeZone: 'Asia/Shanghai', weekly: always })
  team = await admin.post<Team>('/teams', { name: unique('工单组'), leaderId: leader.me.id, calendarId: calendar.id })
  await admin.put(`/teams/${team.id}/members/${agent.me.id}`, { role: 'agent' })
  await admin.put(`/teams/${team.id}/members/${supervisor.me.id}`, { role: 'supervisor' })
  customer = await admin.post<Customer>('/customers', { name: unique('客户') })
  await admin.post('/relations', { subject: { kind: 'customer', id: customer.id }, teams: [{ teamId: team.id, rank: 'primary' }] })
  typeId = (await admin.get<TicketType[]>('/ticket-types')).find(({ fields }) =>
    fields.every(({ requiredIn }) => requiredIn.length === 0),
  )!.id
  for (const { id, version } of await admin.get<SlaPolicy[]>('/sla/policies'))
    await admin.ask('DELETE', `/sla/policies/${id}?version=${version}`)
}, 120_000)
afterAll(() => it.stop())

const promise = (more: object = {}) =>
  admin.post<SlaPolicy>('/sla/policies', {
    name: unique('承诺'),
    conditions: { typeIds: [], tagIds: [], teamIds: [team.id], channelKinds: [] },
    targets: { ...all(60, 120, 480), urgent: { first_response: 10, next_response: 20, resolution: 240 } },
    calendar: { source: 'team', calendarId: null },
    steps: [
      { percent: 50, to: ['assignee'] },
      { percent: 100, to: ['leader'] },
      { percent: 200, to: ['supervisors'] },
    ],
    ...more,
  })
const withdraw = async (policy: SlaPolicy) => {
  const { version } = await admin.get<SlaPolicy>(`/sla/policies/${policy.id}`)
  await admin.ask('DELETE', `/sla/policies/${policy.id}?version=${version}`)
}
const newTicket = (more: object = {}) =>
  agent.post<TicketDetail>('/tickets', {
    title: unique('打印机不工作'),
    typeId,
    priority: 'normal',
    teamId: team.id,
    customerId: customer.id,
    assigneeId: agent.me.id,
    ...more,
  })
const clocksOf = (ticket: { id: string }, client = agent) => client.get<TicketClocks>(`/tickets/${ticket.id}/sla`)
const clock = async (ticket: { id: string }, kind: Clock['clock']) => (await clocksOf(ticket)).clocks.find((each) => each.clock === kind)!
const move = (ticket: { id: string }, to: string, more: object = {}) =>
  agent.post<TicketDetail>(`/tickets/${ticket.id}/moves`, { to, ...more })
const reply = (ticket: { id: string }) =>
  agent.post(`/tickets/${ticket.id}/follow-ups`, { visibility: 'customer', text: '正在处理，请稍候。', clientKey: unique('follow-up-key') })
const told = async (client: StaffClient, ticket: { id: string }) =>
  (await client.get<Notification[]>('/notifications?limit=100'))
    .filter(({ link }) => link === `/tickets/${ticket.id}`)
    .map(({ kind }) => kind)
const ms = (iso: string | null) => Date.parse(iso ?? '')

describe('BP-006.2 the count-down', () => {
  test('BP-006.2 a new ticket is due by its priority’s promise, in the list and in the detail, and says why', async () => {
    const policy = await promise()
    const ticket = await newTicket({ priority: 'urgent' })
    expect(ticket.sla).toMatchObject({ clock: 'first_response', state: 'running', breached: false })
    expect(ms(ticket.sla.nextDueAt) - ms(ticket.createdAt)).toBe(600_000)
    const [listed] = await agent.get<Ticket[]>(`/tickets?q=${ticket.number}`)
    expect(listed!.sla).toEqual(ticket.sla)
    const why = await clocksOf(ticket)
    expect(why.policy).toEqual({ id: policy.id, name: policy.name })
    expect(why.clocks.map((each) => [each.clock, each.targetSeconds]).sort()).toEqual([
      ['first_response', 600],
      ['resolution', 14_400],
    ])
    const resolution = why.clocks.find((each) => each.clock === 'resolution')!
    expect(resolution.calendar).toEqual({ id: calendar.id, name: calendar.name, timeZone: 'Asia/Shanghai' })
    expect(resolution.lines.at(-1)).toMatchObject({ until: resolution.dueAt, totalSeconds: 14_400 })
    await withdraw(policy)
  })

  test('BP-006.2 while it waits for the customer it stands still; the due time moves by exactly the pause, both durations are kept', async () => {
    const policy = await promise()
    const ticket = await newTicket()
    const before = await clock(ticket, 'resolution')
    const waiting = await move(ticket, 'waiting_customer')
    expect(waiting.sla).toMatchObject({ state: 'paused', nextDueAt: null })
    expect(waiting.sla.leftSeconds).toBeGreaterThan(3500)
    await it.travel(5 * HOUR)
    await move(ticket, 'in_progress')
    const after = await clock(ticket, 'resolution')
    const [, paused, resumed] = after.events
    expect(after.events.map(({ kind }) => kind)).toEqual(['activate', 'pause', 'resume'])
    expect(ms(after.dueAt) - ms(before.dueAt)).toBe(ms(resumed!.at) - ms(paused!.at))
    expect(resumed!.countedSeconds).toBe(paused!.countedSeconds)
    expect(resumed!.naturalSeconds - paused!.naturalSeconds).toBeGreaterThanOrEqual(5 * 3600)
    await withdraw(policy)
  })

  test('BP-006.2 the answer ends the first clock, what the customer says then starts the next, solving ends all, reopening starts anew', async () => {
    const policy = await promise()
    const ticket = await newTicket()
    await reply(ticket)
    expect(await clock(ticket, 'first_response')).toMatchObject({ state: 'fulfilled', breachedAt: null })
    expect((await agent.get<TicketDetail>(`/tickets/${ticket.id}`)).firstRepliedAt).not.toBeNull()
    await move(ticket, 'resolved', { solution: '已更换硒鼓' })
    expect((await clocksOf(ticket)).sla).toMatchObject({ state: 'fulfilled', breached: false })
    await move(ticket, 'in_progress', { reason: '问题又出现了' })
    expect(await clock(ticket, 'resolution')).toMatchObject({ cycle: 2, state: 'running' })
    await withdraw(policy)
  })
})

describe('BP-006.3 warnings and breach', () => {
  test('BP-006.3 assignee, leader, supervisors are told one after the other, each once, whatever number of workers look', async () => {
    const policy = await promise()
    const ticket = await newTicket({ priority: 'urgent' })
    await it.travel(6 * 60_000)
    await until(async () => expect(await told(agent, ticket)).toContain('ticket.sla_warning'))
    expect(await told(leader, ticket)).not.toContain('ticket.sla_breached')
    await it.travel(5 * 60_000)
    await Promise.all(Array.from({ length: 5 }, () => fireAllTimers(it.process.app)))
    await until(async () => expect(await told(leader, ticket)).toContain('ticket.sla_breached'))
    await it.travel(10 * 60_000)
    await until(async () => expect(await told(supervisor, ticket)).toContain('ticket.sla_overdue'))
    await Promise.all(Array.from({ length: 5 }, () => fireAllTimers(it.process.app)))
    expect((await told(leader, ticket)).filter((kind) => kind === 'ticket.sla_breached')).toHaveLength(1)
    const first = await clock(ticket, 'first_response')
    expect(first.events.map(({ kind, percent }) => [kind, percent])).toEqual([
      ['activate', null],
      ['warn', 50],
      ['breach', 100],
      ['warn', 200],
    ])
    expect(first.breachedAt).toBe(first.dueAt)
    expect((await agent.get<TicketDetail>(`/tickets/${ticket.id}`)).sla).toMatchObject({ state: 'breached', breached: true })
    await withdraw(policy)
  })

  test('BP-006.3 a worker that dies at the moment of the breach has done nothing; the next one does it, with the moment when it was', async () => {
    const policy = await promise({ steps: [], targets: all(null, null, 30) })
    const ticket = await newTicket()
    const { dueAt } = await clock(ticket, 'resolution')
    const app = it.process.app
    await it.travel(3 * HOUR)
    const dies = inTransaction(app, SYSTEM, async (ctx) => {
      await fireTimers(ctx)
      throw new Error('killed')
    })
    await expect(dies).rejects.toThrow('killed')
    await fireAllTimers(app)
    // The house's own look may have it in hand: one of the two does it, once.
    await until(async () => {
      const breaches = (await clock(ticket, 'resolution')).events.filter(({ kind }) => kind === 'breach')
      expect(breaches.map(({ at, countedSeconds }) => [at, countedSeconds])).toEqual([[dueAt, 1800]])
    })
    await withdraw(policy)
  })

  test('BP-006.3 a process whose own clock is ten minutes ahead fires nothing early: the database’s clock counts', async () => {
    const policy = await promise({ targets: all(null, null, 5) })
    const ticket = await newTicket()
    const real = Date.now
    Date.now = () => real() + 600_000
    try {
      await fireAllTimers(it.process.app)
    } finally {
      Date.now = real
    }
    expect((await clock(ticket, 'resolution')).events.map(({ kind }) => kind)).toEqual(['activate'])
    await withdraw(policy)
  })

  test('what happened to a clock can be neither changed nor deleted', async () => {
    for (const work of [it.process.app.db('sla_events').update({ percent: 1 }), it.process.app.db('sla_events').delete()])
      await expect(work).rejects.toThrow(/permission denied|refuse|insert/)
  })

  test('BP-013.3 the list of warnings has the most urgent first, and nobody else’s', async () => {
    const policy = await promise()
    const later = await newTicket()
    const sooner = await newTicket({ priority: 'urgent' })
    const stranger = await it.staff('agent')
    const listed = (await agent.get<Ticket[]>('/tickets/sla-warnings?withinMinutes=90&limit=100')).map(({ id }) => id)
    expect(listed.filter((id) => id === later.id || id === sooner.id)).toEqual([sooner.id, later.id])
    expect((await agent.get<Ticket[]>('/tickets/sla-warnings?withinMinutes=30&limit=100')).map(({ id }) => id)).not.toContain(later.id)
    expect((await stranger.get<Ticket[]>('/tickets/sla-warnings?limit=100')).map(({ id }) => id)).not.toContain(sooner.id)
    await withdraw(policy)
  })
})

describe('BP-006.2 another promise', () => {
  test('BP-006.2 a higher priority counts from the beginning, and the old promise stays in the history', async () => {
    const policy = await promise()
    const ticket = await newTicket()
    const changed = await agent.patch<TicketDetail>(`/tickets/${ticket.id}`, { priority: 'urgent', version: ticket.version })
    expect(ms(changed.sla.nextDueAt) - ms(ticket.createdAt)).toBe(600_000)
    const first = await clock(ticket, 'first_response')
    expect(first.events.map(({ kind, cause, targetSeconds }) => [kind, cause, targetSeconds])).toEqual([
      ['activate', 'created', 3600],
      ['retarget', 'changed', 600],
    ])
    await withdraw(policy)
  })

  test('BP-006.2 a holiday that is added afterwards moves what is due behind it, in the background', async () => {
    const policy = await promise({ targets: all(null, null, 3 * 1440) })
    const ticket = await newTicket()
    const before = await clock(ticket, 'resolution')
    const { version } = await admin.get<Calendar>(`/calendars/${calendar.id}`)
    const set = [{ day: day(1), kind: 'holiday', name: '临时放假', periods: null }]
    await admin.post(`/calendars/${calendar.id}/days`, { set, remove: [], version })
    await until(async () => expect(ms((await clock(ticket, 'resolution')).dueAt) - ms(before.dueAt)).toBe(DAY))
    expect((await clock(ticket, 'resolution')).events.at(-1)).toMatchObject({ kind: 'retarget', cause: 'calendar' })
    const lines = (await clock(ticket, 'resolution')).lines
    expect(lines.filter(({ kind }) => kind === 'closed').map((line) => ms(line.until) - ms(line.from))).toEqual([DAY])
    await withdraw(policy)
  })

  test('BP-006.2 a policy that is deleted while clocks run gives way to the next; without any, nothing is promised', async () => {
    const first = await promise()
    const second = await promise({ targets: all(30, null, null) })
    const ticket = await newTicket()
    await withdraw(first)
    await until(async () => expect((await clock(ticket, 'first_response')).policy.id).toBe(second.id))
    expect((await clock(ticket, 'resolution')).state).toBe('cancelled')
    await withdraw(second)
    await until(async () => expect((await clocksOf(ticket)).sla).toMatchObject({ state: null, nextDueAt: null }))
  })
})
