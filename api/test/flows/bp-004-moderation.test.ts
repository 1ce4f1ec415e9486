import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Message } from '../../contract/message.ts'
import type { Approval, ModerationHit, ModerationList, ModerationTry } from '../../contract/moderation.ts'
import type { Notification } from '../../contract/notification.ts'
import { newKey, type StaffClient, startTestApp, type TestApp, unique, type WebCustomer } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let agent: StaffClient
let web: { id: string }
let customer: WebCustomer
let id: string

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  supervisor = await it.staff('supervisor', '周主管')
  agent = await it.staff('agent')
  const team = await admin.post<{ id: string }>('/teams', { name: unique('组') })
  await admin.post(`/teams/${team.id}/members`, { accountIds: [agent.me.id], role: 'agent' })
  await admin.post(`/teams/${team.id}/members`, { accountIds: [supervisor.me.id], role: 'supervisor' })
  web = await it.connectWeb()
})
afterAll(() => it.stop())
beforeEach(async () => {
  customer = await it.webCustomer(web.id)
  await customer.say('你好')
  id = (await customer.history()).conversation!.id
  await agent.post(`/conversations/${id}/accept`)
})

async function list(actions: object, ...words: string[]): Promise<ModerationList> {
  const made = await admin.post<ModerationList>('/moderation/lists', { name: unique('词库'), ...actions })
  await admin.post(`/moderation/lists/${made.id}/words`, { add: words })
  return made
}
const body = (text: string, clientKey = newKey()) => ({ clientKey, parts: [{ type: 'text', text }] })
const hits = (query = '') => admin.get<ModerationHit[]>(`/moderation/hits${query}`)
const textOf = (message: Message | undefined) => message?.parts.map((part) => (part.type === 'text' ? part.text : part.type))
const lastSeen = async () => (await customer.history()).messages.findLast(({ direction }) => direction !== 'system')
const asked = () => supervisor.get<Approval[]>('/moderation/approvals')
const told = async (kind: string, client: StaffClient) =>
  (await client.get<Notification[]>('/notifications?limit=100')).filter((each) => each.kind === kind)

describe('BP-004 what an agent writes', () => {
  test('BP-004.1 a word that may not be sent is refused, however it is written, and that it was tried is kept', async () => {
    await list({ outbound: 'block' }, '内部价')
    for (const text of ['给您内部价', '内 部 价', '内\u200b部\u200b价', '内＊部-价']) {
      expect(await agent.expectError('POST', `/conversations/${id}/messages`, body(text), 400, 'text_blocked')).toEqual({
        words: ['内部价'],
      })
    }
    expect((await agent.messages(id)).filter(({ direction }) => direction === 'outbound')).toEqual([])
    const kept = await until(async () => {
      const all = (await hits('?action=block')).filter((hit) => hit.conversationId === id)
      if (all.length < 4) throw new Error(`${all.length} kept`)
      return all
    })
    expect(kept[0]).toMatchObject({ direction: 'outbound', words: ['内部价'], author: { id: agent.me.id }, seq: null })
    expect(textOf(await agent.reply(id, '给您优惠价'))).toEqual(['给您优惠价'])
  })

  test('BP-004.1 a covered word leaves covered; one that is only noted leaves as it is, and supervisors hear of it', async () => {
    await list({ outbound: 'mask' }, 'ＱＱ', '加微信')
    await list({ outbound: 'notify' }, '退款')
    expect(textOf(await agent.reply(id, '请加 微信 或 q q 12345'))).toEqual(['请＊ ＊＊ 或 ＊ ＊ 12345'])
    expect(textOf(await agent.reply(id, '可以退款'))).toEqual(['可以退款'])
    expect(textOf(await lastSeenMessage())).toEqual(['可以退款'])
    await until(async () => expect((await told('moderation.hit', supervisor)).map(({ link }) => link)).toContain(`/workbench/${id}`))
    expect(await told('moderation.hit', agent)).toEqual([])
  })

  test('BP-004.1 what a supervisor must agree to waits, and leaves when he does; the customer goes on waiting meanwhile', async () => {
    await list({ outbound: 'approve' }, '赔偿')
    const page = await customer.socket()
    const message = await agent.reply(id, '我们可以赔偿您')
    expect(message.delivery).toEqual({ state: 'held', reason: 'awaiting_approval' })
    expect(textOf((await lastSeen()) as Message)).toEqual(['你好'])
    expect((await agent.conversation(id)).waitingSince).not.toBeNull()
    const [waiting] = (await asked()).filter((each) => each.conversationId === id)
    expect(waiting).toMatchObject({
      messageId: message.id,
      words: ['赔偿'],
      author: { id: agent.me.id },
      parts: [{ type: 'text', text: '我们可以赔偿您' }],
    })
    await until(async () => expect((await told('moderation.approval', supervisor)).length).toBeGreaterThan(0))
    await agent.expectError('POST', `/moderation/approvals/${message.id}`, { approve: true }, 403, 'forbidden')
    const answers = await Promise.all(
      [supervisor, admin].map((client) => client.ask('POST', `/moderation/approvals/${message.id}`, { approve: true })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    await agent.delivered(message, 'sent')
    expect((await page.waitFor('message.created', (event) => event.seq === message.seq)).patch.message.parts).toEqual(message.parts)
    expect(textOf(await lastSeenMessage())).toEqual(['我们可以赔偿您'])
    expect((await agent.conversation(id)).waitingSince).toBeNull()
    await until(async () => expect((await told('moderation.approved', agent)).length).toBe(1))
  })

  test('refused it never leaves, not by sending it again either; taken back there is nothing to decide', async () => {
    await list({ outbound: 'approve' }, '保证')
    const refused = await agent.reply(id, '我保证')
    await supervisor.post(`/moderation/approvals/${refused.id}`, { approve: false, note: '不要承诺' })
    expect((await agent.delivered(refused, 'failed')).delivery).toEqual({ state: 'failed', reason: 'approval_refused' })
    for (const way of ['retry', 'hold'])
      await agent.expectError('POST', `/conversations/${id}/messages/${refused.seq}/${way}`, undefined, 409, 'not_retryable')
    const withdrawn = await agent.reply(id, '保证没问题')
    await agent.post(`/conversations/${id}/messages/${withdrawn.seq}/recall`)
    await until(async () => expect((await asked()).map(({ messageId }) => messageId)).not.toContain(withdrawn.id))
    await supervisor.expectError('POST', `/moderation/approvals/${withdrawn.id}`, { approve: true }, 409, 'approval_decided')
    expect(textOf((await lastSeen()) as Message)).toEqual(['你好'])
  })

  test('nobody agrees to his own words; sent again with its key it is the same one that waits', async () => {
    await list({ outbound: 'approve' }, '破例')
    const own = await supervisor.post<{ id: string }>(`/conversations/${await supervisors()}/messages`, body('为您破例'))
    await supervisor.expectError('POST', `/moderation/approvals/${own.id}`, { approve: true }, 404, 'not_found')
    const again = body('破例一次')
    const made = await Promise.all([1, 2].map(() => agent.post<Message>(`/conversations/${id}/messages`, again)))
    expect(made[0]!.id).toBe(made[1]!.id)
    expect((await asked()).filter(({ messageId }) => messageId === made[0]!.id)).toHaveLength(1)
  })

  const lastSeenMessage = async () => (await lastSeen()) as Message
  async function supervisors(): Promise<string> {
    const other = await it.webCustomer(web.id)
    await other.say('你好')
    const conversation = (await other.history()).conversation!.id
    await supervisor.post(`/conversations/${conversation}/accept`)
    return conversation
  }
})

describe('BP-004 what a customer writes', () => {
  test('BP-004.1 covered, withheld or noted; what was found is kept with its place', async () => {
    await list({ inbound: 'mask' }, '笨蛋')
    await list({ inbound: 'block' }, '去死')
    await customer.say('你这个笨 蛋')
    await customer.say('去死吧')
    const shown = (await agent.messages(id)).filter(({ direction }) => direction === 'inbound').slice(1)
    expect(textOf(shown[0])).toEqual(['你这个＊ ＊'])
    expect(shown[1]?.parts).toEqual([{ type: 'notice', code: 'message_withheld', params: {} }])
    const found = (await hits('?direction=inbound')).filter((hit) => hit.conversationId === id)
    expect(found.map(({ action, words, seq }) => [action, words, seq])).toEqual([
      ['block', ['去死'], shown[1]!.seq],
      ['mask', ['笨蛋'], shown[0]!.seq],
    ])
    const ledger = await it.process.app.db('inbound_events').orderBy('position', 'desc').first('raw')
    expect(ledger.raw).toContain('去死吧')
  })

  test('a list that is switched off or looks the other way finds nothing', async () => {
    const off = await list({ inbound: 'mask', outbound: 'block' }, '暗号')
    await admin.patch(`/moderation/lists/${off.id}`, { inbound: null, version: 1 })
    await customer.say('暗号')
    expect(textOf((await agent.messages(id)).at(-1))).toEqual(['暗号'])
    await admin.patch(`/moderation/lists/${off.id}`, { enabled: false, version: 2 })
    expect(textOf(await agent.reply(id, '暗号'))).toEqual(['暗号'])
  })
})

describe('BP-004 keeping the words', () => {
  test('what would happen is told before; words are found in order and by part', async () => {
    const made = await list({ inbound: 'notify', outbound: 'block' }, '刷单', 'ass')
    const ask = (text: string, direction: string) => admin.post<ModerationTry>('/moderation/try', { text, direction })
    expect(await ask('兼职刷 单', 'outbound')).toMatchObject({
      action: 'block',
      result: null,
      hits: [{ word: '刷单', list: made.name, start: 2, end: 5 }],
    })
    expect(await ask('a class as soon', 'outbound')).toMatchObject({ action: null, result: 'a class as soon', hits: [] })
    expect(await ask('A S S', 'inbound')).toMatchObject({ action: 'notify', result: 'A S S' })
    expect(await admin.get<string[]>(`/moderation/lists/${made.id}/words?q=刷`)).toEqual(['刷单'])
    const changed = await admin.post(`/moderation/lists/${made.id}/words`, { add: ['刷 单', '  ', '代写'], remove: ['ASS'] })
    expect(changed).toMatchObject({ added: 1, removed: 1, ignored: 2, words: 2 })
  })

  test('a sheet goes in and comes out the same', async () => {
    const [from, to] = [await list({ outbound: 'notify' }, '甲词', '乙词', '=cmd'), await list({ outbound: 'notify' })]
    const sheet = await fetch(`${it.url}/api/v1/moderation/lists/${from.id}/sheet?format=csv`, { headers: admin.headers })
    const answer = await admin.upload(`/moderation/lists/${to.id}/sheet`, {
      name: 'words.csv',
      data: Buffer.from(await sheet.arrayBuffer()),
    })
    expect(answer.body.data).toMatchObject({ added: 3, ignored: 0, words: 3 })
    const unreadable = await admin.upload(`/moderation/lists/${to.id}/sheet`, { name: 'words.xlsx', data: 'PK\u0003\u0004 no' })
    expect([unreadable.status, unreadable.body.error.code]).toEqual([400, 'spreadsheet_unreadable'])
  })

  test('only who manages words does; stale changes and double names are refused; two at once take turns', async () => {
    const made = await list({ outbound: 'mask' })
    await supervisor.expectError('GET', '/moderation/lists', undefined, 403, 'forbidden')
    await agent.expectError('GET', '/moderation/approvals', undefined, 403, 'forbidden')
    await admin.expectError('POST', '/moderation/lists', { name: made.name }, 409, 'name_taken')
    await admin.expectError('POST', '/moderation/lists', { name: 'x', inbound: 'approve' }, 400, 'invalid_request')
    const answers = await Promise.all(
      ['mask', 'block'].map((outbound) => admin.ask('PATCH', `/moderation/lists/${made.id}`, { outbound, version: 1 })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect((await admin.ask('DELETE', `/moderation/lists/${made.id}?version=2`)).status).toBe(200)
    await admin.expectError('GET', `/moderation/lists/${made.id}/words`, undefined, 404, 'not_found')
  })
})
