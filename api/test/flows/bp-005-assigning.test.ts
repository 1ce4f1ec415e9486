/** Who works on which ticket: the pool, policies, by hand, handing on, leaving. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Assignment } from '../../contract/assignment.ts'
import type { Notification } from '../../contract/notification.ts'
import type { DryRun, Policy } from '../../contract/routing.ts'
import type { Ticket, TicketDetail } from '../../contract/ticket.ts'
import type { TicketEvent } from '../../contract/ticket-history.ts'
import type { TicketResults } from '../../contract/ticket-assigning.ts'
import type { Team } from '../../contract/team.ts'
import { newKey, type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let first: StaffClient
let second: StaffClient
let outsider: StaffClient
let team: Team
let other: Team
let typeId: string

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  supervisor = await it.staff('supervisor', '周主管')
  first = await it.staff('agent', '李娜')
  second = await it.staff('agent', '王强')
  outsider = await it.staff('agent')
  team = await supervisor.post<Team>('/teams', { name: unique('售后组') })
  other = await admin.post<Team>('/teams', { name: unique('技术组') })
  for (const { me } of [first, second]) await supervisor.put(`/teams/${team.id}/members/${me.id}`, { role: 'agent' })
  const types = await admin.get<{ id: string }[]>('/ticket-types')
  typeId = types[0]!.id
}, 120_000)
afterAll(() => it.stop())

const newTicket = (more: object = {}) =>
  admin.post<TicketDetail>('/tickets', { title: unique('打印机卡纸'), typeId, teamId: team.id, ...more })
const seen = (client: StaffClient, id: string) => client.get<TicketDetail>(`/tickets/${id}`)
const assign = (ids: readonly string[], to: object, more: object = {}, by = supervisor) =>
  by.post<TicketResults>('/tickets/assignments', { items: ids.map((id) => ({ id, ...more })), to })
const toAgent = ({ me }: StaffClient) => ({ kind: 'agent', accountId: me.id })
const outcomes = ({ rows }: TicketResults) => rows.map(({ outcome, code }) => code ?? outcome)

describe('BP-005.5 the pool', () => {
  test('BP-013.2 a new ticket waits in the pool of its team; of two who reach for it at once one has it, the other is told', async () => {
    const { id, status } = await newTicket()
    expect(status).toBe('unassigned')
    await outsider.expectError('GET', `/tickets/${id}`, undefined, 404, 'not_found')
    await outsider.expectError('POST', `/tickets/${id}/claim`, undefined, 404, 'not_found')
    const answers = await Promise.all([first, second].map((client) => client.ask('POST', `/tickets/${id}/claim`)))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    const winner = answers[0]!.status === 200 ? first : second
    const ticket = await seen(admin, id)
    expect(ticket).toMatchObject({ status: 'in_progress', assignee: { id: winner.me.id } })
    expect(ticket.seenAt).not.toBeNull()
    const [entry, ...more] = await admin.get<Assignment[]>(`/tickets/${id}/assignments`)
    expect(entry).toMatchObject({ account: { id: winner.me.id }, reason: { code: 'claimed' }, endedAt: null })
    expect(more).toEqual([])
  })

  test('BP-005.5 a ticket policy gives it out by itself, with its reason stored; without one nobody is given anything', async () => {
    const waiting = await newTicket()
    const policy = await admin.post<Policy>('/routing/policies', {
      workKind: 'ticket',
      name: unique('轮流'),
      strategy: 'round_robin',
      teamId: team.id,
    })
    const fresh = await newTicket()
    for (const { id } of [waiting, fresh]) await until(async () => expect((await seen(admin, id)).assignee?.id).toBeDefined())
    const holders = await Promise.all([waiting, fresh].map(async ({ id }) => (await seen(admin, id)).assignee?.id))
    // Whoever makes a team is in it.
    const members: unknown[] = [supervisor, first, second].map(({ me }) => me.id)
    expect(holders.every((id) => members.includes(id))).toBe(true)
    expect(new Set(holders).size).toBe(2)
    const [entry] = await admin.get<Assignment[]>(`/tickets/${fresh.id}/assignments`)
    expect(entry).toMatchObject({ policy: { id: policy.id }, strategy: 'round_robin', reason: { params: { policy: policy.name } } })
    await admin.ask('DELETE', `/routing/policies/${policy.id}?version=1`)
    expect((await newTicket()).status).toBe('unassigned')
  })
})

describe('BP-015.2 policies for tickets', () => {
  test('BP-005.5 BP-015.2 a policy asks for the type and the priority, as they are while the ticket waits', async () => {
    const type = await admin.post<{ id: string }>('/ticket-types', { nameZh: unique('报修'), nameEn: unique('Repair') })
    const body = { name: unique('紧急报修'), strategy: 'directed', teamId: team.id, settings: { accountIds: [second.me.id] } }
    const conditions = { ticketTypeIds: [type.id], priorities: ['urgent', 'high'] }
    await admin.expectError('POST', '/routing/policies', { ...body, workKind: 'conversation', conditions }, 400, 'invalid_request')
    const unknown = { workKind: 'ticket', ...body, conditions: { ticketTypeIds: [team.id] } }
    await admin.expectError('POST', '/routing/policies', unknown, 400, 'invalid_request')
    await admin.post('/routing/policies', { ...body, workKind: 'ticket', conditions })
    const [plain, calm, hot] = [
      await newTicket({ priority: 'urgent' }),
      await newTicket({ typeId: type.id, priority: 'low' }),
      await newTicket({ typeId: type.id, priority: 'urgent' }),
    ]
    await until(async () => expect((await seen(admin, hot.id)).assignee?.id).toBe(second.me.id))
    for (const { id } of [plain, calm]) expect((await seen(admin, id)).assignee).toBeNull()
    const dryRun = (ticketId: string) => admin.post<DryRun>('/routing/dry-run', { ticketId })
    expect(await dryRun(hot.id)).toMatchObject({ chosen: { id: second.me.id }, policy: { name: body.name }, team: { id: team.id } })
    expect(await dryRun(calm.id)).toMatchObject({
      chosen: null,
      reason: { code: 'waits_for_claim' },
      passed: [{ policy: { name: body.name }, code: 'conditions' }],
    })
    await admin.expectError('POST', '/routing/dry-run', { ticketId: team.id }, 404, 'not_found')
    await admin.patch(`/tickets/${calm.id}`, { priority: 'high', version: calm.version })
    await newTicket({ typeId: type.id, priority: 'urgent' })
    await until(async () => expect((await seen(admin, calm.id)).assignee?.id).toBe(second.me.id))
    const [policy] = await admin.get<Policy[]>('/routing/policies?workKind=ticket')
    await admin.ask('DELETE', `/routing/policies/${policy!.id}?version=1`)
  })
})

describe('BP-013.4–6 by hand', () => {
  test('BP-005.6 BP-005.7 BP-013.4 the supervisor gives it to somebody, who is told; it is unread until he opens it; the trail says who did it', async () => {
    const { id, number } = await newTicket()
    const socket = await first.socket()
    const result = await assign([id], toAgent(first))
    expect(result.rows).toMatchObject([{ id, number, outcome: 'done' }])
    await socket.waitFor('ticket.updated', (event) => event.id === id && event.patch.ticket.assignee?.id === first.me.id)
    const news = await first.get<Notification[]>('/notifications')
    expect(news.find(({ link }) => link === `/tickets/${id}`)).toMatchObject({ kind: 'ticket.handed', params: { number, by: '周主管' } })
    await second.expectError('GET', `/tickets/${id}`, undefined, 404, 'not_found')
    await supervisor.put(`/tickets/${id}/seen`, {})
    expect((await seen(admin, id)).seenAt).toBeNull()
    await first.put(`/tickets/${id}/seen`, {})
    expect((await seen(admin, id)).seenAt).not.toBeNull()
    const trail = await admin.get<{ action: string }[]>(`/audit-entries?objectId=${id}`)
    expect(trail.map(({ action }) => action)).toContain('ticket.assigned')
  })

  test('BP-013.6 many at once, each says what became of it: done, unchanged, changed meanwhile, over, hidden; sent again nothing changes', async () => {
    const [plain, taken, over, moved] = await Promise.all([newTicket(), newTicket(), newTicket(), newTicket()])
    await assign([taken.id], toAgent(second))
    await admin.post(`/tickets/${over.id}/moves`, { to: 'closed', reason: '重复提交' })
    await second.post(`/tickets/${moved.id}/claim`)
    const foreign = await admin.post<Ticket>('/tickets', { title: '别组的', typeId, teamId: other.id })
    const looked = { seen: { assigneeId: null, teamId: team.id } }
    const result = await supervisor.post<TicketResults>('/tickets/assignments', {
      items: [{ id: plain.id, ...looked }, { id: taken.id }, { id: over.id }, { id: moved.id, ...looked }, { id: foreign.id }],
      to: toAgent(second),
    })
    expect(outcomes(result)).toEqual(['done', 'unchanged', 'ticket_closed', 'version_conflict', 'not_found'])
    expect(result.counts).toEqual({ done: 1, unchanged: 1, refused: 3 })
    expect(outcomes(await assign([plain.id], toAgent(second)))).toEqual(['unchanged'])
    await first.expectError('POST', '/tickets/assignments', { items: [{ id: plain.id }], to: toAgent(first) }, 403, 'forbidden')
    const disabled = { kind: 'team', teamId: '01930000-0000-7000-8000-0000000000aa' }
    await supervisor.expectError('POST', '/tickets/assignments', { items: [{ id: plain.id }], to: disabled }, 404, 'not_found')
  })

  test('BP-013.4 two supervisors give the same ticket to two people at once: one assignment is open, and it is what the ticket says', async () => {
    const { id } = await newTicket()
    const looked = { seen: { assigneeId: null, teamId: team.id } }
    const results = await Promise.all([assign([id], toAgent(first), looked, admin), assign([id], toAgent(second), looked, supervisor)])
    expect(results.flatMap(outcomes).sort()).toEqual(['done', 'version_conflict'])
    const open = (await admin.get<Assignment[]>(`/tickets/${id}/assignments`)).filter(({ endedAt }) => endedAt === null)
    expect(open.map(({ account }) => account.id)).toEqual([(await seen(admin, id)).assignee?.id])
  })
})

describe('BP-006.7 handing on', () => {
  test('BP-006.7 BP-013.5 who has it hands it to a colleague or back to a pool, with a word why; who has it not may not', async () => {
    const { id } = await newTicket()
    await first.post(`/tickets/${id}/claim`)
    await second.expectError('POST', `/tickets/${id}/transfer`, { to: toAgent(second), note: '我来' }, 404, 'not_found')
    await first.expectError('POST', `/tickets/${id}/transfer`, { to: toAgent(first), note: '给我' }, 409, 'already_there')
    expect(await first.post<Ticket>(`/tickets/${id}/transfer`, { to: toAgent(second), note: '他更熟' })).toMatchObject({
      status: 'in_progress',
      assignee: { id: second.me.id },
    })
    const [entry] = await admin.get<Assignment[]>(`/tickets/${id}/assignments`)
    expect(entry).toMatchObject({ reason: { code: 'handed_on', params: { by: '李娜' } }, note: '他更熟' })
    const [line] = await admin.get<TicketEvent[]>(`/tickets/${id}/history`)
    expect(line).toMatchObject({ kind: 'assigned', before: { assignee: { name: '李娜' } }, after: { assignee: { name: '王强' } } })
    const pooled = await second.post<Ticket>(`/tickets/${id}/transfer`, { to: { kind: 'team', teamId: other.id }, note: '转技术' })
    expect(pooled).toMatchObject({ status: 'unassigned', assignee: null, team: { id: other.id } })
    await first.expectError('POST', `/tickets/${id}/claim`, undefined, 404, 'not_found')
  })

  test('MOD-03 the successor of a leaving colleague has his open tickets; those of a disabled one wait in the pool again', async () => {
    const [leaving, disabled] = [await it.staff('agent', '赵敏'), await it.staff('agent', '孙莉')]
    for (const { me } of [leaving, disabled]) await supervisor.put(`/teams/${team.id}/members/${me.id}`, { role: 'agent' })
    const [kept, freed] = await Promise.all([newTicket({ assigneeId: leaving.me.id }), newTicket({ assigneeId: disabled.me.id })])
    const member = await admin.get<{ version: number }>(`/staff-members/${leaving.me.id}`)
    await admin.post(`/staff-members/${leaving.me.id}/hand-over`, { to: second.me.id, version: member.version, clientKey: newKey() })
    expect((await seen(admin, kept.id)).assignee?.id).toBe(second.me.id)
    const gone = await admin.get<{ version: number }>(`/staff-members/${disabled.me.id}`)
    await admin.post(`/staff-members/${disabled.me.id}/disable`, { version: gone.version })
    expect(await seen(admin, freed.id)).toMatchObject({ status: 'unassigned', assignee: null })
    expect(outcomes(await assign([freed.id], toAgent(second)))).toEqual(['done'])
  })
})
