/** Supervising tickets: the board, dragging, limits, progress, many at once, export; and what is done to one in one click. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Notification } from '../../contract/notification.ts'
import type { TicketBoard, TicketProgress, WipLimits } from '../../contract/ticket-board.ts'
import type { TicketLink } from '../../contract/ticket-linking.ts'
import type { TicketMacro, TicketMacroPreview } from '../../contract/ticket-macro.ts'
import type { TicketResults } from '../../contract/ticket-assigning.ts'
import type { Ticket, TicketDetail } from '../../contract/ticket.ts'
import type { Team } from '../../contract/team.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let agent: StaffClient
let team: Team
let typeId: string

beforeAll(async () => {
  it = await startTestApp({ roles: ['api'] })
  admin = await it.staff('admin')
  supervisor = await it.staff('supervisor', '周主管')
  agent = await it.staff('agent', '李娜')
  team = await supervisor.post<Team>('/teams', { name: unique('售后组') })
  await supervisor.put(`/teams/${team.id}/members/${agent.me.id}`, { role: 'agent' })
  const types = await admin.get<{ id: string }[]>('/ticket-types')
  typeId = types[0]!.id
}, 120_000)
afterAll(() => it.stop())

const newTicket = (more: object = {}) =>
  admin.post<TicketDetail>('/tickets', { title: unique('打印机卡纸'), typeId, teamId: team.id, ...more })
const seen = (id: string) => admin.get<TicketDetail>(`/tickets/${id}`)
const board = (query = '', by = supervisor) => by.get<TicketBoard>(`/tickets/board?teamId=${team.id}${query}`)
const column = (shown: TicketBoard, key: string) => shown.columns.find((each) => each.key === key)
const drag = (ticket: { id: string; version: number }, to: string, more: object = {}) => ({
  id: ticket.id,
  version: ticket.version,
  group: 'status',
  to,
  ...more,
})

describe('BP-013.1 the board', () => {
  test('BP-013.1 columns count what the reader sees, by state, assignee and priority, with lanes and cards in the order of urgency', async () => {
    const [low, urgent] = [await newTicket({ priority: 'low' }), await newTicket({ priority: 'urgent' })]
    const held = await newTicket({ assigneeId: agent.me.id })
    const byState = await board('&lanes=assignee')
    const pool = byState.cells.find(({ column: key, lane }) => key === 'unassigned' && lane === 'none')
    expect(pool?.cards.map(({ id }) => id)).toEqual([urgent.id, low.id])
    expect(byState.cells.find(({ lane }) => lane === agent.me.id)?.cards.map(({ id }) => id)).toContain(held.id)
    expect(column(byState, 'unassigned')).toMatchObject({ count: 2, ageing: { day: 2, older: 0 }, limit: null })
    const byPerson = await board('&group=assignee')
    expect(column(byPerson, agent.me.id)).toMatchObject({ name: '李娜', count: 1 })
    expect(column(byPerson, 'none')?.count).toBe(2)
    expect(byPerson.columns.map(({ key }) => key)[0]).toBe('none')
    const second = await admin.post<Team>('/teams', { name: unique('技术组') })
    const own = await newTicket()
    await admin.put<Ticket>('/tickets/board/moves', { ...drag(own, second.id), group: 'team' })
    const byTeam = await admin.get<TicketBoard>('/tickets/board?group=team&lanes=priority')
    expect(column(byTeam, second.id)).toMatchObject({ name: second.name, count: 1 })
    expect(byTeam.cells.find(({ column: key }) => key === second.id)).toMatchObject({ lane: own.priority, cards: [{ id: own.id }] })
    const stranger = await it.staff('agent')
    expect((await board('', stranger)).cells).toEqual([])
  })

  test('BP-013.1 dragging is a move by the rules of states: what is refused says what is possible, and a stale card changes nothing', async () => {
    const ticket = await newTicket()
    const refused = await agent.expectError(
      'PUT',
      '/tickets/board/moves',
      drag(ticket, 'awaiting_confirmation'),
      409,
      'ticket_move_refused',
    )
    expect(refused).toMatchObject({ from: 'unassigned', to: 'awaiting_confirmation' })
    const taken = await agent.put<Ticket>('/tickets/board/moves', drag(ticket, 'in_progress'))
    expect(taken).toMatchObject({ status: 'in_progress', assignee: { id: agent.me.id } })
    await agent.expectError('PUT', '/tickets/board/moves', drag(ticket, 'waiting_customer'), 409, 'version_conflict')
    await agent.expectError('PUT', '/tickets/board/moves', drag(taken, 'resolved'), 400, 'ticket_fields_missing')
    expect(await agent.put<Ticket>('/tickets/board/moves', drag(taken, 'high', { group: 'priority' }))).toMatchObject({ priority: 'high' })
    const pooled = drag(await seen(ticket.id), 'none', { group: 'assignee' })
    expect(await supervisor.put<Ticket>('/tickets/board/moves', pooled)).toMatchObject({ status: 'unassigned', assignee: null })
    const given = drag(await seen(ticket.id), agent.me.id, { group: 'assignee' })
    expect(await supervisor.put<Ticket>('/tickets/board/moves', given)).toMatchObject({ assignee: { id: agent.me.id } })
  })

  test('BP-013.1 a full column takes no more, of two at once one; who assigns work may decide otherwise', async () => {
    const own = await supervisor.post<Team>('/teams', { name: unique('限量组') })
    await supervisor.put(`/teams/${own.id}/members/${agent.me.id}`, { role: 'agent' })
    await agent.expectError('PUT', '/ticket-wip-limits', { limits: [], version: 0 }, 403, 'forbidden')
    const before = await admin.get<WipLimits>('/ticket-wip-limits')
    const limits = [{ teamId: own.id, status: 'in_progress', max: 1 }]
    await supervisor.put('/ticket-wip-limits', { limits, version: before.version })
    await supervisor.expectError('PUT', '/ticket-wip-limits', { limits, version: before.version }, 409, 'version_conflict')
    const pair = await Promise.all([newTicket({ teamId: own.id }), newTicket({ teamId: own.id })])
    const answers = await Promise.all(pair.map((ticket) => agent.ask('PUT', '/tickets/board/moves', drag(ticket, 'in_progress'))))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const left = pair[answers.findIndex(({ status }) => status === 409)]!
    const full = await agent.expectError(
      'PUT',
      '/tickets/board/moves',
      drag(left, 'in_progress', { force: true }),
      409,
      'wip_limit_reached',
    )
    expect(full).toMatchObject({ max: 1, count: 1, team: own.name })
    expect(await supervisor.put<Ticket>('/tickets/board/moves', drag(left, 'in_progress', { force: true }))).toMatchObject({
      status: 'in_progress',
    })
    const shown = await supervisor.get<TicketBoard>(`/tickets/board?teamId=${own.id}`)
    expect(column(shown, 'in_progress')).toMatchObject({ count: 2, limit: 1 })
  })
})

describe('BP-013.6–7 many, progress, export', () => {
  test('BP-013.6 one change for many: each row by itself, the preview says the same and changes nothing', async () => {
    const [mine, closed] = [await newTicket(), await newTicket()]
    await admin.post(`/tickets/${closed.id}/moves`, { to: 'closed', reason: '重复提交' })
    const body = {
      items: [{ id: mine.id }, { id: closed.id }, { id: mine.id.replace(/.$/, mine.id.endsWith('0') ? '1' : '0') }],
      actions: [
        { kind: 'priority', to: 'high' },
        { kind: 'tags', add: ['返修'] },
      ],
    }
    const preview = await supervisor.post<TicketResults>('/tickets/bulk/preview', body)
    expect(preview.rows.map(({ outcome, code }) => code ?? outcome)).toEqual(['done', 'ticket_closed', 'not_found'])
    expect(await seen(mine.id)).toMatchObject({ priority: mine.priority, tags: [], version: mine.version })
    expect((await supervisor.post<TicketResults>('/tickets/bulk', body)).rows).toEqual(preview.rows)
    expect(await seen(mine.id)).toMatchObject({ priority: 'high', tags: ['返修'] })
    expect((await supervisor.post<TicketResults>('/tickets/bulk', body)).counts).toEqual({ done: 0, unchanged: 1, refused: 2 })
  })

  test('BP-005.7 BP-013.6 whoever is given several at once is told once, with the way to them; of what was refused or only tried he hears nothing', async () => {
    const mate = await it.staff('agent', '王强')
    await supervisor.put(`/teams/${team.id}/members/${mate.me.id}`, { role: 'agent' })
    const tickets = [await newTicket(), await newTicket(), await newTicket()]
    await admin.post(`/tickets/${tickets[2]!.id}/moves`, { to: 'closed', reason: '重复提交' })
    const to = { kind: 'agent', accountId: mate.me.id }
    const body = {
      items: tickets.map(({ id }) => ({ id })),
      actions: [
        { kind: 'assign', to },
        { kind: 'priority', to: 'high' },
      ],
    }
    await supervisor.post('/tickets/bulk/preview', body)
    expect((await supervisor.post<TicketResults>('/tickets/bulk', body)).counts).toEqual({ done: 2, unchanged: 0, refused: 1 })
    const news = (await mate.get<Notification[]>('/notifications')).filter(({ kind }) => kind.startsWith('ticket.'))
    expect(news).toMatchObject([{ kind: 'ticket.assigned_many', params: { count: 2 }, link: '/tickets?view=mine&marked=unread' }])
  })

  test('BP-013.7 progress of a team: open, waiting for somebody, new today; an agent may not ask', async () => {
    const progress = await supervisor.get<TicketProgress>(`/tickets/progress?teamId=${team.id}`)
    const open = (await board('&group=priority')).columns.reduce((sum, { count }) => sum + count, 0)
    expect(progress.rows).toMatchObject([{ of: { id: team.id, name: team.name }, open, ageing: { day: open } }])
    expect(progress.total.createdToday).toBeGreaterThanOrEqual(open)
    await agent.expectError('GET', '/tickets/progress', undefined, 403, 'forbidden')
  })

  test('BP-013 any list leaves as a spreadsheet, by a link for one person; formulas are text', async () => {
    const { number } = await newTicket({ title: '=1+1', tags: ['出表'] })
    const request = { tickets: { filter: { tag: ['出表'] } }, format: 'csv' }
    await agent.expectError('POST', '/ticket-exports', request, 403, 'forbidden')
    const { url } = await supervisor.post<{ url: string }>('/ticket-exports', request)
    const path = url.replace('/api/v1', '')
    await admin.expectError('GET', path, undefined, 403, 'forbidden')
    const answer = await fetch(`${it.url}${url}`, { headers: supervisor.headers })
    expect(answer.status).toBe(200)
    const lines = (await answer.text()).trim().split('\r\n')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toContain(number)
    expect(lines[1]).toContain(`'=1+1`)
    const warnings = await supervisor.post<{ url: string }>('/ticket-exports', {
      tickets: { warnings: { withinMinutes: 43_200, teamId: team.id } },
      format: 'csv',
    })
    const due = await (await fetch(`${it.url}${warnings.url}`, { headers: supervisor.headers })).text()
    const listed = await supervisor.get<Ticket[]>(`/tickets/sla-warnings?withinMinutes=43200&teamId=${team.id}&limit=100`)
    expect(listed.map((ticket) => ticket.number)).toContain(number)
    const exported = due.trim().split('\r\n').slice(1)
    expect(exported.map((line) => listed.find((ticket) => line.startsWith(ticket.number))?.id)).toEqual(listed.map(({ id }) => id))
    await it.travel(11 * 60_000)
    await supervisor.expectError('GET', path, undefined, 403, 'export_expired')
  })
})

describe('BP-006 macros, merging, splitting', () => {
  test('BP-006.4 a macro does all of its changes or none; the preview is what would happen', async () => {
    const macro = (actions: object[]) => supervisor.post<TicketMacro>('/ticket-macros', { name: unique('宏'), actions })
    const good = await macro([
      { kind: 'assign', to: { kind: 'me' } },
      { kind: 'priority', to: 'urgent' },
      { kind: 'follow_up', visibility: 'internal', text: '已联系' },
    ])
    const bad = await macro([
      { kind: 'priority', to: 'low' },
      { kind: 'status', to: 'resolved' },
    ])
    const { id, version } = await newTicket()
    const preview = await agent.post<TicketMacroPreview>(`/tickets/${id}/macros/${good.id}/preview`, { version })
    expect(preview.effects.map(({ kind, after }) => [kind, after])).toEqual([
      ['assign', '李娜'],
      ['priority', 'urgent'],
      ['follow_up:internal', '已联系'],
    ])
    expect(await seen(id)).toMatchObject({ status: 'unassigned', version })
    await agent.post(`/tickets/${id}/macros/${good.id}`, { version })
    const after = await seen(id)
    expect(after).toMatchObject({ status: 'in_progress', priority: 'urgent', assignee: { id: agent.me.id } })
    const again = { version: after.version }
    const refusal = await agent.post<TicketMacroPreview>(`/tickets/${id}/macros/${bad.id}/preview`, again)
    expect(refusal.refusal).toMatchObject({ code: 'ticket_fields_missing', action: 1 })
    await agent.expectError('POST', `/tickets/${id}/macros/${bad.id}`, again, 400, 'ticket_fields_missing')
    expect(await seen(id)).toMatchObject({ priority: 'urgent', version: after.version })
    await agent.expectError('POST', '/ticket-macros', { name: 'x', actions: [{ kind: 'priority', to: 'low' }] }, 403, 'forbidden')
  })

  test('BP-006 merged tickets go on as one and part again as they were; twice is refused', async () => {
    const [from, into] = [await newTicket({ assigneeId: agent.me.id }), await newTicket({ assigneeId: agent.me.id })]
    const link = await agent.post<TicketLink>(`/tickets/${from.id}/merge`, { intoId: into.id, version: from.version })
    expect(await seen(from.id)).toMatchObject({ status: 'closed', mergedInto: into.id })
    await agent.expectError('POST', `/tickets/${from.id}/merge`, { intoId: into.id, version: from.version + 1 }, 409, 'ticket_merged')
    expect((await agent.post<TicketLink>(`/ticket-links/${link.id}/undo`)).undoneAt).not.toBeNull()
    expect(await seen(from.id)).toMatchObject({ status: 'in_progress', mergedInto: null, assignee: { id: agent.me.id }, reopenedCount: 0 })
    await agent.expectError('POST', `/ticket-links/${link.id}/undo`, undefined, 409, 'link_undone')
  })

  test('BP-006 another matter gets a ticket of its own with its follow-ups; undone, they come back', async () => {
    const { id } = await newTicket({ assigneeId: agent.me.id })
    const note = { clientKey: unique('follow-up-key'), visibility: 'internal', text: '另一台也坏了' }
    const said = await agent.post<{ id: string }>(`/tickets/${id}/follow-ups`, note)
    const { version } = await seen(id)
    const link = await agent.post<TicketLink>(`/tickets/${id}/split`, { title: '另一台', followUpIds: [said.id], version })
    expect(link).toMatchObject({ kind: 'split', from: { id }, into: { title: '另一台' } })
    const followUps = (of: string) => agent.get<{ id: string }[]>(`/tickets/${of}/follow-ups`)
    expect([await followUps(id), await followUps(link.into.id)]).toMatchObject([[], [{ id: said.id }]])
    const other = await newTicket({ assigneeId: agent.me.id })
    const merged = await agent.post<TicketLink>(`/tickets/${other.id}/merge`, { intoId: link.into.id, version: other.version })
    await agent.expectError('POST', `/ticket-links/${link.id}/undo`, undefined, 409, 'ticket_merged')
    await agent.post(`/ticket-links/${merged.id}/undo`)
    const away = { intoId: other.id, version: (await seen(link.into.id)).version }
    const led = await agent.post<TicketLink>(`/tickets/${link.into.id}/merge`, away)
    await agent.expectError('POST', `/ticket-links/${link.id}/undo`, undefined, 409, 'ticket_merged')
    expect(await seen(link.into.id)).toMatchObject({ mergedInto: other.id })
    await agent.post(`/ticket-links/${led.id}/undo`)
    await agent.post(`/ticket-links/${link.id}/undo`)
    expect([await followUps(id), await followUps(link.into.id)]).toMatchObject([[{ id: said.id }], []])
    expect(await seen(link.into.id)).toMatchObject({ status: 'closed' })
  })
})
