import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Conversation } from '../../contract/conversation.ts'
import type { DictionaryEntry } from '../../contract/dictionary.ts'
import type { ConversationRules, WrapUp } from '../../contract/ending.ts'
import type { Message } from '../../contract/message.ts'
import { newKey, type StaffClient, startTestApp, type TestApp, unique, type WebCustomer } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let agent: StaffClient
let team: { id: string }
let web: { id: string }

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  supervisor = await it.staff('supervisor')
  team = await admin.post<{ id: string }>('/teams', { name: unique('组') })
  await admin.post(`/teams/${team.id}/members`, { accountIds: [supervisor.me.id], role: 'supervisor' })
  web = await it.connectWeb()
})
afterAll(() => it.stop())
beforeEach(async () => {
  agent = await it.staff('agent')
  await admin.post(`/teams/${team.id}/members`, { accountIds: [agent.me.id], role: 'agent' })
})

/** A customer and his conversation, which this agent has taken. */
async function talking(client = agent, request: object = {}): Promise<{ customer: WebCustomer; id: string }> {
  const customer = await it.webCustomer(web.id, request)
  await customer.say('你好')
  const { conversation } = await customer.history()
  const id = conversation?.id ?? ''
  await client.post(`/conversations/${id}/accept`)
  return { customer, id }
}
const close = (id: string, body: object = {}, client = agent) => client.post<Conversation>(`/conversations/${id}/close`, body)
const closed = (id: string, client = admin) =>
  until(async () => {
    const row = await client.conversation(id)
    if (row.status !== 'closed') throw new Error(`still ${row.status}`)
    return row
  })
const openOf = async (customer: WebCustomer) => (await customer.history()).conversation
const textsOf = (messages: Message[]) =>
  messages.flatMap(({ direction, parts: [part] }) => (part?.type === 'text' ? [`${direction}: ${part.text}`] : []))
const rules = async () => (await admin.get<ConversationRules[]>('/conversation-rules'))[0]!
async function change(patch: object): Promise<ConversationRules> {
  const { id, version } = await rules()
  return admin.patch<ConversationRules>(`/conversation-rules/${id}`, { ...patch, version })
}
const eventsOf = (name: string, id: string) => it.process.app.db('domain_events').where({ name, subject_id: id })

describe('BP-004.8 an agent ends a conversation', () => {
  test('BP-004.8 with what it was about: category, result, tags and summary are kept and can be corrected after the end', async () => {
    const { id } = await talking()
    const [business] = await admin.get<DictionaryEntry[]>('/dictionaries/business_type')
    const category = await admin.post<DictionaryEntry>('/dictionaries/issue_type', {
      code: unique('issue').replace('-', '_'),
      parentId: business!.id,
      labelZh: '物流问题',
      labelEn: 'Delivery',
    })
    const tag = await admin.post<{ id: string }>('/customer-tags', { name: unique('退货'), color: '#aa0000' })
    const done = await close(id, {
      reason: 'resolved',
      wrapUp: { categoryId: category.id, result: 'resolved', tagIds: [tag.id], summary: ' 已补发 ' },
    })
    expect(done).toMatchObject({ status: 'closed', closeReason: 'resolved' })
    await agent.put(`/conversations/${id}/wrap-up`, { result: 'follow_up' })
    expect(await agent.get<WrapUp>(`/conversations/${id}/wrap-up`)).toMatchObject({
      category: { id: category.id, labelZh: '物流问题' },
      result: 'follow_up',
      tags: [{ id: tag.id }],
      summary: '已补发',
      by: { id: agent.me.id },
    })
    const [event] = await eventsOf('conversation.closed', id)
    expect(event.payload).toEqual({ reason: 'resolved', by: agent.me.id, agentId: agent.me.id, teamId: null })
  })

  test('BP-004.8 what the rules ask for must be there, else it stays open', async () => {
    const { id } = await talking()
    await change({ wrapUpRequired: ['result', 'summary'] })
    const context = await agent.expectError(
      'POST',
      `/conversations/${id}/close`,
      { wrapUp: { result: 'resolved' } },
      400,
      'wrap_up_required',
    )
    expect(context).toEqual({ missing: ['summary'] })
    expect((await agent.conversation(id)).status).toBe('open')
    expect((await agent.get<WrapUp>(`/conversations/${id}/wrap-up`)).result).toBeNull()
    await close(id, { wrapUp: { result: 'resolved', summary: 'ok' } })
    await change({ wrapUpRequired: [] })
  })

  test('BP-004.8 the customer reads the closing text in the language of his page with its names filled in, and none when it is silent', async () => {
    await change({
      texts: {
        ...(await rules()).texts,
        closed: { zh: '{{agent}} 已为您结束会话{{nobody}}', en: '{{agent}} has closed this conversation' },
      },
    })
    const [told, silent, english] = [await talking(), await talking(), await talking(agent, { locale: 'en' })]
    await close(told.id)
    await close(english.id)
    await close(silent.id, { silent: true })
    await change({ texts: { ...(await rules()).texts, closed: { zh: '', en: '' } } })
    expect(textsOf(await agent.messages(told.id)).at(-1)).toBe(`outbound: ${agent.me.name} 已为您结束会话`)
    expect(textsOf(await agent.messages(english.id)).at(-1)).toBe(`outbound: ${agent.me.name} has closed this conversation`)
    expect(textsOf(await agent.messages(silent.id)).at(-1)).toBe('inbound: 你好')
  })

  test('a colleague may not, a supervisor may, and it stands in the trail', async () => {
    const { id } = await talking()
    const colleague = await it.staff('agent')
    await colleague.expectError('POST', `/conversations/${id}/close`, {}, 404, 'not_found')
    await close(id, { reason: 'other' }, supervisor)
    expect((await closed(id)).closeReason).toBe('other')
    const line = await it.process.app.db('audit_entries').where({ action: 'conversation.closed', object_id: id }).first()
    expect(line.actor_id).toBe(supervisor.me.id)
  })

  test('ended twice, it ends once; two who end at once agree on one end', async () => {
    const { id } = await talking()
    const answers = await Promise.all([agent, supervisor, agent].map((client) => client.ask('POST', `/conversations/${id}/close`, {})))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    expect(await eventsOf('conversation.closed', id)).toHaveLength(1)
  })

  test('bad input: unknown category, unknown tag, unknown reason; nothing changes', async () => {
    const { id } = await talking()
    const ask = (body: object, code: Parameters<StaffClient['expectError']>[4]) =>
      agent.expectError('POST', `/conversations/${id}/close`, body, 400, code)
    await ask({ wrapUp: { categoryId: id } }, 'entry_unknown')
    await ask({ wrapUp: { tagIds: [id] } }, 'tag_unknown')
    await ask({ reason: 'idle' }, 'invalid_request')
    expect((await agent.conversation(id)).status).toBe('open')
  })

  test('an answer that is being sent while it ends still arrives, and its mark turns', async () => {
    const account = await it.connectOfficial()
    const fan = it.follower(account)
    await fan.text('在吗')
    const { id } = await it.conversationOf(admin, fan.openId)
    await agent.post(`/conversations/${id}/accept`)
    const answer = await agent.reply(id, '马上发货')
    await close(id)
    expect((await admin.delivered(answer, 'sent')).parts).toEqual([{ type: 'text', text: '马上发货' }])
    expect((await admin.conversation(id)).status).toBe('closed')
  })
})

describe('BP-004.8 the customer ends it', () => {
  test('BP-004.8 by the button of his page, once however often he presses', async () => {
    const { customer, id } = await talking()
    await Promise.all([1, 2].map(() => customer.post('/web/close', { conversationId: id })))
    expect((await closed(id)).closeReason).toBe('customer')
    expect(await eventsOf('conversation.closed', id)).toHaveLength(1)
    expect(textsOf(await agent.messages(id)).at(-1)).toBe('outbound: 感谢您的咨询，本次会话已结束。')
  })

  test('not somebody else’s', async () => {
    const { id } = await talking()
    const other = await it.webCustomer(web.id)
    await other.expectError('POST', '/web/close', { conversationId: id }, 404, 'not_found')
    expect((await agent.conversation(id)).status).toBe('open')
  })

  test('BP-004.8 on WeChat by the agreed words, and by nothing that only holds them', async () => {
    const fan = it.follower(await it.connectOfficial())
    await fan.text('你好')
    const { id } = await it.conversationOf(admin, fan.openId)
    await agent.post(`/conversations/${id}/accept`)
    await fan.text('怎么结束会话？')
    await until(async () => expect(textsOf(await agent.messages(id)).at(-1)).toBe('inbound: 怎么结束会话？'))
    expect((await agent.conversation(id)).status).toBe('open')
    await fan.text(' 结束会话 ')
    expect((await closed(id)).closeReason).toBe('customer')
  })
})

describe('BP-004.8 going on after the end', () => {
  test('BP-004.8 the customer writes again: a new conversation continues the old one, with the same agent when he is there', async () => {
    const { customer, id } = await talking()
    await agent.be('online')
    await close(id)
    const colleague = await it.staff('agent')
    await colleague.be('online')
    await customer.say('还有一个问题')
    const next = await until(async () => {
      const row = await admin.conversation((await openOf(customer))!.id)
      if (row.assignee === null) throw new Error('still queued')
      return row
    })
    expect(next).toMatchObject({ status: 'open', continuesId: id, assignee: { id: agent.me.id } })
    expect(next.id).not.toBe(id)
    expect((await agent.messages(next.id))[0]?.parts[0]).toMatchObject({
      type: 'notice',
      code: 'conversation_continues',
      params: { conversationId: id },
    })
    expect((await admin.get<Conversation[]>(`/conversations?continues=${id}`)).map((row) => row.id)).toEqual([next.id])
    await Promise.all([agent, colleague].map((client) => client.be('offline')))
  })

  test('BP-004.8 after the hours of the rule he begins anew', async () => {
    const { customer, id } = await talking()
    await change({ reopenHours: 1 })
    await close(id)
    await it.travel(3_601_000)
    await customer.say('又来了')
    await change({ reopenHours: 24 })
    expect((await admin.conversation((await openOf(customer))!.id)).continuesId).toBeNull()
  })

  test('BP-004.8 its agent reopens it; somebody else may not; asked twice there is one', async () => {
    const { customer, id } = await talking()
    await close(id)
    const colleague = await it.staff('agent')
    await colleague.expectError('POST', `/conversations/${id}/reopen`, {}, 404, 'not_found')
    const answers = await Promise.all([1, 2].map(() => agent.ask('POST', `/conversations/${id}/reopen`, {})))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    const made = answers.find(({ status }) => status === 201)!.body.data as Conversation
    expect(made).toMatchObject({ status: 'open', continuesId: id, assignee: { id: agent.me.id } })
    expect(answers.find(({ status }) => status === 409)!.body.error).toMatchObject({
      code: 'conversation_open',
      context: { conversationId: made.id },
    })
    await agent.reply(made.id, '我们继续')
    expect((await openOf(customer))!.id).toBe(made.id)
  })

  test('reopened the moment the customer writes: one conversation', async () => {
    for (let round = 0; round < 3; round++) {
      const { customer, id } = await talking()
      await close(id)
      await Promise.all([agent.ask('POST', `/conversations/${id}/reopen`, {}), customer.say('还在吗')])
      const rows = await it.process.app.db('conversations').where({ continues_id: id })
      expect(rows).toHaveLength(1)
    }
  })

  test('an open one cannot be reopened', async () => {
    const { id } = await talking()
    await agent.expectError('POST', `/conversations/${id}/reopen`, {}, 409, 'conversation_not_closed')
    await agent.expectError('POST', `/conversations/${newKey()}/reopen`, {}, 400, 'invalid_request')
  })
})
