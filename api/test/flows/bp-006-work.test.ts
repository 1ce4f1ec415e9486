/** Working on tickets: who sees what, states, files, two who edit at once, relations, lists, the full history. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Team } from '../../contract/team.ts'
import type { Ticket, TicketCounts, TicketDetail } from '../../contract/ticket.ts'
import type { TicketEvent } from '../../contract/ticket-history.ts'
import type { TicketType } from '../../contract/ticket-type.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let foreign: StaffClient
let agent: StaffClient
let mate: StaffClient
let other: StaffClient
let team: Team
let typeId: string

beforeAll(async () => {
  it = await startTestApp({ roles: ['api'] })
  ;[admin, supervisor, foreign, agent, mate, other] = await Promise.all([
    it.staff('admin', '陈默'),
    it.staff('supervisor', '周主管'),
    it.staff('supervisor', '外组主管'),
    it.staff('agent', '林晓'),
    it.staff('agent', '李娜'),
    it.staff('agent', '王强'),
  ])
  team = await supervisor.post<Team>('/teams', { name: unique('售后组') })
  await foreign.post<Team>('/teams', { name: unique('外组') })
  for (const { me } of [agent, mate]) await supervisor.put(`/teams/${team.id}/members/${me.id}`, { role: 'agent' })
  typeId = (await agent.get<TicketType[]>('/ticket-types'))[0]!.id
})
afterAll(() => it.stop())

const make = (body: object = {}, by = agent) =>
  by.post<TicketDetail>('/tickets', { title: unique('无法开机'), typeId, teamId: team.id, ...body })
/** In the agent's hands. */
const own = (body: object = {}) => make({ assigneeId: agent.me.id, ...body })
const read = (id: string, by = agent) => by.get<TicketDetail>(`/tickets/${id}`)
const move = (id: string, body: object, by = agent) => by.post<TicketDetail>(`/tickets/${id}/moves`, body)
const refusedMove = (id: string, body: object, refusal: readonly [number, Parameters<StaffClient['expectError']>[4]], by = agent) =>
  by.expectError('POST', `/tickets/${id}/moves`, body, ...refusal)
const edit = (ticket: Ticket, body: object, by = agent) => by.ask('PATCH', `/tickets/${ticket.id}`, { version: ticket.version, ...body })
const history = async (id: string, by = agent): Promise<TicketEvent[]> => (await by.ask('GET', `/tickets/${id}/history`)).body.data
const upload = async (name: string, data: string, by = agent): Promise<string> =>
  (await by.upload('/attachments', { name, data })).body.data.id
const list = async (query: string, by = agent) => (await by.get<Ticket[]>(`/tickets?${query}`)).map(({ id }) => id)

describe('BP-006.1 who sees a ticket', () => {
  test('BP-006.1 S1 its people, the pool of its team and who supervises it see it; to others it does not exist, by whatever door', async () => {
    const pooled = await make()
    for (const by of [agent, mate, supervisor, admin]) expect((await read(pooled.id, by)).number).toBe(pooled.number)
    for (const by of [other, foreign]) {
      await by.expectError('GET', `/tickets/${pooled.id}`, undefined, 404, 'not_found')
      await by.expectError('GET', `/tickets/${pooled.id}/history`, undefined, 404, 'not_found')
      await by.expectError('GET', `/tickets/${pooled.id}/messages`, undefined, 404, 'not_found')
      await by.expectError('PATCH', `/tickets/${pooled.id}`, { title: 'x', version: 1 }, 404, 'not_found')
      await by.expectError('POST', `/tickets/${pooled.id}/moves`, { to: 'closed', reason: 'x' }, 404, 'not_found')
      await by.expectError('POST', `/tickets/${pooled.id}/watchers`, { accountIds: [by.me.id] }, 404, 'not_found')
      await by.expectError('POST', `/tickets/${pooled.id}/files`, { attachmentIds: [typeId] }, 404, 'not_found')
      expect(await list('limit=100', by)).not.toContain(pooled.id)
      const socket = await by.socket()
      expect(await socket.say('ticket.watch', { ticketId: pooled.id })).toMatchObject({ error: { code: 'not_found' } })
      socket.close()
    }
  })

  test('BP-006.1 what a colleague has is his and his supervisor’s; who watches it sees it, and helps', async () => {
    const ticket = await own({ assigneeId: null })
    await agent.post(`/tickets/${ticket.id}/claim`)
    await mate.expectError('GET', `/tickets/${ticket.id}`, undefined, 404, 'not_found')
    await agent.post(`/tickets/${ticket.id}/watchers`, { accountIds: [mate.me.id] })
    const seen = await read(ticket.id, mate)
    expect(seen.watchers.map(({ name }) => name)).toEqual(['李娜'])
    expect(seen.may).toMatchObject({ edit: false, comment: true, assign: false, claim: false, merge: false })
    expect(seen.moves).toEqual([])
    expect((await edit(seen, { title: '改标题' }, mate)).status).toBe(403)
    await refusedMove(ticket.id, { to: 'on_hold', reason: '等配件' }, [403, 'ticket_move_forbidden'], mate)
    expect(await list('watching=true', mate)).toContain(ticket.id)
    await mate.ask('DELETE', `/tickets/${ticket.id}/watchers/${mate.me.id}`)
    await mate.expectError('GET', `/tickets/${ticket.id}`, undefined, 404, 'not_found')
    expect((await read(ticket.id, supervisor)).may).toMatchObject({ edit: true, assign: true, merge: true })
  })
})

describe('BP-006.4 states', () => {
  test('BP-006.4 BP-006.9 from the pool to its end: each state asks for its own, and the page offers what is possible', async () => {
    const ticket = await own()
    expect(ticket.moves.map(({ to }) => to).sort()).toEqual(
      ['awaiting_confirmation', 'on_hold', 'resolved', 'unassigned', 'waiting_customer'].sort(),
    )
    expect(ticket.moves.find(({ to }) => to === 'resolved')).toMatchObject({ needs: ['solution'], missing: [], reopens: false })
    expect((await move(ticket.id, { to: 'waiting_customer' })).status).toBe('waiting_customer')
    expect((await move(ticket.id, { to: 'on_hold', reason: '等配件' })).status).toBe('on_hold')
    expect((await move(ticket.id, { to: 'in_progress' })).status).toBe('in_progress')
    const resolved = await move(ticket.id, { to: 'resolved', solution: '更换主板' })
    expect(resolved).toMatchObject({ status: 'resolved', solution: '更换主板', closedAt: null })
    expect(resolved.resolvedAt).not.toBeNull()
    const closed = await move(ticket.id, { to: 'closed' })
    expect(closed.closedAt).not.toBeNull()
    const reopened = await move(ticket.id, { to: 'in_progress', reason: '又坏了' }, supervisor)
    expect(reopened).toMatchObject({
      status: 'in_progress',
      reopenedCount: 1,
      closedAt: null,
      resolvedAt: null,
      assignee: { id: agent.me.id },
    })
  })

  test('BP-006.4 S24 a refused move says why and changes nothing', async () => {
    const ticket = await own()
    expect(await refusedMove(ticket.id, { to: 'new' }, [409, 'ticket_move_refused'])).toMatchObject({
      from: 'in_progress',
      to: 'new',
      possible: expect.arrayContaining(['resolved', 'on_hold']),
    })
    expect(await refusedMove(ticket.id, { to: 'on_hold' }, [400, 'ticket_fields_missing'])).toMatchObject({ needs: ['reason'] })
    expect(await refusedMove(ticket.id, { to: 'resolved', solution: '  ' }, [400, 'ticket_fields_missing'])).toMatchObject({
      needs: ['solution'],
    })
    expect(await refusedMove(ticket.id, { to: 'closed', reason: '算了' }, [403, 'ticket_move_forbidden'])).toMatchObject({
      who: ['supervisor'],
    })
    await refusedMove(ticket.id, { to: 'done' }, [400, 'invalid_request'])
    expect(await read(ticket.id)).toMatchObject({ status: 'in_progress', version: ticket.version })
    await move(ticket.id, { to: 'closed', reason: '误报' }, supervisor)
    await refusedMove(ticket.id, { to: 'in_progress', reason: '重开' }, [403, 'ticket_move_forbidden'])
    expect((await edit(await read(ticket.id), { title: '改' })).body.error.code).toBe('ticket_closed')
  })

  test('BP-006.4 a state that asks for a field of the form is entered with it, not without', async () => {
    const field = { key: 'cause', labelZh: '故障原因', labelEn: 'Cause', type: 'text', requiredIn: ['resolved'] }
    const type = await admin.post<TicketType>('/ticket-types', { nameZh: unique('报修'), nameEn: unique('Repair'), fields: [field] })
    const ticket = await own({ typeId: type.id })
    expect(ticket.moves.find(({ to }) => to === 'resolved')?.missing).toEqual(['cause'])
    expect(await refusedMove(ticket.id, { to: 'resolved', solution: '修好了' }, [400, 'ticket_fields_missing'])).toMatchObject({
      fields: [{ key: 'cause', labelZh: '故障原因', labelEn: 'Cause' }],
    })
    const resolved = await move(ticket.id, { to: 'resolved', solution: '修好了', fields: { cause: '进水' } })
    expect(resolved).toMatchObject({ status: 'resolved', fields: { cause: '进水' } })
    expect((await history(ticket.id))[0]).toMatchObject({
      kind: 'moved',
      before: { status: 'in_progress', fields: { cause: null } },
      after: { status: 'resolved', fields: { cause: '进水' } },
    })
  })

  test('BP-006.4 two who move it at once: one does, the other learns that it is so already or has moved on', async () => {
    const ticket = await own()
    const twice = await Promise.all(
      [1, 2].map(() => agent.ask('POST', `/tickets/${ticket.id}/moves`, { to: 'resolved', solution: '好了' })),
    )
    expect(twice.map(({ status }) => status)).toEqual([200, 200])
    expect((await history(ticket.id)).filter(({ kind }) => kind === 'moved').length).toBe(1)
    const late = await refusedMove(ticket.id, { to: 'closed', version: ticket.version }, [409, 'version_conflict'])
    expect(late).toMatchObject({ conflicts: [{ field: 'status', theirs: 'resolved', yours: 'closed' }] })
  })
})

describe('two who edit at once', () => {
  test('both change the same: the second is shown both sides, and nothing of his is written', async () => {
    const ticket = await own({ priority: 'low' })
    expect((await edit(ticket, { priority: 'high', title: '主管改的标题' }, supervisor)).status).toBe(200)
    const answer = await edit(ticket, { priority: 'urgent', description: '我写的' })
    expect(answer.body.error).toMatchObject({
      code: 'version_conflict',
      context: { conflicts: [{ field: 'priority', theirs: 'high', yours: 'urgent' }], by: { name: '周主管' } },
    })
    expect(await read(ticket.id)).toMatchObject({ priority: 'high', description: '' })
  })

  test('each changes something else: both stand; at the very same moment one of two on the same field wins', async () => {
    const ticket = await own()
    expect((await edit(ticket, { tags: ['返修'] }, supervisor)).status).toBe(200)
    expect((await edit(ticket, { description: '补充说明' })).status).toBe(200)
    const both = await read(ticket.id)
    expect(both).toMatchObject({ tags: ['返修'], description: '补充说明' })
    const answers = await Promise.all([edit(both, { title: '甲' }), edit(both, { title: '乙' }, supervisor)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })
})

describe('BP-006.6 files', () => {
  test('BP-006.6 added, opened by whoever sees the ticket and nobody else, taken out again; both in the history', async () => {
    const ticket = await own()
    const id = await upload('截图.txt', '屏幕')
    const after = await agent.post<TicketDetail>(`/tickets/${ticket.id}/files`, { attachmentIds: [id] })
    expect(after.files).toMatchObject([{ name: '截图.txt', addedBy: { name: '林晓' } }])
    const url = after.files[0]!.url
    expect((await supervisor.download(url)).data.toString()).toBe('屏幕')
    expect((await other.download(url)).status).toBe(404)
    const gone = await agent.ask('DELETE', `/tickets/${ticket.id}/files/${after.files[0]!.id}`)
    expect(gone.body.data.files).toEqual([])
    expect((await agent.ask('DELETE', `/tickets/${ticket.id}/files/${after.files[0]!.id}`)).status).toBe(404)
    expect((await history(ticket.id)).slice(0, 2)).toMatchObject([
      { kind: 'file_removed', params: { files: ['截图.txt'] } },
      { kind: 'file_added', params: { files: ['截图.txt'] } },
    ])
  })

  test('BP-006.6 somebody else’s upload is not mine to add, and there is an end to files', async () => {
    const ticket = await own()
    const foreignFile = await upload('别人的.txt', 'x', other)
    await agent.expectError('POST', `/tickets/${ticket.id}/files`, { attachmentIds: [foreignFile] }, 404, 'not_found')
    const add = (attachmentIds: readonly string[]) => agent.ask('POST', `/tickets/${ticket.id}/files`, { attachmentIds })
    expect((await add(Array.from({ length: 21 }, () => typeId))).status).toBe(400)
    const twenty = await Promise.all(Array.from({ length: 20 }, (_, nth) => upload(`${nth}.txt`, `${nth}`)))
    for (let times = 1; times <= 4; times += 1) expect((await add(twenty)).status).toBe(200)
    const last = await Promise.all([add(twenty), add(twenty)])
    expect(last.map(({ status }) => status).sort()).toEqual([200, 409])
    expect((await add(twenty.slice(0, 1))).body.error).toMatchObject({ code: 'ticket_files_full', context: { max: 100 } })
    expect((await read(ticket.id)).files).toHaveLength(100)
  })
})

describe('relations', () => {
  const relate = (id: string, role: string, ticketId: string, by = agent) =>
    by.post<TicketDetail>(`/tickets/${id}/relations`, { role, ticketId })

  test('seen from both sides, with one parent at most, never in a circle, and parted again', async () => {
    const [a, b, c] = [await own(), await own(), await own()]
    const parent = await relate(a.id, 'parent_of', b.id)
    expect(parent.relations).toMatchObject([{ role: 'parent_of', ticket: { id: b.id, number: b.number } }])
    expect((await relate(c.id, 'child_of', b.id)).relations).toMatchObject([{ role: 'child_of' }])
    expect((await read(b.id)).relations.map(({ role }) => role)).toEqual(['child_of', 'parent_of'])
    const refused = (id: string, role: string, ticketId: string, code: 'ticket_relation_cycle' | 'ticket_relation_exists') =>
      agent.expectError('POST', `/tickets/${id}/relations`, { role, ticketId }, 409, code)
    await refused(c.id, 'parent_of', a.id, 'ticket_relation_cycle')
    await refused(a.id, 'parent_of', c.id, 'ticket_relation_exists')
    await agent.expectError('POST', `/tickets/${a.id}/relations`, { role: 'blocks', ticketId: a.id }, 400, 'invalid_request')
    const parted = await agent.ask('DELETE', `/tickets/${b.id}/relations/${parent.relations[0]!.id}`)
    expect(parted.body.data.relations.length).toBe(1)
    expect((await history(a.id)).map(({ kind }) => kind).slice(0, 2)).toEqual(['unrelated', 'related'])
  })

  test('two who close a circle from both ends at once: one is refused', async () => {
    const [a, b] = [await own(), await own()]
    const answers = await Promise.all([
      agent.ask('POST', `/tickets/${a.id}/relations`, { role: 'blocks', ticketId: b.id }),
      supervisor.ask('POST', `/tickets/${b.id}/relations`, { role: 'blocks', ticketId: a.id }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409].map((status) => (status === 201 ? 200 : status)))
  })
})

describe('lists and the history', () => {
  test('BP-006.1 filters, counts and pages agree, and nobody pages past his scope', async () => {
    const tag = unique('清单')
    const made: Ticket[] = []
    for (const priority of ['low', 'urgent', 'high', 'normal']) made.push(await make({ priority, tags: [tag] }))
    await agent.post(`/tickets/${made[0]!.id}/claim`)
    const query = `tag=${encodeURIComponent(tag)}`
    expect(await list(`${query}&sort=priority`)).toEqual([1, 2, 3, 0].map((index) => made[index]!.id))
    expect(await list(`${query}&assigneeId=me`)).toEqual([made[0]!.id])
    expect(await list(`${query}&assigneeId=none&priority=urgent,high&sort=created`)).toEqual([made[1]!.id, made[2]!.id])
    expect(await list(`q=${made[3]!.number}`)).toEqual([made[3]!.id])
    const first = await agent.ask('GET', `/tickets?${query}&limit=3`)
    const rest = await agent.ask('GET', `/tickets?${query}&limit=3&cursor=${first.body.nextCursor}`)
    expect([...first.body.data, ...rest.body.data].map((row: Ticket) => row.id).sort()).toEqual(made.map(({ id }) => id).sort())
    expect(rest.body.nextCursor).toBeNull()
    const counts = await agent.get<TicketCounts>(`/tickets/counts?${query}`)
    expect(counts.byStatus).toMatchObject({ unassigned: 3, in_progress: 1, closed: 0 })
    expect(await list(query, other)).toEqual([])
    await agent.expectError('GET', '/tickets?limit=-1', undefined, 400, 'invalid_request')
    await agent.expectError('GET', '/tickets?cursor=nonsense', undefined, 400, 'invalid_request')
    await agent.expectError('GET', '/tickets?status=done', undefined, 400, 'invalid_request')
  })

  test('BP-006.1 every change stands in the history with both sides and by whom; what changes nothing leaves no line', async () => {
    const ticket = await own()
    await edit(ticket, { title: '新标题', teamId: null })
    await edit(await read(ticket.id), { title: '新标题' })
    const events = await history(ticket.id)
    expect(events.filter(({ kind }) => kind === 'changed')).toMatchObject([
      {
        actor: { kind: 'staff', name: '林晓' },
        before: { title: ticket.title, team: { id: team.id, name: team.name } },
        after: { title: '新标题', team: null },
      },
    ])
    expect(events.at(-1)).toMatchObject({ kind: 'created', params: { source: 'hand' } })
  })

  test('BP-006.1 who has it open sees the other who opens it, and each change as it is made', async () => {
    const ticket = await own()
    const [ears, eyes] = [await agent.socket(), await supervisor.socket()]
    await ears.say('ticket.watch', { ticketId: ticket.id })
    await eyes.say('ticket.watch', { ticketId: ticket.id })
    await ears.waitFor('ticket.viewers', ({ patch }) => patch.viewers.some(({ name }) => name === '周主管'))
    await edit(ticket, { priority: 'urgent' })
    await eyes.waitFor('ticket.updated', ({ patch }) => patch.ticket.id === ticket.id && patch.ticket.priority === 'urgent')
    eyes.close()
    await ears.waitFor('ticket.viewers', ({ patch }) => patch.viewers.length === 1)
    ears.close()
  })
})
