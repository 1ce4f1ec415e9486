import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ConversationRules } from '../../contract/ending.ts'
import type { Team } from '../../contract/team.ts'
import { closeIdle } from '../../modules/conversations/ending/idle.ts'
import { type StaffClient, startTestApp, type TestApp, unique, type WebCustomer } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let web: { id: string }
const MINUTE = 60_000

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  agent = await it.staff('agent', '小林')
  web = await it.connectWeb()
  await change({ idleWarnMinutes: 10, idleCloseMinutes: 5 })
})
afterAll(() => it.stop())

const rules = () => admin.get<ConversationRules[]>('/conversation-rules')
async function change(patch: object): Promise<void> {
  const { id, version } = (await rules())[0]!
  await admin.patch(`/conversation-rules/${id}`, { ...patch, version })
}
async function answered(): Promise<{ customer: WebCustomer; id: string }> {
  const customer = await it.webCustomer(web.id)
  await customer.say('你好')
  const id = (await customer.history()).conversation!.id
  await agent.reply(id, '请问订单号是多少？')
  return { customer, id }
}
const statusOf = async (id: string) => (await admin.conversation(id)).status
const spoken = async (id: string) =>
  (await admin.messages(id)).flatMap(({ author, parts: [part] }) => (author.kind === 'bot' && part?.type === 'text' ? [part.text] : []))
const closed = (id: string) =>
  until(async () => {
    const row = await admin.conversation(id)
    if (row.status !== 'closed') throw new Error(`still ${row.status}`)
    return row
  })
const WARNING = '您好，5 分钟内没有收到您的消息，本次会话将自动结束。如需继续咨询，请直接回复。'
const GOODBYE = '由于长时间没有收到您的消息，本次会话已结束。您随时可以再联系我们。'

describe('BP-004.8 silence after the agent’s words', () => {
  test('BP-004.8 the customer is warned, then it ends, each exactly once, with several workers looking', async () => {
    const { id } = await answered()
    await it.travel(10 * MINUTE)
    await until(async () => expect(await spoken(id)).toEqual([WARNING]))
    expect(await statusOf(id)).toBe('open')
    await it.travel(5 * MINUTE)
    await Promise.all([1, 2, 3].map(() => closeIdle(it.process.app)))
    expect(await closed(id)).toMatchObject({ closeReason: 'idle' })
    expect(await spoken(id)).toEqual([WARNING, GOODBYE])
    const events = await it.process.app.db('domain_events').where({ name: 'conversation.closed', subject_id: id })
    expect(events.map(({ payload }: { payload: object }) => payload)).toEqual([
      { reason: 'idle', by: null, agentId: agent.me.id, teamId: null },
    ])
  })

  test('never one whose customer waits for an answer: neither before it nor after the warning', async () => {
    const unanswered = await it.webCustomer(web.id)
    await unanswered.say('有人吗')
    const waiting = (await unanswered.history()).conversation!.id
    await agent.post(`/conversations/${waiting}/accept`)
    const { customer, id } = await answered()
    await it.travel(10 * MINUTE)
    await until(async () => expect(await spoken(id)).toEqual([WARNING]))
    await customer.say('我在找订单号')
    await it.travel(30 * MINUTE)
    await closeIdle(it.process.app)
    expect([await statusOf(waiting), await statusOf(id)]).toEqual(['open', 'open'])
    expect(await spoken(waiting)).toEqual([])
    await agent.reply(id, '好的，不急')
    await it.travel(10 * MINUTE)
    await until(async () => expect(await spoken(id)).toEqual([WARNING, WARNING]))
    await it.travel(5 * MINUTE)
    await closed(id)
  })

  test('after an outage the late ones are dealt with at once, and each is warned before it ends', async () => {
    const several = [await answered(), await answered()]
    await it.travel(120 * MINUTE)
    for (const { id } of several) await until(async () => expect(await spoken(id)).toEqual([WARNING]))
    await it.travel(5 * MINUTE)
    for (const { id } of several) await closed(id)
  })

  test('not what its agent has put aside for later', async () => {
    const { id } = await answered()
    await agent.put(`/conversations/${id}/snooze`, { snooze: { until: new Date(it.now() + 60 * MINUTE).toISOString() } })
    await it.travel(30 * MINUTE)
    await closeIdle(it.process.app)
    expect([await statusOf(id), await spoken(id)]).toEqual(['open', []])
    await it.travel(31 * MINUTE)
    await until(async () => expect(await spoken(id)).toEqual([WARNING]))
    await it.travel(5 * MINUTE)
    await closed(id)
  })

  test('the end and the customer’s words at the same moment: his words are never left in what has ended', async () => {
    for (let round = 0; round < 3; round++) {
      const { customer, id } = await answered()
      await it.travel(10 * MINUTE)
      await until(async () => expect(await spoken(id)).toEqual([WARNING]))
      await it.travel(5 * MINUTE)
      await Promise.all([closeIdle(it.process.app), customer.say('等一下')])
      const open = (await customer.history()).conversation!
      expect(open.status).not.toBe('closed')
      expect((await admin.messages(open.id)).at(-1)?.parts).toMatchObject([{ type: 'text', text: '等一下' }])
      await agent.ask('POST', `/conversations/${open.id}/accept`)
      await agent.post(`/conversations/${open.id}/close`, {})
    }
  })
})

describe('BP-004.8 the rules', () => {
  test('BP-004.8 what an account says comes before what holds for all, a team before its account, field by field', async () => {
    const account = await it.connectWeb()
    const rule = await admin.post<ConversationRules>('/conversation-rules', { channelAccountId: account.id, idleWarnMinutes: 60 })
    expect(rule).toMatchObject({ channelAccount: { id: account.id }, team: null, idleWarnMinutes: 60, idleCloseMinutes: null, texts: {} })
    const customer = await it.webCustomer(account.id)
    await customer.say('你好')
    const id = (await customer.history()).conversation!.id
    await agent.reply(id, '在的')
    await it.travel(30 * MINUTE)
    await closeIdle(it.process.app)
    expect(await spoken(id)).toEqual([])
    const team = await admin.post<Team>('/teams', { name: unique('售后组') })
    await admin.post('/conversation-rules', {
      teamId: team.id,
      idleWarnMinutes: 20,
      texts: { idleWarning: { zh: '{{minutes}} 分钟后结束', en: '' } },
    })
    await it.process.app.db('conversations').where({ id }).update({ team_id: team.id })
    await until(async () => expect(await spoken(id)).toEqual(['5 分钟后结束']))
    await admin.ask('DELETE', `/conversation-rules/${rule.id}?version=${rule.version}`)
    expect((await rules()).map((each) => each.channelAccount?.id)).not.toContain(account.id)
  })

  test('only who manages settings changes them; what holds for all is neither open nor removed; stale and double ones are refused', async () => {
    const [all] = await rules()
    const supervisor = await it.staff('supervisor')
    await supervisor.expectError('GET', '/conversation-rules', undefined, 403, 'forbidden')
    await admin.expectError('PATCH', `/conversation-rules/${all!.id}`, { version: all!.version, reopenHours: null }, 400, 'invalid_request')
    await admin.expectError(
      'PATCH',
      `/conversation-rules/${all!.id}`,
      { version: all!.version + 9, reopenHours: 1 },
      409,
      'version_conflict',
    )
    await admin.expectError('DELETE', `/conversation-rules/${all!.id}?version=${all!.version}`, undefined, 409, 'conflict')
    await admin.expectError('POST', '/conversation-rules', { idleWarnMinutes: 5 }, 400, 'invalid_request')
    await admin.expectError('POST', '/conversation-rules', { teamId: all!.id }, 404, 'not_found')
    const account = await it.connectWeb()
    const answers = await Promise.all([1, 2].map(() => admin.ask('POST', '/conversation-rules', { channelAccountId: account.id })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    expect(answers.find(({ status }) => status === 409)!.body.error.code).toBe('rules_exist')
  })
})
