import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Notification } from '../../contract/notification.ts'
import type { Escalation, EscalationLevels, SlaPolicy } from '../../contract/sla.ts'
import type { Team } from '../../contract/team.ts'
import type { TicketEvent } from '../../contract/ticket-history.ts'
import type { TicketDetail } from '../../contract/ticket.ts'
import type { TicketType } from '../../contract/ticket-type.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let expert: StaffClient
let boss: StaffClient
let first: Team
let second: Team
let typeId: string

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  agent = await it.staff('agent', '一线')
  expert = await it.staff('agent', '专家')
  boss = await it.staff('supervisor', '经理')
  const newTeam = (leader: StaffClient) => admin.post<Team>('/teams', { name: unique('团队'), leaderId: leader.me.id })
  first = await newTeam(agent)
  second = await newTeam(expert)
  typeId = (await admin.get<TicketType[]>('/ticket-types')).find(({ fields }) =>
    fields.every(({ requiredIn }) => requiredIn.length === 0),
  )!.id
  await setLevels()
}, 120_000)
afterAll(() => it.stop())

const level = (name: string, more: object) => ({ name, teamId: null, accountId: null, reopenings: null, urges: null, ...more })
const usual = () => [level('二线', { teamId: second.id }), level('经理', { accountId: boss.me.id, reopenings: 1 })]
async function setLevels(levels = usual()): Promise<EscalationLevels> {
  const { version } = await admin.get<EscalationLevels>('/escalation-levels')
  return admin.put<EscalationLevels>('/escalation-levels', { levels, version })
}
const newTicket = () =>
  agent.post<TicketDetail>('/tickets', { title: unique('退款没有到账'), typeId, teamId: first.id, assigneeId: agent.me.id })
const escalate = (ticket: { id: string }, client = agent, more: object = {}) =>
  client.post<Escalation[]>(`/tickets/${ticket.id}/escalations`, { reason: '需要财务权限', ...more })
const refused = (ticket: { id: string }, client: StaffClient, more: object, code: 'escalation_loop' | 'escalation_unavailable') =>
  client.expectError('POST', `/tickets/${ticket.id}/escalations`, { reason: '再升一次', ...more }, 409, code)
const seen = (ticket: { id: string }) => admin.get<TicketDetail>(`/tickets/${ticket.id}`)

describe('BP-006.8 by hand', () => {
  test('BP-006.8 it goes to the pool of the next level’s team with its reason; the leaders there are told, the history says it', async () => {
    const ticket = await newTicket()
    const [made] = await escalate(ticket)
    expect(made).toMatchObject({ level: 1, levelName: '二线', fromLevel: 0, reason: '需要财务权限', rule: null })
    expect([made!.by?.id, made!.fromAssignee?.id, made!.fromTeam?.id, made!.toTeam?.id]).toEqual([
      agent.me.id,
      agent.me.id,
      first.id,
      second.id,
    ])
    expect(await seen(ticket)).toMatchObject({ escalationLevel: 1, team: { id: second.id } })
    const news = await expert.get<Notification[]>('/notifications')
    expect(news.find(({ link }) => link === `/tickets/${ticket.id}`)?.kind).toMatch(/^ticket\.(escalated|assigned|handed)$/)
    const history = await admin.get<TicketEvent[]>(`/tickets/${ticket.id}/history`)
    expect(history.find(({ kind }) => kind === 'escalated')).toMatchObject({ before: { level: 0 }, after: { level: 1 } })
  })

  test('BP-006.8 past a level to a person; from there it rises no more', async () => {
    const ticket = await newTicket()
    const [made] = await escalate(ticket, agent, { level: 2 })
    expect(made).toMatchObject({ level: 2, fromLevel: 0, toAssignee: { id: boss.me.id } })
    expect(await seen(ticket)).toMatchObject({ escalationLevel: 2, assignee: { id: boss.me.id }, status: 'in_progress' })
    await refused(ticket, boss, {}, 'escalation_unavailable')
  })

  test('BP-006.8 a loop is refused: down again, to the same level, or back to the team it came from', async () => {
    const ticket = await newTicket()
    await escalate(ticket, agent, { level: 2 })
    await refused(ticket, boss, { level: 1 }, 'escalation_loop')
    await refused(ticket, boss, { level: 2 }, 'escalation_loop')
    await setLevels([level('二线', { teamId: second.id }), level('又是一线', { teamId: first.id })])
    const other = await newTicket()
    await escalate(other, agent, { level: 1 })
    expect(await refused(other, admin, { level: 2 }, 'escalation_loop')).toMatchObject({ level: 1 })
    expect(await admin.get<Escalation[]>(`/tickets/${other.id}/escalations`)).toHaveLength(1)
    await setLevels()
  })

  test('BP-006.8 two who escalate at once: it rises once to that level', async () => {
    const ticket = await newTicket()
    const answers = await Promise.all(
      [agent, admin].map((client) => client.ask('POST', `/tickets/${ticket.id}/escalations`, { level: 2, reason: '同时' })),
    )
    expect(answers.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(1)
    expect(await admin.get<Escalation[]>(`/tickets/${ticket.id}/escalations`)).toHaveLength(1)
  })

  test('S1 S22 who does not hold it may not; outside one’s scope it is not there; without a reason it is refused; what is settled stays', async () => {
    const ticket = await newTicket()
    const stranger = await it.staff('agent')
    await stranger.expectError('POST', `/tickets/${ticket.id}/escalations`, { reason: 'x' }, 404, 'not_found')
    const watcher = await it.staff('agent')
    await agent.post(`/tickets/${ticket.id}/watchers`, { accountIds: [watcher.me.id] })
    await watcher.expectError('POST', `/tickets/${ticket.id}/escalations`, { reason: 'x' }, 403, 'forbidden')
    await agent.expectError('POST', `/tickets/${ticket.id}/escalations`, {}, 400, 'invalid_request')
    await agent.post(`/tickets/${ticket.id}/moves`, { to: 'resolved', solution: '已退款' })
    await agent.expectError('POST', `/tickets/${ticket.id}/escalations`, { reason: 'x' }, 409, 'ticket_closed')
    expect((await seen(ticket)).escalationLevel).toBe(0)
  })
})

describe('BP-006.8 by rule', () => {
  test('BP-006.8 a promise that is broken passes it on by itself, once, and whoever had it is told', async () => {
    const targets = { first_response: null, next_response: null, resolution: 60 }
    const policy = await admin.post<SlaPolicy>('/sla/policies', {
      name: unique('承诺'),
      conditions: { typeIds: [], tagIds: [], teamIds: [first.id], channelKinds: [] },
      targets: { urgent: targets, high: targets, normal: targets, low: targets },
      calendar: { source: 'always', calendarId: null },
      steps: [{ percent: 100, to: ['assignee'], escalateTo: 1 }],
    })
    const others = (await admin.get<SlaPolicy[]>('/sla/policies')).filter(({ id }) => id !== policy.id)
    await admin.put('/sla/policies/order', { ids: [policy.id, ...others.map(({ id }) => id)] })
    const ticket = await newTicket()
    await it.travel(2 * 3_600_000)
    await until(async () => expect(await seen(ticket)).toMatchObject({ escalationLevel: 1, team: { id: second.id } }))
    const [risen, ...more] = await admin.get<Escalation[]>(`/tickets/${ticket.id}/escalations`)
    expect([risen!.by, risen!.rule, more]).toEqual([null, { code: 'sla', params: { clock: 'resolution', percent: 100 } }, []])
    await until(async () => {
      const news = await agent.get<Notification[]>('/notifications?limit=100')
      expect(news.filter(({ link }) => link === `/tickets/${ticket.id}`).map(({ kind }) => kind)).toContain('ticket.escalated')
    })
  })

  test('BP-006.8 a ticket that is reopened as often as a level says goes there', async () => {
    const ticket = await newTicket()
    await agent.post(`/tickets/${ticket.id}/moves`, { to: 'resolved', solution: '已退款' })
    await agent.post(`/tickets/${ticket.id}/moves`, { to: 'in_progress', reason: '客户说没有收到' })
    await until(async () => expect(await seen(ticket)).toMatchObject({ escalationLevel: 2, assignee: { id: boss.me.id } }))
    const [risen] = await admin.get<Escalation[]>(`/tickets/${ticket.id}/escalations`)
    expect(risen!.rule).toEqual({ code: 'reopened', params: { count: 1 } })
  })
})

describe('BP-006.8 the levels', () => {
  test('two levels that lead to the same place are a loop and are refused, and nothing changed', async () => {
    const before = await admin.get<EscalationLevels>('/escalation-levels')
    const put = (levels: object[], version = before.version) => ({ levels, version })
    const twice = put([level('甲', { teamId: second.id }), level('乙', { teamId: second.id })])
    await admin.expectError('PUT', '/escalation-levels', twice, 409, 'escalation_loop')
    await admin.expectError('PUT', '/escalation-levels', put([level('无人', {})]), 400, 'invalid_request')
    await admin.expectError('PUT', '/escalation-levels', put([level('谁', { accountId: second.id })]), 400, 'staff_not_active')
    await admin.expectError('PUT', '/escalation-levels', put(usual(), before.version + 7), 409, 'version_conflict')
    await agent.expectError('PUT', '/escalation-levels', put(usual()), 403, 'forbidden')
    expect(await admin.get<EscalationLevels>('/escalation-levels')).toEqual(before)
  })

  test('a level to which a promise leads stays as long as the promise does', async () => {
    const targets = { first_response: 10, next_response: null, resolution: null }
    const policy = await admin.post<SlaPolicy>('/sla/policies', {
      name: unique('升到经理'),
      targets: { urgent: targets, high: targets, normal: targets, low: targets },
      calendar: { source: 'always', calendarId: null },
      steps: [{ percent: 100, to: ['leader'], escalateTo: 2 }],
    })
    const { version } = await admin.get<EscalationLevels>('/escalation-levels')
    const body = { levels: usual().slice(0, 1), version }
    const refusal = await admin.expectError('PUT', '/escalation-levels', body, 409, 'escalation_level_in_use')
    expect(refusal).toEqual({ name: policy.name, level: 2 })
    await admin.ask('DELETE', `/sla/policies/${policy.id}?version=${policy.version}`)
    expect((await admin.put<EscalationLevels>('/escalation-levels', body)).levels).toHaveLength(1)
    await setLevels()
  })

  test('a ladder of a promise that would lead down again is refused', async () => {
    const targets = { first_response: 10, next_response: null, resolution: null }
    const body = {
      name: unique('回头'),
      targets: { urgent: targets, high: targets, normal: targets, low: targets },
      calendar: { source: 'always', calendarId: null },
      steps: [
        { percent: 100, to: ['leader'], escalateTo: 2 },
        { percent: 150, to: ['leader'], escalateTo: 1 },
      ],
    }
    await admin.expectError('POST', '/sla/policies', body, 409, 'escalation_loop')
  })
})
