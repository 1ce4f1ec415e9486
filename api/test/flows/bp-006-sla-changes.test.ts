import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Calendar } from '../../contract/calendar.ts'
import type { Customer } from '../../contract/customer.ts'
import type { Clock, SlaPolicy, TicketClocks } from '../../contract/sla.ts'
import type { Team } from '../../contract/team.ts'
import type { TicketType } from '../../contract/ticket-type.ts'
import type { TicketDetail } from '../../contract/ticket.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { until } from '../until.ts'

/** Promises whose ground changes under running clocks: tags of customers, calendars of teams, holidays of long ago, and a clock that is broken. */
let it: TestApp
let admin: StaffClient
let team: Team
let calendar: Calendar
let typeId: string
let tag: { id: string }
let usual: SlaPolicy
let special: SlaPolicy

const DAY = 86_400_000
const always = Array.from({ length: 7 }, () => [{ from: '00:00', to: '24:00' }])
const never = Array.from({ length: 7 }, () => [])
const resolution = (minutes: number) => {
  const targets = { first_response: null, next_response: null, resolution: minutes }
  return { urgent: targets, high: targets, normal: targets, low: targets }
}
const day = (days: number) => new Date(it.now() + 8 * 3_600_000 + days * DAY).toISOString().slice(0, 10)
const newCalendar = (weekly: object[] = always) =>
  admin.post<Calendar>('/calendars', { name: unique('日历'), timeZone: 'Asia/Shanghai', weekly })
const holiday = async ({ id }: Calendar, days: number) => {
  const { version } = await admin.get<Calendar>(`/calendars/${id}`)
  await admin.post(`/calendars/${id}/days`, {
    set: [{ day: day(days), kind: 'holiday', name: '放假', periods: null }],
    remove: [],
    version,
  })
}
const promise = (minutes: number, more: object) =>
  admin.post<SlaPolicy>('/sla/policies', {
    name: unique('承诺'),
    targets: resolution(minutes),
    calendar: { source: 'team', calendarId: null },
    ...more,
  })
const newTeam = (calendarId: string) => admin.post<Team>('/teams', { name: unique('工单组'), leaderId: admin.me.id, calendarId })
const newCustomer = () => admin.post<Customer>('/customers', { name: unique('客户') })
const newTicket = (more: object = {}) =>
  admin.post<TicketDetail>('/tickets', { title: unique('打印机不工作'), typeId, teamId: team.id, assigneeId: admin.me.id, ...more })
const clock = async ({ id }: { id: string }): Promise<Clock> => (await admin.get<TicketClocks>(`/tickets/${id}/sla`)).clocks[0]!
const ms = (iso: string | null) => Date.parse(iso ?? '')
const underPolicy = (ticket: { id: string }, { id }: SlaPolicy) => until(async () => expect((await clock(ticket)).policy.id).toBe(id))

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  calendar = await newCalendar()
  team = await newTeam(calendar.id)
  tag = await admin.post('/customer-tags', { name: unique('贵宾'), color: '#aa0000' })
  typeId = (await admin.get<TicketType[]>('/ticket-types')).find(({ fields }) => fields.every((field) => field.requiredIn.length === 0))!.id
  for (const { id, version } of await admin.get<SlaPolicy[]>('/sla/policies'))
    await admin.ask('DELETE', `/sla/policies/${id}?version=${version}`)
  special = await promise(60, { conditions: { tagIds: [tag.id] } })
  usual = await promise(3 * 1440, {})
}, 120_000)
afterAll(() => it.stop())

describe('BP-006.2 tags of customers', () => {
  test('BP-006.2 a customer who gets a tag has another promise for his open tickets, and who loses it the old one; the history says why', async () => {
    const customer = await newCustomer()
    const ticket = await newTicket({ customerId: customer.id })
    const stranger = await newTicket({ customerId: (await newCustomer()).id })
    expect((await clock(ticket)).policy.id).toBe(usual.id)
    await admin.patch(`/customers/${customer.id}/tags`, { add: [tag.id], remove: [] })
    await underPolicy(ticket, special)
    expect((await clock(ticket)).events.at(-1)).toMatchObject({ kind: 'retarget', cause: 'customer', targetSeconds: 3600 })
    await admin.patch(`/customers/${customer.id}/tags`, { add: [], remove: [tag.id] })
    await underPolicy(ticket, usual)
    expect((await clock(ticket)).events.map(({ kind }) => kind)).toEqual(['activate', 'retarget', 'retarget'])
    expect((await clock(stranger)).events.map(({ kind }) => kind)).toEqual(['activate'])
  })

  test('BP-006.2 the same for many at once', async () => {
    const customer = await newCustomer()
    const ticket = await newTicket({ customerId: customer.id })
    const bulk = (change: object) => admin.post('/customers/bulk-tagging', { customers: { ids: [customer.id] }, ...change })
    await bulk({ add: [tag.id] })
    await underPolicy(ticket, special)
    await bulk({ remove: [tag.id] })
    await underPolicy(ticket, usual)
  })

  test('BP-006.2 when two customers become one, the tickets of both go by his tags; parted again, each by his own', async () => {
    const [into, from] = [await newCustomer(), await newCustomer()]
    const ticket = await newTicket({ customerId: from.id })
    await admin.patch(`/customers/${into.id}/tags`, { add: [tag.id], remove: [] })
    const [a, b] = await Promise.all([into, from].map(({ id }) => admin.get<Customer>(`/customers/${id}`)))
    const merge = await admin.post<{ id: string }>(`/customers/${into.id}/merges`, {
      from: from.id,
      version: a!.version,
      fromVersion: b!.version,
      choose: {},
    })
    await underPolicy(ticket, special)
    await admin.post(`/customer-merges/${merge.id}/undo`, {})
    await underPolicy(ticket, usual)
  })
})

describe('BP-006.2 calendars', () => {
  test('BP-006.2 a team that goes by another calendar: what runs is counted by that one from its beginning, with the old due time in the history', async () => {
    const own = await newTeam(calendar.id)
    const ticket = await newTicket({ teamId: own.id })
    const before = await clock(ticket)
    const other = await newCalendar()
    await holiday(other, 1)
    await admin.patch(`/teams/${own.id}`, { calendarId: other.id, version: own.version })
    await until(async () => expect(ms((await clock(ticket)).dueAt) - ms(before.dueAt)).toBe(DAY))
    const after = await clock(ticket)
    expect(after.calendar?.id).toBe(other.id)
    expect(after.events.map(({ kind, cause, dueAt }) => [kind, cause, dueAt])).toEqual([
      ['activate', 'created', before.dueAt],
      ['retarget', 'team', after.dueAt],
    ])
  })

  test('BP-006.2 a ticket that goes to another team is counted by that team’s calendar', async () => {
    const other = await newCalendar()
    await holiday(other, 1)
    const second = await newTeam(other.id)
    const ticket = await newTicket()
    const before = await clock(ticket)
    await admin.post(`/tickets/${ticket.id}/transfer`, { to: { kind: 'team', teamId: second.id }, note: '转技术' })
    const after = await clock(ticket)
    expect([after.calendar?.id, ms(after.dueAt) - ms(before.dueAt)]).toEqual([other.id, DAY])
    expect(after.events.map(({ kind, dueAt }) => [kind, dueAt])).toEqual([
      ['activate', before.dueAt],
      ['retarget', after.dueAt],
    ])
  })

  test('a calendar without working time is refused for a team to whose tickets something is promised, before there is one; what clocks have gone by is not removed', async () => {
    const empty = await newCalendar(never)
    const wish = { name: unique('从不上班'), calendarId: empty.id }
    await admin.expectError('POST', '/teams', wish, 409, 'calendar_without_hours')
    const { id, version } = await admin.post<Team>('/teams', { name: wish.name })
    await admin.expectError('PATCH', `/teams/${id}`, { calendarId: empty.id, version }, 409, 'calendar_without_hours')
    const worked = await newCalendar()
    await admin.patch(`/teams/${id}`, { calendarId: worked.id, version })
    await admin.expectError('PATCH', `/calendars/${worked.id}`, { weekly: never, version: worked.version }, 409, 'calendar_without_hours')
    const past = await newCalendar()
    const passing = await newTeam(past.id)
    await newTicket({ teamId: passing.id })
    await admin.patch(`/teams/${passing.id}`, { calendarId: null, version: passing.version })
    await admin.expectError('DELETE', `/calendars/${past.id}?version=1`, undefined, 409, 'calendar_in_use')
  })

  test('BP-006.2 a holiday of more than a year ago still does not count for a clock that ran through it', async () => {
    const old = await newCalendar()
    await holiday(old, 2)
    const ticket = await newTicket({ teamId: (await newTeam(old.id)).id })
    await it.travel(400 * DAY)
    admin = await it.logIn(admin.me.username)
    const { naturalSeconds, countedSeconds } = await clock(ticket)
    expect(naturalSeconds - countedSeconds).toBe(DAY / 1000)
  })
})

describe('I6 a clock that cannot be reckoned', () => {
  test('I6 it stops nobody else’s: the others break in time and are worked out anew', async () => {
    const broken = await newTicket()
    const fine = await newTicket()
    const { db } = it.process.app
    await db('sla_clocks')
      .where({ ticket_id: broken.id })
      .update({ breaks: JSON.stringify([['soon', 'later']]) })
    await it.travel(4 * DAY)
    admin = await it.logIn(admin.me.username)
    await until(async () => expect((await clock(fine)).events.map(({ kind }) => kind)).toEqual(['activate', 'breach']))
    await admin.patch(`/sla/policies/${usual.id}`, { targets: resolution(10 * 1440), version: usual.version })
    await until(async () => expect(await clock(fine)).toMatchObject({ targetSeconds: 864_000, breachedAt: null }))
    expect(it.log.some((line) => line.includes('tickets.timer_not_fired') && line.includes(broken.id))).toBe(true)
    await db('sla_clocks').where({ ticket_id: broken.id }).update({ breaks: '[]' })
    await until(async () => expect(await clock(broken)).toMatchObject({ targetSeconds: 864_000 }))
  })
})
