import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Conversation } from '../../contract/conversation.ts'
import type { Reach } from '../../contract/ending.ts'
import type { Message } from '../../contract/message.ts'
import { newKey, type OfficialAccount, type StaffClient, startTestApp, type TestApp } from '../harness.ts'
import { until } from '../until.ts'

interface Started {
  conversationId: string
  started: boolean
  message: Message
}

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let agent: StaffClient
let web: { id: string }
let official: OfficialAccount

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  supervisor = await it.staff('supervisor')
  agent = await it.staff('agent', '小林')
  web = await it.connectWeb()
  official = await it.connectOfficial()
})
afterAll(() => it.stop())

/** Somebody on our page whom this agent has served, and whose conversation is over. */
async function served() {
  const customer = await it.webCustomer(web.id)
  await customer.say('你好')
  const id = (await customer.history()).conversation!.id
  await agent.post(`/conversations/${id}/accept`)
  await agent.post(`/conversations/${id}/close`, {})
  return { customer, id, personId: (await agent.conversation(id)).customer.id }
}
async function servedOnWeChat() {
  const fan = it.follower(official)
  await fan.text('在吗')
  const { id, customer } = await it.conversationOf(admin, fan.openId)
  await agent.post(`/conversations/${id}/accept`)
  await agent.post(`/conversations/${id}/close`, {})
  return { fan, id, personId: customer.id }
}
const words = (text: string, more: object = {}) => ({ clientKey: newKey(), parts: [{ type: 'text', text }], ...more })
const start = (personId: string, body: object, client = agent) => client.post<Started>(`/customers/${personId}/conversations`, body)
const reach = async (personId: string) => await agent.get<{ reaches: Reach[]; pages: { url: string }[] }>(`/customers/${personId}/reach`)
const DAY = 24 * 3_600_000

describe('BP-004 an agent writes first', () => {
  test('BP-004.8 the customer reads it, the conversation is the agent’s, and a line says who began', async () => {
    const { customer, id, personId } = await served()
    const { conversationId, started } = await start(personId, words('您好，配件到货了'))
    expect([started, conversationId === id]).toEqual([true, false])
    const row = await agent.conversation(conversationId)
    expect(row).toMatchObject({ status: 'open', assignee: { id: agent.me.id } })
    const { messages } = await customer.history()
    expect(messages.at(-1)?.parts).toEqual([{ type: 'text', text: '您好，配件到货了' }])
    expect((await agent.messages(conversationId))[0]?.parts[0]).toMatchObject({ code: 'conversation_started', params: { name: '小林' } })
    await customer.say('太好了')
    expect((await customer.history()).conversation!.id).toBe(conversationId)
  })

  test('sent again with its key it is the same message; with other words refused; two at once are one', async () => {
    const { personId } = await served()
    const body = words('在吗')
    const made = await Promise.all([1, 2, 3].map(() => start(personId, body)))
    expect(new Set(made.map(({ message }) => message.id)).size).toBe(1)
    expect(made.filter(({ started }) => started)).toHaveLength(1)
    const other = { ...words('别的'), clientKey: body.clientKey }
    await agent.expectError('POST', `/customers/${personId}/conversations`, other, 409, 'idempotency_mismatch')
  })

  test('whom another team’s queue holds cannot be written to, and both the look and the try say why', async () => {
    const { customer, personId } = await served()
    const team = await admin.post<{ id: string }>('/teams', { name: '他组' })
    await customer.say('再问一下')
    const { id } = (await customer.history()).conversation!
    const items = [{ id, seen: { assigneeId: null, teamId: null } }]
    await admin.post('/supervision/assignments', { items, to: { kind: 'team', teamId: team.id }, clientKey: newKey() })
    expect((await reach(personId)).reaches[0]).toMatchObject({ ways: [], obstacle: 'waiting_elsewhere' })
    const refused = await agent.expectError('POST', `/customers/${personId}/conversations`, words('您好'), 409, 'not_reachable')
    expect(refused).toMatchObject({ obstacle: 'waiting_elsewhere' })
    await admin.post(`/conversations/${id}/accept`)
    await admin.post(`/conversations/${id}/close`, { reason: 'resolved', silent: true })
  })

  test('the moment the customer writes himself: one conversation', async () => {
    for (let round = 0; round < 3; round++) {
      const { customer, personId } = await served()
      const [answer] = await Promise.all([
        agent.ask('POST', `/customers/${personId}/conversations`, words('有货了')),
        customer.say('有货了吗'),
      ])
      expect(answer.status).toBe(201)
      const open = await it.process.app.db('conversations').where({ customer_id: personId }).whereNot('status', 'closed')
      expect(open).toHaveLength(1)
      expect((await agent.messages(open[0].id)).filter(({ parts: [part] }) => part?.type === 'text')).toHaveLength(2)
      await agent.post(`/conversations/${open[0].id}/close`, {})
    }
  })

  test('one that a colleague has goes on with him: the agent is told with whom', async () => {
    const { customer, personId } = await served()
    await customer.say('又有问题')
    const { id } = (await customer.history()).conversation!
    await supervisor.post(`/conversations/${id}/accept`)
    expect((await reach(personId)).reaches[0]).toMatchObject({
      ways: [],
      obstacle: 'taken',
      open: { id, assignee: { id: supervisor.me.id } },
    })
    const context = await agent.expectError('POST', `/customers/${personId}/conversations`, words('我来'), 409, 'already_assigned')
    expect(context).toMatchObject({ assignee: { id: supervisor.me.id }, conversationId: id })
  })

  test('outside his scope there is nobody; blocked there is nothing to say; a disabled account carries nothing', async () => {
    const { personId } = await served()
    const stranger = await it.staff('agent')
    await stranger.expectError('POST', `/customers/${personId}/conversations`, words('x'), 404, 'not_found')
    await stranger.expectError('GET', `/customers/${personId}/reach`, undefined, 404, 'not_found')
    await supervisor.put(`/customers/${personId}/block`, { reason: 'x' })
    await agent.expectError('POST', `/customers/${personId}/conversations`, words('x'), 409, 'customer_blocked')
    await supervisor.ask('DELETE', `/customers/${personId}/block`)
    const elsewhere = words('x', { channelAccountId: official.id })
    expect(await agent.expectError('POST', `/customers/${personId}/conversations`, elsewhere, 409, 'not_reachable')).toEqual({
      obstacle: null,
    })
    await agent.expectError('POST', `/customers/${personId}/conversations`, { clientKey: newKey(), parts: [] }, 400, 'invalid_request')
  })
})

describe('BP-004 where the channel sets limits', () => {
  test('BP-004.8 inside the window words go at once; what is possible is told before', async () => {
    const { fan, personId } = await servedOnWeChat()
    const { reaches, pages } = await reach(personId)
    expect(reaches[0]).toMatchObject({
      channel: { kind: 'wechat-official' },
      ways: ['message', 'template'],
      obstacle: null,
      window: { state: 'open' },
    })
    expect(pages.map(({ url }) => url)).toContain(`http://lianke.test/chat/${web.id}`)
    const { message } = await start(personId, words('配件到货了'))
    await agent.delivered(message, 'sent')
    await until(() =>
      expect(
        it.simulator
          .sent()
          .filter(({ openId }) => openId === fan.openId)
          .map(({ payload }) => JSON.stringify(payload))
          .join(),
      ).toContain('配件到货了'),
    )
  })

  test('BP-004.8 after it words are refused with what remains, a template goes, and words can wait until he writes', async () => {
    const [refused, held] = [await servedOnWeChat(), await servedOnWeChat()]
    await it.travel(2 * DAY + 60_000)
    agent = await it.logIn(agent.me.username)
    admin = await it.logIn(admin.me.username)
    supervisor = await it.logIn(supervisor.me.username)
    expect((await reach(refused.personId)).reaches[0]).toMatchObject({ ways: ['template', 'hold'], obstacle: 'window_closed' })
    const context = await agent.expectError(
      'POST',
      `/customers/${refused.personId}/conversations`,
      words('在吗'),
      409,
      'reply_window_closed',
    )
    expect(context).toMatchObject({ remaining: 0 })
    expect(await agent.get<Conversation[]>(`/customers/${refused.personId}/conversations`)).toHaveLength(1)
    const kept = await start(held.personId, words('等您回来', { whenClosed: 'hold' }))
    expect(kept.message.delivery).toEqual({ state: 'held' })
    await held.fan.text('我来了')
    await agent.delivered(kept.message, 'sent')
    expect((await it.conversationOf(admin, held.fan.openId)).id).toBe(kept.conversationId)
  })

  test('who no longer follows is not reachable at all', async () => {
    const { fan, personId } = await servedOnWeChat()
    await fan.unfollow()
    await until(async () => expect((await reach(personId)).reaches[0]).toMatchObject({ ways: [], obstacle: 'unsubscribed' }))
    const context = await agent.expectError('POST', `/customers/${personId}/conversations`, words('x'), 409, 'not_reachable')
    expect(context).toEqual({ obstacle: 'unsubscribed' })
  })
})
