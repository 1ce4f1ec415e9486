import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { MessageTemplate } from '../../contract/channel.ts'
import type { Conversation } from '../../contract/conversation.ts'
import type { Message } from '../../contract/message.ts'
import { newKey, type OfficialAccount, type StaffClient, startTestApp, type TestApp, type WebCustomer } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let web: { id: string }
let official: OfficialAccount

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  agent = await it.staff('agent', '林晓')
  web = await it.connectWeb()
  official = await it.connectOfficial()
})
afterAll(() => it.stop())

/** Somebody on the web page, with the agent who has taken his conversation. */
async function onTheWeb(): Promise<{ customer: WebCustomer; id: string }> {
  const customer = await it.webCustomer(web.id)
  await customer.say('在吗')
  const id = (await customer.history()).conversation?.id ?? ''
  await agent.post(`/conversations/${id}/accept`)
  return { customer, id }
}

async function onWeChat(account = official) {
  const customer = it.follower(account)
  await customer.text('在吗')
  const { id } = await it.conversationOf(admin, customer.openId)
  await agent.post(`/conversations/${id}/accept`)
  return { customer, id }
}

describe('the end of a conversation', () => {
  test('closed it takes no answer, and the customer’s next message opens a new one', async () => {
    const { customer, id } = await onTheWeb()
    const closed = await agent.post<Conversation>(`/conversations/${id}/close`, { reason: 'resolved' })
    expect(closed).toMatchObject({ status: 'closed', closeReason: 'resolved', unread: 0 })
    await agent.expectError(
      'POST',
      `/conversations/${id}/messages`,
      { clientKey: newKey(), parts: [{ type: 'text', text: 'x' }] },
      409,
      'conversation_closed',
    )
    await agent.expectError('POST', `/conversations/${id}/close`, { reason: 'resolved' }, 409, 'conversation_closed')
    await Promise.all([customer.say('还有'), customer.say('一个问题')])
    const { conversation, messages } = await customer.history()
    expect(conversation).toMatchObject({ status: 'queued' })
    expect(conversation?.id).not.toBe(id)
    expect(messages).toHaveLength(2)
  })

  test('closing while the customer writes loses nothing', async () => {
    const { customer, id } = await onTheWeb()
    await Promise.all([agent.post(`/conversations/${id}/close`, {}), customer.say('等等')])
    const { db } = it.process.app
    const identity = await db('conversations').where({ id }).first('identity_id')
    const rows = await db('messages as m')
      .join('conversations as v', 'v.id', 'm.conversation_id')
      .where({ identity_id: identity.identity_id, direction: 'inbound' })
    expect(rows).toHaveLength(2)
  })
})

describe('BP-004.1 CH-01 what the platform still allows', () => {
  test('45047: five answers, the sixth is refused before it leaves; what is held goes out when the customer writes', async () => {
    const { customer, id } = await onWeChat()
    for (let answer = 1; answer <= 5; answer++) await agent.reply(id, `第 ${answer} 条`)
    const sixth = { clientKey: newKey(), parts: [{ type: 'text', text: '第 6 条' }] }
    expect(await agent.expectError('POST', `/conversations/${id}/messages`, sixth, 409, 'reply_quota_spent')).toMatchObject({
      remaining: 0,
    })
    const held = await agent.post<Message>(`/conversations/${id}/messages`, { ...sixth, whenClosed: 'hold' })
    expect(held.delivery?.state).toBe('held')
    await until(() => expect(customer.sent()).toHaveLength(5))
    await it.tick()
    await customer.text('还在')
    await agent.delivered(held, 'sent')
    expect(customer.sent().at(-1)?.content).toMatchObject({ text: '第 6 条' })
    expect((await agent.conversation(id)).replyWindow.remaining).toBe(4)
  })

  test('two agents’ last answers at once: no more calls leave than the customer granted', async () => {
    const { customer, id } = await onWeChat()
    const helper = await it.staff('agent')
    await agent.post(`/conversations/${id}/helpers`, { accountId: helper.me.id, mayReply: true })
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_each, index) =>
        (index % 2 === 0 ? agent : helper).ask('POST', `/conversations/${id}/messages`, {
          clientKey: newKey(),
          parts: [{ type: 'text', text: `${index}` }],
        }),
      ),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5)
    await until(() => expect(customer.sent()).toHaveLength(5))
    expect(it.simulator.calls({ path: '/cgi-bin/message/custom/send' }).some(({ errcode }) => errcode === 45047)).toBe(false)
  })

  test('45015: when the platform closes earlier than we thought, the message fails visibly and can wait for the customer', async () => {
    const { customer, id } = await onWeChat()
    it.simulator.closeWindow(official.appId, customer.openId)
    const failed = await agent.delivered(await agent.reply(id, '太晚了'), 'failed')
    expect(failed.delivery).toEqual({ state: 'failed', reason: 'reply_window_closed', platformCode: '45015' })
    expect((await agent.conversation(id)).replyWindow.state).toBe('closed')
    await agent.expectError('POST', `/conversations/${id}/messages/${failed.seq}/retry`, undefined, 409, 'reply_window_closed')
    expect(await agent.post(`/conversations/${id}/messages/${failed.seq}/hold`)).toMatchObject({ delivery: { state: 'held' } })
    await agent.expectError('POST', `/conversations/${id}/messages/${failed.seq}/hold`, undefined, 409, 'not_retryable')
    await it.tick()
    await customer.text('在的')
    await agent.delivered(failed, 'sent')
  })

  test('after forty-eight hours only a template gets through', async () => {
    const { customer, id } = await onWeChat()
    it.simulator.addTemplate({ appId: official.appId, templateId: 'order', title: '订单通知', content: '订单：{{thing1.DATA}}' })
    await it.travel(49 * 3_600_000)
    agent = await it.logIn(agent.me.username)
    admin = await it.logIn(admin.me.username)
    expect((await agent.conversation(id)).replyWindow).toEqual({ state: 'closed', remaining: 0, closesAt: null })
    const words = { clientKey: newKey(), parts: [{ type: 'text', text: '还在吗' }] }
    await agent.expectError('POST', `/conversations/${id}/messages`, words, 409, 'reply_window_closed')
    const [listed] = await agent.get<MessageTemplate[]>(`/channel-accounts/${official.id}/templates`)
    expect(listed).toEqual({ id: 'order', title: '订单通知', text: '订单：{thing1}', fields: [{ name: 'thing1', label: '订单' }] })
    await agent.expectError('GET', `/channel-accounts/${web.id}/templates`, undefined, 409, 'channel_unsupported')
    const template = await agent.reply(id, [
      { type: 'template', templateId: 'order', data: { thing1: '人体工学椅' }, preview: '订单：人体工学椅' },
    ])
    await agent.delivered(template, 'delivered')
    expect(customer.sent().at(-1)).toMatchObject({ via: 'template', content: { lines: [{ label: '订单', value: '人体工学椅' }] } })
  })
})
