/** A supervisor hands out by hand: one, many, again; two at once; what he saw against what is. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Conversation } from '../../contract/conversation.ts'
import type { Assignment } from '../../contract/assignment.ts'
import type { AssignmentResult, AssignmentTarget, Board, BoardConversation } from '../../contract/supervision.ts'
import type { Team } from '../../contract/team.ts'
import { newKey, type StaffClient, startTestApp, type TestApp, unique, type WebCustomer } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let colleague: StaffClient
let foreign: StaffClient
let first: StaffClient
let second: StaffClient
let team: Team
let channel: { id: string }

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  supervisor = await it.staff('supervisor', '周主管')
  colleague = await it.staff('supervisor', '吴主管')
  foreign = await it.staff('supervisor')
  first = await it.staff('agent', '李娜')
  second = await it.staff('agent', '王强')
  team = await supervisor.post<Team>('/teams', { name: unique('售后组'), memberMaxConversations: 3 })
  for (const { me } of [first, second]) await supervisor.put(`/teams/${team.id}/members/${me.id}`, { role: 'agent' })
  await supervisor.put(`/teams/${team.id}/members/${colleague.me.id}`, { role: 'supervisor' })
  await foreign.post('/teams', { name: unique('别组') })
  channel = await it.connectWeb()
})
afterAll(() => it.stop())

interface Arrival {
  id: string
  customer: WebCustomer
}
async function newcomer(): Promise<Arrival> {
  const customer = await it.webCustomer(channel.id)
  await customer.say('在吗')
  const id = await until(async () => {
    const { conversation } = await customer.history()
    if (!conversation) throw new Error('no conversation yet')
    return conversation.id
  })
  return { id, customer }
}
const newcomers = async (count: number): Promise<Arrival[]> => {
  const arrived: Arrival[] = []
  for (let each = 0; each < count; each++) arrived.push(await newcomer())
  return arrived
}
const itemsOf = (arrived: readonly { id: string }[], assignee: StaffClient | null = null, teamId: string | null = null) =>
  arrived.map(({ id }) => ({ id, seen: { assigneeId: assignee?.me.id ?? null, teamId } }))
const toAgent = ({ me }: StaffClient): AssignmentTarget => ({ kind: 'agent', accountId: me.id })
const preview = (items: object[], to: AssignmentTarget, force = false, by = supervisor) =>
  by.post<AssignmentResult>('/supervision/assignments/preview', { items, to, force })
const assign = (items: object[], to: AssignmentTarget, more: object = {}, by = supervisor) =>
  by.post<AssignmentResult>('/supervision/assignments', { items, to, clientKey: newKey(), ...more })
const outcomes = ({ rows }: AssignmentResult) => rows.map(({ outcome }) => outcome)
const holderOf = async (id: string) => (await admin.get<Conversation>(`/conversations/${id}`)).assignee?.id ?? null
const loadOf = async (client: StaffClient) =>
  (await supervisor.get<Board>('/supervision/board')).agents.find(({ account }) => account.id === client.me.id)?.load
const closeAll = async () => {
  for (const client of [first, second]) await client.be('offline')
  for (const { id, status } of await admin.get<Conversation[]>('/conversations?limit=100')) {
    if (status === 'queued') await admin.post(`/conversations/${id}/accept`)
    if (status !== 'closed') await admin.post(`/conversations/${id}/close`, { reason: 'resolved' })
  }
}

afterEach(closeAll)

describe('BP-012.5 one', () => {
  test('BP-012.5 a waiting conversation goes to the agent the supervisor names; customer, agent, history and trail say so', async () => {
    const [one] = await newcomers(1)
    const socket = await first.socket()
    const result = await assign(itemsOf([one!]), toAgent(first), { note: '熟悉这个客户' })
    expect(result.rows[0]).toMatchObject({ id: one!.id, outcome: 'moves', to: { id: first.me.id, name: '李娜' }, from: null })
    expect(await holderOf(one!.id)).toBe(first.me.id)
    await socket.waitFor('conversation.updated', ({ id, patch }) => id === one!.id && patch.conversation.assignee?.id === first.me.id)
    await until(async () => expect((await one!.customer.history()).conversation?.agent?.name).toBe('李娜'))
    const [entry] = await supervisor.get<Assignment[]>(`/conversations/${one!.id}/assignments`)
    expect(entry).toMatchObject({ account: { id: first.me.id }, by: { id: supervisor.me.id }, note: '熟悉这个客户', endedAt: null })
    const trail = await admin.get<{ action: string; actor: { id: string } | null }[]>(`/audit-entries?objectId=${one!.id}`)
    expect(trail.map(({ action }) => action)).toContain('conversation.assigned')
  })
})

describe('BP-012.6 many', () => {
  test('BP-012.6 the preview says what would happen and changes nothing: who is full, who has it already, what is over', async () => {
    const arrived = await newcomers(6)
    await assign(itemsOf([arrived[0]!]), toAgent(first))
    await second.post(`/conversations/${arrived[1]!.id}/accept`)
    await second.post(`/conversations/${arrived[1]!.id}/close`, { reason: 'resolved' })
    const items = [...itemsOf([arrived[0]!], first), ...itemsOf([arrived[1]!], second), ...itemsOf(arrived.slice(2))]
    const shown = await preview(items, toAgent(first))
    expect(outcomes(shown)).toEqual(['same_owner', 'closed', 'moves', 'moves', 'over_capacity', 'over_capacity'])
    expect(shown.agent).toMatchObject({ load: 1, loadAfter: 3, capacity: 3, status: 'offline' })
    expect(outcomes(await preview(items, toAgent(first), true)).filter((outcome) => outcome === 'moves')).toHaveLength(4)
    expect(await Promise.all(arrived.slice(2).map(({ id }) => holderOf(id)))).toEqual([null, null, null, null])
    const done = await assign(items, toAgent(first))
    expect(outcomes(done)).toEqual(outcomes(shown))
    expect(await loadOf(first)).toBe(3)
    const forced = await assign(itemsOf(arrived.slice(4)), toAgent(first), { force: true })
    expect(forced.rows.map(({ outcome, beyondLimit }) => [outcome, beyondLimit])).toEqual([
      ['moves', true],
      ['moves', true],
    ])
    expect(await loadOf(first)).toBe(5)
  })

  test('into a team’s queue, and as the policies say: whoever has room gets it, the rest waits', async () => {
    const arrived = await newcomers(4)
    const toTeam = await assign(itemsOf(arrived), { kind: 'team', teamId: team.id })
    expect(toTeam.counts).toMatchObject({ queues: 4, moves: 0 })
    const waiting = await supervisor.get<BoardConversation[]>(`/supervision/conversations?teamId=${team.id}`)
    expect(waiting.map(({ id }) => id).sort()).toEqual(arrived.map(({ id }) => id).sort())
    expect((await assign(itemsOf(arrived, null, team.id), { kind: 'team', teamId: team.id })).counts.same_owner).toBe(4)
    await first.be('online')
    await until(async () => expect(await loadOf(first)).toBe(3))
    const held = await supervisor.get<BoardConversation[]>(`/supervision/conversations?status=open&assigneeId=${first.me.id}`)
    await first.be('busy')
    await second.be('online')
    await until(async () => expect(await loadOf(second)).toBe(1))
    const again = await assign(itemsOf(held, first, team.id), { kind: 'policy' })
    expect(again.counts).toMatchObject({ moves: 2, queues: 1 })
    expect(again.rows.flatMap(({ to }) => to?.id ?? [])).toEqual([second.me.id, second.me.id])
    expect([await loadOf(first), await loadOf(second)]).toEqual([0, 3])
  })

  test('sent twice with one key it happens once and is answered alike; the key with other rows is refused', async () => {
    const [one, other] = await newcomers(2)
    const body = { items: itemsOf([one!]), to: toAgent(first), clientKey: newKey() }
    const answers = await Promise.all([1, 2, 3].map(() => supervisor.post<AssignmentResult>('/supervision/assignments', body)))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    await assign(itemsOf([one!], first), toAgent(second))
    // A late retry answers as before and takes nothing back.
    expect(await supervisor.post('/supervision/assignments', body)).toEqual(answers[0])
    expect(await holderOf(one!.id)).toBe(second.me.id)
    await supervisor.expectError('POST', '/supervision/assignments', { ...body, items: itemsOf([other!]) }, 409, 'idempotency_mismatch')
    expect(await supervisor.get<Assignment[]>(`/conversations/${one!.id}/assignments`)).toHaveLength(2)
  })
})

describe('BP-012.7 again', () => {
  test('BP-012.7 BP-012.8 what one agent holds goes to another; both histories show it, and the loads add up', async () => {
    const arrived = await newcomers(2)
    await assign(itemsOf(arrived), toAgent(first))
    const done = await assign(itemsOf(arrived, first), toAgent(second), { note: '李娜去培训' })
    expect(done.rows.map(({ outcome, from, to }) => [outcome, from?.name, to?.name])).toEqual([
      ['moves', '李娜', '王强'],
      ['moves', '李娜', '王强'],
    ])
    expect([await loadOf(first), await loadOf(second)]).toEqual([0, 2])
    const left = await supervisor.get<Assignment[]>(`/staff/${first.me.id}/assignments`)
    const got = await supervisor.get<Assignment[]>(`/staff/${second.me.id}/assignments`)
    for (const { id } of arrived) {
      expect(left.find(({ work }) => work.id === id)?.endedAt).not.toBeNull()
      expect(got.find(({ work }) => work.id === id)).toMatchObject({ note: '李娜去培训', by: { name: '周主管' }, endedAt: null })
    }
  })

  test('a message that came meanwhile is no obstacle; an assignment is, and says who has it', async () => {
    const [one] = await newcomers(1)
    const items = itemsOf([one!])
    await one!.customer.say('还在吗')
    expect(outcomes(await preview(items, toAgent(first)))).toEqual(['moves'])
    await assign(items, toAgent(first))
    const late = await assign(items, toAgent(second), {}, colleague)
    expect(late.rows[0]).toMatchObject({ outcome: 'changed_meanwhile', from: { id: first.me.id }, to: null })
    expect(await holderOf(one!.id)).toBe(first.me.id)
  })

  test('F16 two supervisors with the same rows at once: each row has one owner, and the slower is told row by row', async () => {
    const arrived = await newcomers(3)
    const [mine, theirs] = await Promise.all([
      assign(itemsOf(arrived), toAgent(first)),
      assign(itemsOf(arrived.toReversed()), toAgent(second), {}, colleague),
    ])
    const won = (result: AssignmentResult) => result.rows.filter(({ outcome }) => outcome === 'moves').map(({ id }) => id)
    expect([...won(mine), ...won(theirs)].sort()).toEqual(arrived.map(({ id }) => id).sort())
    for (const id of won(mine)) expect(await holderOf(id)).toBe(first.me.id)
    for (const id of won(theirs)) expect(await holderOf(id)).toBe(second.me.id)
    const lost = [...mine.rows, ...theirs.rows].filter(({ outcome }) => outcome !== 'moves')
    expect(lost.map(({ outcome }) => outcome)).toEqual(lost.map(() => 'changed_meanwhile'))
    expect(((await loadOf(first)) ?? 0) + ((await loadOf(second)) ?? 0)).toBe(3)
  })

  test('F16 batches of several supervisors at once never fill an agent beyond the limit', async () => {
    const arrived = await newcomers(8)
    const halves = [arrived.slice(0, 4), arrived.slice(4)]
    const results = await Promise.all(
      halves.map((half, index) => assign(itemsOf(half), toAgent(first), {}, index === 0 ? supervisor : colleague)),
    )
    expect(results.flatMap(outcomes).filter((outcome) => outcome === 'moves')).toHaveLength(3)
    expect(await loadOf(first)).toBe(3)
  })
})

describe('S22 who may, and bad input', () => {
  test('an agent may not; a foreign supervisor reaches neither rows nor people nor team', async () => {
    const [one] = await newcomers(1)
    await assign(itemsOf([one!]), toAgent(first))
    const body = { items: itemsOf([one!], first), to: toAgent(second), clientKey: newKey() }
    await first.expectError('POST', '/supervision/assignments', body, 403, 'forbidden')
    await first.expectError('POST', '/supervision/assignments/preview', { items: body.items, to: body.to }, 403, 'forbidden')
    await foreign.expectError('POST', '/supervision/assignments', body, 404, 'not_found')
    await foreign.expectError('POST', '/supervision/assignments', { ...body, to: { kind: 'team', teamId: team.id } }, 404, 'not_found')
    const theirs = await assign(itemsOf([one!], first), toAgent(foreign), {}, foreign)
    expect(theirs.rows).toEqual([expect.objectContaining({ outcome: 'not_found', customer: null, from: null })])
    expect(await holderOf(one!.id)).toBe(first.me.id)
  })

  test('somebody disabled and a disabled team take nothing', async () => {
    const [one] = await newcomers(1)
    const gone = await it.staff('agent')
    const { version } = await admin.get<{ version: number }>(`/staff-members/${gone.me.id}`)
    await admin.post(`/staff-members/${gone.me.id}/disable`, { version })
    const closed = await admin.post<Team>('/teams', { name: unique('停用组') })
    await admin.patch(`/teams/${closed.id}`, { status: 'disabled', version: closed.version })
    const body = { items: itemsOf([one!]), clientKey: newKey() }
    await admin.expectError('POST', '/supervision/assignments', { ...body, to: toAgent(gone) }, 400, 'staff_not_active')
    await admin.expectError('POST', '/supervision/assignments', { ...body, to: { kind: 'team', teamId: closed.id } }, 409, 'team_disabled')
    expect(await holderOf(one!.id)).toBeNull()
  })

  test.each<[string, () => object]>([
    ['nothing', () => ({ items: [] })],
    ['more than two hundred', () => ({ items: itemsOf(Array.from({ length: 201 }, (_, n) => ({ id: uuid(n) }))) })],
    ['one of them twice', () => ({ items: itemsOf([{ id: uuid(1) }, { id: uuid(1) }]) })],
    ['no key', () => ({ clientKey: undefined })],
    ['a target that is none', () => ({ to: { kind: 'agent', teamId: team.id } })],
    ['an unknown field', () => ({ assigneeId: first.me.id })],
  ])('%s is refused', async (_, change) => {
    const body = { items: itemsOf([{ id: uuid(7) }]), to: toAgent(first), clientKey: newKey(), ...change() }
    await supervisor.expectError('POST', '/supervision/assignments', body, 400, 'invalid_request')
  })
  const uuid = (n: number) => `01930000-0000-7000-8000-${String(n).padStart(12, '0')}`
})
