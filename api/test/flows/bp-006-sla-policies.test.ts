import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Calendar } from '../../contract/calendar.ts'
import type { ErrorCode } from '../../contract/errors.ts'
import type { SlaPolicy, TicketClocks } from '../../contract/sla.ts'
import type { Team } from '../../contract/team.ts'
import type { TicketDetail } from '../../contract/ticket.ts'
import type { TicketType } from '../../contract/ticket-type.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let team: Team
let calendar: Calendar
let typeId: string

const always = Array.from({ length: 7 }, () => [{ from: '00:00', to: '24:00' }])
const all = (first_response: number | null, next_response: number | null, resolution: number | null) => {
  const targets = { first_response, next_response, resolution }
  return { urgent: targets, high: targets, normal: targets, low: targets }
}

beforeAll(async () => {
  it = await startTestApp({ roles: ['api'] })
  admin = await it.staff('admin')
  agent = await it.staff('agent')
  calendar = await admin.post<Calendar>('/calendars', { name: unique('日历'), timeZone: 'Asia/Shanghai', weekly: always })
  team = await admin.post<Team>('/teams', { name: unique('工单组'), leaderId: agent.me.id, calendarId: calendar.id })
  typeId = (await admin.get<TicketType[]>('/ticket-types')).find(({ fields }) =>
    fields.every(({ requiredIn }) => requiredIn.length === 0),
  )!.id
}, 120_000)
afterAll(() => it.stop())

const promise = () =>
  admin.post<SlaPolicy>('/sla/policies', {
    name: unique('承诺'),
    conditions: { typeIds: [], tagIds: [], teamIds: [team.id], channelKinds: [] },
    targets: all(60, 120, 480),
    calendar: { source: 'team', calendarId: null },
  })
const newTicket = () =>
  agent.post<TicketDetail>('/tickets', { title: unique('打印机不工作'), typeId, teamId: team.id, assigneeId: agent.me.id })

describe('BP-006.2 whose promise it is', () => {
  test('BP-006.2 the first in order that fits by type, channel and team decides, its minutes by priority; the others are named with the reason', async () => {
    const type = await admin.post<TicketType>('/ticket-types', { nameZh: unique('报修'), nameEn: unique('Repair') })
    const none = { typeIds: [], tagIds: [], teamIds: [], channelKinds: [] }
    const first = all(10, null, null)
    const calendar = { source: 'always', calendarId: null }
    const byChannel = await admin.post<SlaPolicy>('/sla/policies', {
      ...{ name: unique('网页'), conditions: { ...none, channelKinds: ['web'] }, targets: first, calendar },
    })
    const byType = await admin.post<SlaPolicy>('/sla/policies', {
      ...{ name: unique('报修'), conditions: { ...none, typeIds: [type.id] }, calendar },
      targets: { ...all(60, null, null), urgent: { first_response: 5, next_response: null, resolution: null } },
    })
    const others = (await admin.get<SlaPolicy[]>('/sla/policies')).filter(({ id }) => id !== byChannel.id && id !== byType.id)
    await admin.put('/sla/policies/order', { ids: [byChannel.id, byType.id, ...others.map(({ id }) => id)] })
    const web = await it.connectWeb()
    const customer = await it.webCustomer(web.id)
    await customer.say('打印机冒烟')
    const conversationId = (await customer.history()).conversation?.id ?? ''
    const make = (more: object) => admin.post<TicketDetail>('/tickets', { title: unique('打印机'), typeId: type.id, ...more })
    const clocks = ({ id }: { id: string }) => admin.get<TicketClocks>(`/tickets/${id}/sla`)
    const fromChat = await clocks(await make({ from: { conversationId, seqs: [1] } }))
    expect(fromChat).toMatchObject({ policy: { id: byChannel.id }, clocks: [{ targetSeconds: 600 }], passed: [] })
    const byHand = await clocks(await make({ priority: 'urgent', customerId: (await admin.conversation(conversationId)).customer.id }))
    expect(byHand).toMatchObject({ policy: { id: byType.id }, clocks: [{ targetSeconds: 300 }] })
    expect(byHand.passed).toMatchObject([{ policy: { id: byChannel.id }, why: 'channel' }])
    const plain = await clocks(await make({ typeId, teamId: team.id }))
    expect(plain.passed.map(({ why }) => why).slice(0, 2)).toEqual(['channel', 'type'])
    for (const { id, version } of await admin.get<SlaPolicy[]>('/sla/policies'))
      if (id === byChannel.id || id === byType.id) await admin.ask('DELETE', `/sla/policies/${id}?version=${version}`)
  })
})

describe('bad input, and who may', () => {
  test.each<[string, () => Promise<object>, number, ErrorCode]>([
    ['nothing promised', async () => ({ targets: all(null, null, null) }), 400, 'invalid_request'],
    ['a calendar that is nowhere', async () => ({ calendar: { source: 'own', calendarId: team.id } }), 404, 'not_found'],
    ['no calendar of its own', async () => ({ calendar: { source: 'own', calendarId: null } }), 400, 'invalid_request'],
    ['an unknown tag', async () => ({ conditions: { typeIds: [], tagIds: [team.id], teamIds: [], channelKinds: [] } }), 400, 'tag_unknown'],
    ['an unknown type', async () => ({ conditions: { typeIds: [team.id], tagIds: [], teamIds: [], channelKinds: [] } }), 404, 'not_found'],
    [
      'a ladder that goes down',
      async () => ({
        steps: [
          { percent: 100, to: ['leader'] },
          { percent: 50, to: ['leader'] },
        ],
      }),
      400,
      'invalid_request',
    ],
    ['a level that is nowhere', async () => ({ steps: [{ percent: 100, to: ['leader'], escalateTo: 9 }] }), 409, 'escalation_unavailable'],
  ])('%s is refused', async (_, more, status, code) => {
    const body = { name: unique('坏'), targets: all(10, 10, 10), calendar: { source: 'always', calendarId: null }, ...(await more()) }
    const before = await admin.get<SlaPolicy[]>('/sla/policies')
    await admin.expectError('POST', '/sla/policies', body, status, code)
    expect(await admin.get<SlaPolicy[]>('/sla/policies')).toEqual(before)
  })

  test('a calendar without working time is refused: for a promise, and once something is counted by it', async () => {
    const weekly = Array.from({ length: 7 }, () => [])
    const empty = await admin.post<Calendar>('/calendars', { name: unique('空日历'), timeZone: 'Asia/Shanghai', weekly })
    const body = { name: unique('永不到期'), targets: all(10, 10, 10), calendar: { source: 'own', calendarId: empty.id } }
    await admin.expectError('POST', '/sla/policies', body, 409, 'calendar_without_hours')
    const unpromised = async (enabled: boolean) => {
      for (const { id, version } of await admin.get<SlaPolicy[]>('/sla/policies'))
        await admin.ask('PATCH', `/sla/policies/${id}`, { enabled, version })
    }
    await unpromised(false)
    const { id: idle } = await admin.post<Team>('/teams', { name: unique('不上班'), calendarId: empty.id })
    const byTeam = { ...body, conditions: { typeIds: [], tagIds: [], teamIds: [idle], channelKinds: [] } }
    const refusal = await admin.expectError(
      'POST',
      '/sla/policies',
      { ...byTeam, calendar: { source: 'team', calendarId: null } },
      409,
      'calendar_without_hours',
    )
    expect(refusal).toEqual({ name: empty.name })
    await admin.patch(`/teams/${idle}`, { calendarId: null, version: 1 })
    await unpromised(true)
    await promise()
    await newTicket()
    const { version } = await admin.get<Calendar>(`/calendars/${calendar.id}`)
    await admin.expectError('PATCH', `/calendars/${calendar.id}`, { weekly, version }, 409, 'calendar_without_hours')
    expect((await admin.get<Calendar>(`/calendars/${calendar.id}`)).weekly).toEqual(always)
  })

  test('two who change a promise at once: one is told that the other was faster', async () => {
    const policy = await promise()
    const answers = await Promise.all(
      [1, 2].map((n) => admin.ask('PATCH', `/sla/policies/${policy.id}`, { name: unique(`改${n}`), version: policy.version })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('S22 S1 agents do not set promises; the clocks of a ticket outside one’s scope are not there', async () => {
    const ticket = await newTicket()
    const stranger = await it.staff('agent')
    await agent.expectError('GET', '/sla/policies', undefined, 403, 'forbidden')
    await agent.expectError(
      'POST',
      '/sla/policies',
      { name: 'x', targets: all(1, 1, 1), calendar: { source: 'always', calendarId: null } },
      403,
      'forbidden',
    )
    await stranger.expectError('GET', `/tickets/${ticket.id}/sla`, undefined, 404, 'not_found')
  })
})
