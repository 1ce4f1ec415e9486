/** Supervisors are told of trouble once, see who cares for it, and see it go. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Notification } from '../../contract/notification.ts'
import type { Alert, AlertKind, AlertRule, Board } from '../../contract/supervision.ts'
import type { Team } from '../../contract/team.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let foreign: StaffClient
let agent: StaffClient
let team: Team
let channel: { id: string }

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  supervisor = await it.staff('supervisor', '周主管')
  foreign = await it.staff('supervisor')
  agent = await it.staff('agent', '李娜')
  team = await supervisor.post<Team>('/teams', { name: unique('售后组'), memberMaxConversations: 5 })
  await supervisor.put(`/teams/${team.id}/members/${agent.me.id}`, { role: 'agent' })
  await foreign.post('/teams', { name: unique('别组') })
  channel = await it.connectWeb()
})
afterAll(() => it.stop())

const openAlerts = (client = supervisor) => client.get<Alert[]>('/supervision/alerts')
const alertOf = (kind: AlertKind, client = supervisor): Promise<Alert> =>
  until(async () => {
    const found = (await openAlerts(client)).find((alert) => alert.kind === kind)
    if (!found) throw new Error(`no alert ${kind}`)
    return found
  })
const gone = (kind: AlertKind) => until(async () => expect((await openAlerts(admin)).map((alert) => alert.kind)).not.toContain(kind))
const toldOf = async (client: StaffClient, kind: string) =>
  (await client.get<Notification[]>('/notifications?limit=100')).filter((each) => each.kind === kind)
const ruleOf = async (kind: AlertKind, client = admin): Promise<AlertRule> => {
  const rules = await client.get<AlertRule[]>('/supervision/alert-rules')
  return rules.find((rule) => rule.kind === kind && rule.team === null)!
}
async function newcomer(): Promise<string> {
  const customer = await it.webCustomer(channel.id)
  await customer.say('在吗')
  return until(async () => {
    const { conversation } = await customer.history()
    if (!conversation) throw new Error('no conversation yet')
    return conversation.id
  })
}
const toTeam = async (ids: string[]) => {
  const items = ids.map((id) => ({ id, seen: { assigneeId: null, teamId: null } }))
  await supervisor.post('/supervision/assignments', { items, to: { kind: 'team', teamId: team.id }, clientKey: unique('decision') })
}
const take = async (id: string) => {
  await agent.post(`/conversations/${id}/accept`)
  await agent.post(`/conversations/${id}/close`, { reason: 'resolved' })
}

describe('waiting too long', () => {
  test('raised once for the team, told to its supervisors alone, acknowledged by whom, resolved when it is over', async () => {
    const socket = await supervisor.socket()
    const id = await newcomer()
    await toTeam([id])
    await it.travel(200_000)
    const alert = await alertOf('queue_wait')
    expect(alert).toMatchObject({ team: { id: team.id }, channel: null, count: 1, threshold: 180, acknowledged: null, resolvedAt: null })
    expect(alert.value).toBeGreaterThanOrEqual(180)
    const pushed = await socket.waitFor('supervision.alert', (event) => event.id === alert.id)
    expect(pushed.patch.alert.kind).toBe('queue_wait')
    await it.travel(30_000)
    await until(async () => expect((await openAlerts())[0]?.id).toBe(alert.id))
    for (const client of [supervisor, admin]) {
      const [told, ...more] = await toldOf(client, 'alert.queue_wait')
      expect(told).toMatchObject({ params: { team: team.name, count: 1, seconds: 180 }, link: '/supervision' })
      expect(more).toEqual([])
    }
    expect([await openAlerts(foreign), await toldOf(foreign, 'alert.queue_wait'), await toldOf(agent, 'alert.queue_wait')]).toEqual([
      [],
      [],
      [],
    ])
    await foreign.expectError('POST', `/supervision/alerts/${alert.id}/acknowledge`, undefined, 404, 'not_found')
    await agent.expectError('POST', `/supervision/alerts/${alert.id}/acknowledge`, undefined, 403, 'forbidden')

    const [mine, theirs] = await Promise.all(
      [supervisor, admin].map((client) => client.post<Alert>(`/supervision/alerts/${alert.id}/acknowledge`)),
    )
    expect(mine!.acknowledged).toEqual(theirs!.acknowledged)
    await socket.waitFor('supervision.alert', (event) => event.id === alert.id && event.patch.alert.acknowledged !== null)
    await take(id)
    await it.travel(30_000)
    await gone('queue_wait')
    const past = await supervisor.get<Alert[]>('/supervision/alerts?state=resolved')
    expect(past.find((each) => each.id === alert.id)).toMatchObject({ resolvedAt: expect.any(String), acknowledged: mine!.acknowledged })
    await socket.waitFor('supervision.alert', (event) => event.id === alert.id && event.patch.alert.resolvedAt !== null)
  })
})

describe('rules', () => {
  test('a team’s own threshold counts for it, switched off it is silent, and without it the house’s holds again', async () => {
    const ids = [await newcomer(), await newcomer()]
    await toTeam(ids)
    const rule = await supervisor.post<AlertRule>('/supervision/alert-rules', { kind: 'queue_length', teamId: team.id, threshold: 2 })
    const alert = await alertOf('queue_length')
    expect(alert).toMatchObject({ team: { id: team.id }, value: 2, count: 2, threshold: 2 })
    const twice = { kind: 'queue_length', teamId: team.id, threshold: 3 }
    await supervisor.expectError('POST', '/supervision/alert-rules', twice, 409, 'already_there')
    const off = await supervisor.patch<AlertRule>(`/supervision/alert-rules/${rule.id}`, { enabled: false, version: rule.version })
    await supervisor.expectError(
      'PATCH',
      `/supervision/alert-rules/${rule.id}`,
      { threshold: 9, version: rule.version },
      409,
      'version_conflict',
    )
    await it.travel(30_000)
    await gone('queue_length')
    expect((await supervisor.ask('DELETE', `/supervision/alert-rules/${rule.id}?version=${off.version}`)).status).toBe(200)
    expect((await supervisor.get<AlertRule[]>('/supervision/alert-rules')).filter((each) => each.team !== null)).toEqual([])
    for (const id of ids) await take(id)
  })

  test('S22 the house’s rules are changed by who reaches the whole house; a foreign team’s are not there; an agent changes none', async () => {
    const house = await ruleOf('queue_wait')
    const patch = { threshold: 60, version: house.version }
    await supervisor.expectError('PATCH', `/supervision/alert-rules/${house.id}`, patch, 403, 'forbidden')
    await agent.expectError('PATCH', `/supervision/alert-rules/${house.id}`, patch, 403, 'forbidden')
    await foreign.expectError('POST', '/supervision/alert-rules', { kind: 'no_reply', teamId: team.id, threshold: 60 }, 404, 'not_found')
    const own = await supervisor.post<AlertRule>('/supervision/alert-rules', { kind: 'no_reply', teamId: team.id, threshold: 60 })
    await foreign.expectError('PATCH', `/supervision/alert-rules/${own.id}`, { threshold: 1, version: 1 }, 404, 'not_found')
    await supervisor.ask('DELETE', `/supervision/alert-rules/${own.id}?version=1`)
    const removed = await admin.ask('DELETE', `/supervision/alert-rules/${house.id}?version=${house.version}`)
    expect([removed.status, await ruleOf('queue_wait')]).toEqual([403, house])
    const changed = await admin.patch<AlertRule>(`/supervision/alert-rules/${house.id}`, patch)
    await admin.patch(`/supervision/alert-rules/${house.id}`, { threshold: house.threshold, version: changed.version })
  })

  test.each<[string, object]>([
    ['a threshold of nothing', { threshold: 0 }],
    ['more than a day', { threshold: 86_401 }],
    ['a kind that no team has', { kind: 'channel_down' }],
    ['an unknown key', { notify: true }],
  ])('%s is refused', async (_, change) => {
    const body = { kind: 'queue_wait', teamId: team.id, threshold: 60, ...change }
    await supervisor.expectError('POST', '/supervision/alert-rules', body, 400, 'invalid_request')
  })
})

describe('no reply, channels and deliveries', () => {
  test('a customer without an answer for too long; answering ends it', async () => {
    const id = await newcomer()
    await toTeam([id])
    await agent.post(`/conversations/${id}/accept`)
    await it.travel(310_000)
    expect(await alertOf('no_reply')).toMatchObject({ team: { id: team.id }, count: 1, threshold: 300 })
    await agent.reply(id, '抱歉久等')
    await it.travel(30_000)
    await gone('no_reply')
    await agent.post(`/conversations/${id}/close`, { reason: 'resolved' })
  })

  test('a channel that fails for a moment says nothing, one that goes on does, to every supervisor; it is over when it works again', async () => {
    const health = (state: 'ok' | 'failing') =>
      it.process.app
        .db('channel_accounts')
        .where({ id: channel.id })
        .update({ health: state, health_reason: state === 'ok' ? null : '40001' })
    await health('failing')
    await until(async () => expect(await it.process.app.db('channel_faults').where({ channel_account_id: channel.id })).toHaveLength(1))
    expect((await openAlerts()).map((alert) => alert.kind)).not.toContain('channel_down')
    await it.travel(130_000)
    expect(await alertOf('channel_down', foreign)).toMatchObject({ team: null, channel: { id: channel.id, kind: 'web' }, count: 1 })
    await health('ok')
    await it.travel(30_000)
    await gone('channel_down')
  })

  test('messages that do not leave are counted by channel', async () => {
    const id = await newcomer()
    await agent.post(`/conversations/${id}/accept`)
    const messages = []
    for (let each = 0; each < 5; each++) messages.push(await agent.reply(id, `第 ${each} 条`))
    for (const message of messages) await agent.delivered(message, 'sent')
    await it.process.app
      .db('deliveries')
      .where({ conversation_id: id })
      .update({ state: 'failed', reason: 'platform_unreachable', updated_at: it.process.app.db.raw('app_now()') })
    expect(await alertOf('delivery_failures')).toMatchObject({ channel: { id: channel.id }, value: 5, count: 5 })
    expect((await supervisor.get<Board>('/supervision/board')).channels.find((each) => each.id === channel.id)?.failedDeliveries).toBe(5)
    await it.travel(16 * 60_000)
    await gone('delivery_failures')
    await agent.post(`/conversations/${id}/close`, { reason: 'resolved' })
  })
})
