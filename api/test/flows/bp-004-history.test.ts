import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Conversation } from '../../contract/conversation.ts'
import type { Message } from '../../contract/message.ts'
import { newKey, type OfficialAccount, type StaffClient, startTestApp, type TestApp, type WebCustomer } from '../harness.ts'

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

const textsOf = (messages: { parts: Message['parts'] }[]) =>
  messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])))

describe('BP-004.2 read marks', () => {
  test('BP-004.2 the agent’s reading reaches the customer, the customer’s reading the agent', async () => {
    const { customer, id } = await onTheWeb()
    const [desk, page] = [await agent.socket(), await customer.socket()]
    const said = await customer.say('看到了吗')
    expect((await agent.conversation(id)).unread).toBe(2)
    const read = await agent.post<Conversation>(`/conversations/${id}/read`, { seq: said.seq })
    expect(read).toMatchObject({ unread: 0, staffReadSeq: said.seq })
    await page.waitFor('conversation.updated', (event) => event.patch.conversation.staffReadSeq === said.seq)
    const sent = await agent.delivered(await agent.reply(id, '看到了'), 'sent')
    await customer.post('/web/read', { conversationId: id, seq: sent.seq })
    await desk.waitFor('conversation.updated', (event) => event.patch.conversation.customerReadSeq === sent.seq)
    expect((await agent.messages(id)).at(-1)?.delivery?.state).toBe('read')
    // Replay and an older mark change nothing.
    await customer.post('/web/read', { conversationId: id, seq: 1 })
    expect((await agent.conversation(id)).customerReadSeq).toBe(sent.seq)
  })

  test('BP-004.2 a colleague who looks in leaves the mark alone; a mark past the end means the end', async () => {
    const { customer, id } = await onTheWeb()
    expect(await admin.post(`/conversations/${id}/read`, { seq: 1 })).toMatchObject({ unread: 1, staffReadSeq: 0 })
    const read = await agent.post<Conversation>(`/conversations/${id}/read`, { seq: 999_999 })
    expect(read.staffReadSeq).toBe(read.lastSeq)
    const stranger = await it.webCustomer(web.id)
    await stranger.expectError('POST', '/web/read', { conversationId: id, seq: 1 }, 404, 'not_found')
    await customer.expectError('POST', '/web/read', { conversationId: id, seq: -1 }, 400, 'invalid_request')
  })
})

describe('BP-004.3 what was said', () => {
  test('BP-004.3 a long conversation is read page by page, forwards and backwards, without gap or repetition', async () => {
    const { customer, id } = await onTheWeb()
    for (let line = 0; line < 25; line++) await customer.say(`第 ${line} 句`)
    const all = await agent.messages(id, '?limit=200')
    expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: all.length }, (_each, index) => index + 1))
    const newest = await agent.messages(id, '?limit=10')
    expect(newest).toEqual(all.slice(-10))
    expect(await agent.messages(id, `?limit=10&beforeSeq=${newest[0]?.seq}`)).toEqual(all.slice(-20, -10))
    expect(await agent.messages(id, '?limit=10&afterSeq=3')).toEqual(all.slice(3, 13))
    const page = await customer.history('?limit=10')
    expect(page).toMatchObject({ hasMore: true })
    const older = await customer.history(`?limit=10&conversationId=${id}&beforeSeq=${page.messages[0]?.seq}`)
    expect([...older.messages, ...page.messages].map(({ seq }) => seq)).toEqual(all.slice(-20).map(({ seq }) => seq))
    for (const query of ['?limit=0', '?limit=201', '?afterSeq=-1', '?before=3'])
      await agent.expectError('GET', `/conversations/${id}/messages${query}`, undefined, 400, 'invalid_request')
  })

  test('BP-004.3 earlier conversations of the same customer stay readable, for him and for who serves him now', async () => {
    const { customer, id } = await onTheWeb()
    await agent.post(`/conversations/${id}/close`, { reason: 'resolved' })
    await customer.say('又来了')
    const now = await customer.history()
    expect(now.previousConversationId).toBe(id)
    expect(textsOf((await customer.history(`?conversationId=${id}`)).messages)).toEqual(['在吗'])
    const { customer: person } = await admin.conversation(now.conversation?.id ?? '')
    const list = await admin.ask('GET', `/customers/${person.id}/conversations`)
    expect(list.body.data.map((row: Conversation) => row.id)).toEqual([now.conversation?.id, id])
  })

  test('S1 another customer’s conversation is not there', async () => {
    const { id } = await onTheWeb()
    const stranger = await it.webCustomer(web.id)
    expect(await stranger.history(`?conversationId=${id}`)).toMatchObject({ conversation: null, messages: [] })
  })
})

describe('among staff', () => {
  test('a note never reaches the customer: not by page, socket or platform', async () => {
    const { customer, id } = await onTheWeb()
    const page = await customer.socket()
    const note = await agent.post<Message>(`/conversations/${id}/notes`, { clientKey: newKey(), text: '此客户难缠' })
    expect(note).toMatchObject({ direction: 'note', delivery: null })
    const after = await agent.reply(id, '您好')
    await page.waitFor('message.created', (event) => event.seq === after.seq)
    expect(JSON.stringify(page.events)).not.toContain('难缠')
    expect(JSON.stringify(await customer.history())).not.toContain('难缠')
    const wechat = await onWeChat()
    await agent.post(`/conversations/${wechat.id}/notes`, { clientKey: newKey(), text: '此客户难缠' })
    await agent.delivered(await agent.reply(wechat.id, '您好'), 'sent')
    expect(JSON.stringify(wechat.customer.sent())).not.toContain('难缠')
  })

  test('a note is idempotent by its key and leaves the customer waiting', async () => {
    const { id } = await onTheWeb()
    const clientKey = newKey()
    const notes = await Promise.all([1, 2, 3].map(() => agent.post<Message>(`/conversations/${id}/notes`, { clientKey, text: '记一笔' })))
    expect(new Set(notes.map((note) => note.id)).size).toBe(1)
    await agent.expectError('POST', `/conversations/${id}/notes`, { clientKey, text: '另一笔' }, 409, 'idempotency_mismatch')
    expect((await agent.conversation(id)).waitingSince).not.toBeNull()
  })

  test('a draft is its writer’s alone, follows him to another desk and is gone when he has sent', async () => {
    const { id } = await onTheWeb()
    await agent.put(`/conversations/${id}/draft`, { text: '我想说' })
    const otherDesk = await it.logIn(agent.me.username)
    expect(await otherDesk.conversation(id)).toMatchObject({ draft: '我想说', hasDraft: true })
    expect(await admin.conversation(id)).toMatchObject({ draft: null, hasDraft: false })
    await agent.reply(id, '我说了')
    expect((await agent.conversation(id)).draft).toBeNull()
  })

  test('what went to our own page can be taken back for two minutes, by its author alone', async () => {
    const { customer, id } = await onTheWeb()
    const page = await customer.socket()
    // Once it has left, nothing but the recall changes it.
    const first = await agent.delivered(await agent.reply(id, '写错了'), 'sent')
    const second = await agent.reply(id, '又写错了')
    await admin.expectError('POST', `/conversations/${id}/messages/${first.seq}/recall`, undefined, 409, 'not_recallable')
    const recalled = await agent.post<Message>(`/conversations/${id}/messages/${first.seq}/recall`)
    expect(recalled).toMatchObject({ parts: [], recalledAt: expect.any(String) })
    await page.waitFor('message.updated', (event) => event.patch.message.id === first.id && event.patch.message.recalledAt !== null)
    expect(textsOf((await customer.history()).messages)).toEqual(['在吗', '又写错了'])
    // Replay gives the same tombstone.
    expect(await agent.post(`/conversations/${id}/messages/${first.seq}/recall`)).toEqual(recalled)
    await it.travel(121_000)
    await agent.expectError('POST', `/conversations/${id}/messages/${second.seq}/recall`, undefined, 409, 'not_recallable')
    const inbound = (await agent.messages(id))[0]
    await agent.expectError('POST', `/conversations/${id}/messages/${inbound?.seq}/recall`, undefined, 404, 'not_found')
  })
})
