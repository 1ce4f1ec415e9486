/** The supervisor's board: what waits and why, who works, who has the skill, and that what is pushed is what is true. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { DictionaryEntry } from '../../contract/dictionary.ts'
import type { AgentFigures, Board, BoardAgent, BoardConversation } from '../../contract/supervision.ts'
import type { Team } from '../../contract/team.ts'
import { type StaffClient, startTestApp, type TestApp, unique, type WebCustomer } from '../harness.ts'
import type { TestSocket } from '../socket-client.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let foreign: StaffClient
let agent: StaffClient
let other: StaffClient
let team: Team
let channel: { id: string }
let skills: DictionaryEntry[]

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  supervisor = await it.staff('supervisor', '周主管')
  foreign = await it.staff('supervisor')
  agent = await it.staff('agent', '李娜')
  other = await it.staff('agent', '王强')
  team = await supervisor.post<Team>('/teams', { name: unique('售后组'), memberMaxConversations: 2 })
  await supervisor.put(`/teams/${team.id}/members/${agent.me.id}`, { role: 'agent' })
  await foreign.post('/teams', { name: unique('别组') })
  channel = await it.connectWeb()
  skills = await admin.get<DictionaryEntry[]>('/dictionaries/skill')
})
afterAll(() => it.stop())

const board = (client = supervisor, query = '') => client.get<Board>(`/supervision/board${query}`)
const cardOf = (from: Board, client: StaffClient): BoardAgent => {
  const card = from.agents.find(({ account }) => account.id === client.me.id)
  if (!card) throw new Error('not on the wall')
  return card
}
/** Somebody writes, and is on the board. */
async function newcomer(text = '在吗'): Promise<{ customer: WebCustomer; id: string }> {
  const customer = await it.webCustomer(channel.id)
  await customer.say(text)
  const { conversation } = await until(async () => {
    const history = await customer.history()
    if (!history.conversation) throw new Error('no conversation yet')
    return history
  })
  return { customer, id: conversation!.id }
}
const queued = (id: string, client = supervisor): Promise<BoardConversation> =>
  until(async () => {
    const row = (await board(client)).queue.find((each) => each.id === id)
    if (!row) throw new Error('not in the queue')
    return row
  })
const closeAll = async () => {
  for (const { id, status } of await admin.get<{ id: string; status: string }[]>('/conversations?limit=100')) {
    if (status === 'queued') await admin.post(`/conversations/${id}/accept`)
    if (status !== 'closed') await admin.post(`/conversations/${id}/close`, { reason: 'resolved' })
  }
}

describe('BP-012.1 what waits', () => {
  test('BP-012.1 with how long, where it came in, and why nobody has it: first nobody is there, then all are full', async () => {
    const { id } = await newcomer()
    const row = await queued(id)
    expect(row).toMatchObject({ status: 'queued', team: null, assignee: null, channel: { accountId: channel.id, kind: 'web' } })
    expect(Date.parse(row.queuedAt!)).toBeLessThanOrEqual(it.now() + 1000)
    expect(row.reason).toEqual({ code: 'nobody_online', params: {} })
    await agent.be('online')
    await until(async () => expect(cardOf(await board(), agent).load).toBe(1))
    const second = await newcomer()
    await until(async () => expect(cardOf(await board(), agent).load).toBe(2))
    const third = await newcomer()
    expect((await queued(third.id)).reason).toEqual({ code: 'all_full', params: { agents: 1, load: 2, capacity: 2 } })
    expect((await board()).totals).toMatchObject({ queued: 1, open: 2 })
    await agent.post(`/conversations/${second.id}/close`, { reason: 'resolved' })
    await until(async () => expect((await board()).totals).toMatchObject({ queued: 0, open: 2 }))
  })

  test('a page at a time, in the order in which they are served', async () => {
    await agent.be('break')
    const ids = [(await newcomer()).id, (await newcomer()).id, (await newcomer()).id]
    const first = await supervisor.ask('GET', '/supervision/conversations?limit=2')
    const rest = await supervisor.ask('GET', `/supervision/conversations?limit=2&cursor=${encodeURIComponent(first.body.nextCursor)}`)
    expect([...first.body.data, ...rest.body.data].map((row: BoardConversation) => row.id)).toEqual(ids)
    expect(rest.body.nextCursor).toBeNull()
    await closeAll()
  })
})

describe('BP-012.2 BP-012.3 the wall', () => {
  test('BP-012.2 a status with its reason and since when; BP-012.3 what he holds, may hold, and who waits for his answer', async () => {
    await agent.put('/me/presence', { status: 'online' })
    const { id, customer } = await newcomer('我的订单呢')
    await until(async () => expect(cardOf(await board(), agent)).toMatchObject({ load: 1, capacity: 2, unanswered: 1, status: 'online' }))
    const held = await supervisor.get<BoardConversation[]>(`/supervision/conversations?status=open&assigneeId=${agent.me.id}`)
    expect(held.map((row) => [row.id, row.waitingSince !== null, row.reason])).toEqual([[id, true, null]])
    await agent.reply(id, '正在查')
    await until(async () => expect(cardOf(await board(), agent)).toMatchObject({ unanswered: 0, longestUnansweredSince: null }))
    await agent.put('/me/presence', { status: 'break', reason: '午休' })
    const resting = cardOf(await board(), agent)
    expect(resting).toMatchObject({ status: 'break', reason: '午休' })
    await customer.say('好的谢谢')
    const day = cardOf(await board(), agent)
    await agent.post(`/conversations/${id}/close`, { reason: 'resolved' })
    expect(cardOf(await board(), agent)).toMatchObject({ closedToday: day.closedToday + 1, takenToday: day.takenToday, load: 0 })
  })

  test('today’s response times are sums and numbers, from when it was his', async () => {
    // All of it on one day of the house.
    const left = 86_400_000 - ((it.now() + 8 * 3_600_000) % 86_400_000)
    if (left < 300_000) await it.travel(left)
    await agent.be('offline')
    const before = await figuresOf(agent)
    const { id, customer } = await newcomer()
    await it.travel(60_000)
    await agent.be('online')
    await until(async () => expect(cardOf(await board(), agent).load).toBe(1))
    await it.travel(30_000)
    await agent.reply(id, '您好')
    await agent.reply(id, '请讲')
    await customer.say('发票')
    await it.travel(10_000)
    await agent.reply(id, '稍等')
    const after = await figuresOf(agent)
    expect([after.firstResponses - before.firstResponses, after.turns - before.turns]).toEqual([1, 2])
    // The minute in the queue is not the agent's; two answers in a row are one turn.
    expect(after.firstResponseSeconds - before.firstResponseSeconds).toBeGreaterThanOrEqual(30)
    expect(after.firstResponseSeconds - before.firstResponseSeconds).toBeLessThan(60)
    const turnSeconds = after.turnSeconds - before.turnSeconds
    expect(turnSeconds).toBeGreaterThanOrEqual(40)
    expect(turnSeconds).toBeLessThan(70)
    await closeAll()
  })

  const figuresOf = async (client: StaffClient): Promise<AgentFigures> =>
    (await supervisor.get<AgentFigures[]>('/supervision/figures')).find(({ accountId }) => accountId === client.me.id) ?? {
      accountId: client.me.id,
      firstResponses: 0,
      firstResponseSeconds: 0,
      turns: 0,
      turnSeconds: 0,
    }
})

describe('BP-012.4 filters', () => {
  test('BP-012.4 by skill: who has it, at which level', async () => {
    const [skill] = skills
    const { version } = await admin.get<{ version: number }>(`/staff-members/${agent.me.id}`)
    await admin.patch(`/staff-members/${agent.me.id}`, { skills: [{ skillId: skill!.id, level: 4 }], version })
    const found = await board(admin, `?skillId=${skill!.id}`)
    expect(found.agents.map(({ account, skills: has }) => [account.id, has.find(({ id }) => id === skill!.id)?.level])).toEqual([
      [agent.me.id, 4],
    ])
    expect((await board(admin, `?skillId=${skills[1]!.id}`)).agents).toEqual([])
  })

  test('by team and by channel', async () => {
    await agent.be('break')
    const { id } = await newcomer()
    const second = await it.connectWeb()
    await queued(id)
    expect((await board(supervisor, `?channelAccountId=${second.id}`)).queue).toEqual([])
    expect((await board(supervisor, `?channelAccountId=${channel.id}`)).queue.map((row) => row.id)).toEqual([id])
    const ofTeam = await board(supervisor, `?teamId=${team.id}`)
    expect([ofTeam.teams.map((each) => each.id), ofTeam.queue]).toEqual([[team.id], []])
    await closeAll()
  })
})

describe('S22 who sees what', () => {
  test('an agent sees no board and hears of none', async () => {
    for (const path of ['board', 'conversations', 'figures', 'alerts', 'alert-rules']) {
      await agent.expectError('GET', `/supervision/${path}`, undefined, 403, 'forbidden')
    }
    const socket = await agent.socket()
    expect(await socket.say('supervision.watch', {})).toEqual({ error: { code: 'forbidden' } })
  })

  test('a supervisor sees the people and the work of his teams; a foreign team or person is not there', async () => {
    await agent.be('online')
    await other.be('offline')
    const { id } = await newcomer()
    await until(async () => expect(cardOf(await board(), agent).load).toBe(1))
    const mine = await board()
    expect(mine.agents.map(({ account }) => account.id).sort()).toEqual([agent.me.id, supervisor.me.id].sort())
    expect(mine.teams.map((each) => each.id)).toEqual([team.id])
    const theirs = await board(foreign)
    expect([theirs.agents.map(({ account }) => account.id), theirs.totals.open]).toEqual([[foreign.me.id], 0])
    await foreign.expectError('GET', `/supervision/board?teamId=${team.id}`, undefined, 404, 'not_found')
    await foreign.expectError('GET', `/supervision/conversations?status=open&assigneeId=${agent.me.id}`, undefined, 404, 'not_found')
    expect(await foreign.get<BoardConversation[]>('/supervision/conversations?status=open')).toEqual([])
    expect((await board(admin)).totals.open).toBe(1)
    await agent.post(`/conversations/${id}/close`, { reason: 'resolved' })
  })

  test.each(['?teamId=none', '?skillId=1', '?unknown=1', '?cursor=x'])('bad input %s is refused', async (query) => {
    await supervisor.expectError('GET', `/supervision/board${query}`, undefined, 400, 'invalid_request')
  })
})

describe('push', () => {
  /** As the page does it: fetch, watch, fetch again whenever told, and after every reconnect. */
  async function follow(socket: TestSocket): Promise<() => Promise<Board>> {
    let shown = await board()
    let heard = 0
    expect(await socket.say('supervision.watch', {})).toEqual({ ok: true })
    return async () => {
      const hints = socket.of('supervision.changed')
      const last = hints.at(-1)
      if (hints.length > heard && last && last.revision !== shown.revision) shown = await board()
      heard = hints.length
      return shown
    }
  }
  const steady = ({ queue, agents, teams, channels, alerts, totals }: Board) => ({ queue, agents, teams, channels, alerts, totals })

  test('what the board shows by pushes alone is what a fresh look shows: arrivals, assignments, breaks, ends, a channel that fails', async () => {
    await agent.be('offline')
    const shown = await follow(await supervisor.socket())
    const { id } = await newcomer()
    await until(async () => expect((await shown()).queue.map((row) => row.id)).toContain(id))
    await agent.be('online')
    await until(async () => expect(cardOf(await shown(), agent).load).toBe(1))
    await agent.reply(id, '您好')
    await until(async () => expect(cardOf(await shown(), agent).unanswered).toBe(0))
    await agent.put('/me/presence', { status: 'break', reason: '培训' })
    await until(async () => expect(cardOf(await shown(), agent).reason).toBe('培训'))
    await it.process.app.db('channel_accounts').where({ id: channel.id }).update({ health: 'failing', health_reason: '40001' })
    await until(async () => expect((await shown()).channels.find((each) => each.id === channel.id)?.health).toBe('failing'))
    await it.process.app.db('channel_accounts').where({ id: channel.id }).update({ health: 'ok', health_reason: null })
    await agent.post(`/conversations/${id}/close`, { reason: 'resolved' })
    await until(async () => expect(steady(await shown())).toEqual(steady(await board())))
    expect(cardOf(await shown(), agent).load).toBe(0)
  })

  test('a socket that was cut hears again after it watches again, and what happened between is on the board', async () => {
    await agent.be('offline')
    const first = await supervisor.socket()
    await follow(first)
    first.close()
    const { id } = await newcomer()
    const again = await follow(await supervisor.socket())
    await queued(id)
    await until(async () => expect((await again()).queue.map((row) => row.id)).toContain(id))
    await closeAll()
    await until(async () => expect((await again()).queue).toEqual([]))
  })

  test('who stopped watching hears nothing more; a burst is told at most twice a second', async () => {
    const [watching, silent] = [await supervisor.socket(), await supervisor.socket()]
    for (const socket of [watching, silent]) await socket.say('supervision.watch', {})
    await silent.say('supervision.unwatch', {})
    const before = silent.of('supervision.changed').length
    const began = Date.now()
    for (let turn = 0; turn < 12; turn++) await agent.be(turn % 2 === 0 ? 'busy' : 'offline')
    await watching.waitFor('supervision.changed')
    await until(async () => expect(watching.of('supervision.changed').at(-1)?.revision).toBe((await board()).revision))
    expect(watching.of('supervision.changed').length).toBeLessThanOrEqual(2 + Math.ceil((Date.now() - began) / 500))
    expect(silent.of('supervision.changed').length).toBe(before)
  })
})
