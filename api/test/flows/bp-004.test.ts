import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import type { Attachment } from '../../contract/attachment.ts'
import type { Conversation } from '../../contract/conversation.ts'
import type { Message } from '../../contract/message.ts'
import { newKey, type OfficialAccount, type StaffClient, startTestApp, type TestApp, type WebCustomer } from '../harness.ts'
import { PUBLIC_URL } from '../installation.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let web: { id: string }
let official: OfficialAccount
let picture: Buffer

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  agent = await it.staff('agent', '林晓')
  web = await it.connectWeb()
  official = await it.connectOfficial()
  picture = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#2f6fed' } })
    .png()
    .toBuffer()
}, 60_000)
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

const uploaded = async (client: StaffClient | WebCustomer, name: string, data: Buffer | string): Promise<Attachment> =>
  (await client.upload('path' in client || 'me' in client ? '/attachments' : '/web/attachments', { name, data })).body.data

const textsOf = (messages: { parts: Message['parts'] }[]) =>
  messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])))

describe('BP-004.1 words and files both ways', () => {
  test('BP-004.1 an answer reaches the customer’s page at once, with the name of who wrote it', async () => {
    const { customer, id } = await onTheWeb()
    const page = await customer.socket()
    const sent = await agent.reply(id, '您好，请讲 😀')
    expect(sent).toMatchObject({ direction: 'outbound', author: { id: agent.me.id, name: '林晓' } })
    const pushed = await page.waitFor('message.created', (event) => event.seq === sent.seq)
    expect(pushed.patch.message).toMatchObject({
      id: sent.id,
      author: { kind: 'agent', name: '林晓' },
      parts: [{ type: 'text', text: '您好，请讲 😀' }],
      clientKey: null,
    })
    await agent.delivered(sent, 'sent')
    expect((await agent.conversation(id)).waitingSince).toBeNull()
  })

  test('BP-004.1 pictures, sounds, films and files of both sides arrive with thumbnail and open for the other', async () => {
    const { customer, id } = await onTheWeb()
    const image = await uploaded(customer, '破损.png', picture)
    await customer.say([{ type: 'image', attachmentId: image.id }])
    const [, , received] = await agent.messages(id)
    const part = received?.parts[0]
    if (part?.type !== 'image') throw new Error('no image')
    expect(part.media).toMatchObject({ status: 'ready', name: '破损.png', mime: 'image/png', width: 640, height: 480 })
    expect((await agent.download(part.media.url ?? '')).status).toBe(200)
    expect((await sharp((await agent.download(part.media.thumbnailUrl ?? '')).data).metadata()).width).toBe(480)
    const file = await uploaded(agent, '报价单.csv', 'a,b\n1,2\n')
    await agent.reply(id, [
      { type: 'text', text: '见附件' },
      { type: 'file', attachmentId: file.id },
      { type: 'location', latitude: 31.2, longitude: 121.5, label: '展厅' },
      { type: 'link', url: 'https://example.com/', title: '官网' },
    ])
    const answer = (await customer.history()).messages.at(-1)
    expect(answer?.parts.map(({ type }) => type)).toEqual(['text', 'file', 'location', 'link'])
    const shown = answer?.parts[1]
    if (shown?.type !== 'file') throw new Error('no file')
    // The customer's link needs no session.
    const opened = await it.anonymous().download(shown.media.url ?? '')
    expect({ status: opened.status, text: opened.data.toString() }).toEqual({ status: 200, text: 'a,b\n1,2\n' })
  })

  test('BP-004.1 CH-01 every kind of part goes out as the platform knows it, in order', async () => {
    const { customer, id } = await onWeChat()
    const image = await uploaded(agent, 'a.png', picture)
    await agent.reply(id, [
      { type: 'text', text: '您好' },
      { type: 'image', attachmentId: image.id },
      { type: 'menu', head: '满意吗', options: [{ id: '1', text: '满意' }] },
      { type: 'link', url: 'https://example.com/', title: '官网' },
    ])
    await until(() => expect(customer.sent().map(({ msgType }) => msgType)).toEqual(['text', 'image', 'msgmenu', 'news']))
    await it.tick()
    await customer.chooseOption({ id: '1', text: '满意' })
    await until(async () =>
      expect((await agent.messages(id)).at(-1)).toMatchObject({
        direction: 'inbound',
        parts: [{ type: 'text', text: '满意', menuOptionId: '1' }],
      }),
    )
  })

  test('BP-004.1 a long text is cut where the platform would refuse it, and the cost is known before', async () => {
    const { customer, id } = await onWeChat()
    const text = '很长的话，'.repeat(250)
    expect(await agent.post('/conversations/' + id + '/reply-cost', { parts: [{ type: 'text', text }] })).toEqual({ calls: 2 })
    await agent.delivered(await agent.reply(id, text), 'sent')
    expect(textsOf(customer.sent().map(({ content }) => ({ parts: [content] as Message['parts'] }))).join('')).toBe(text)
    expect((await agent.conversation(id)).replyWindow).toMatchObject({ state: 'open', remaining: 3 })
  })

  test('BP-004.1 a file goes to WeChat as a link that opens without signing in, for a week', async () => {
    const { customer, id } = await onWeChat()
    const file = await uploaded(agent, '报价单.csv', 'a,b\n')
    await agent.delivered(await agent.reply(id, [{ type: 'file', attachmentId: file.id }]), 'sent')
    const content = customer.sent()[0]?.content
    const link = content?.type === 'text' ? /http\S+/.exec(content.text)?.[0] : undefined
    expect(link?.startsWith(`${PUBLIC_URL}/files/`)).toBe(true)
    const path = (link ?? '').slice(PUBLIC_URL.length)
    const opened = await it.anonymous().download(path)
    expect({ status: opened.status, kind: opened.headers.get('content-disposition')?.split(';')[0] }).toEqual({
      status: 200,
      kind: 'attachment',
    })
    expect((await it.anonymous().download(path.replace(/signature=./, 'signature=_'))).status).toBe(404)
    await it.travel(8 * 86_400_000)
    expect((await it.anonymous().download(path)).status).toBe(404)
    agent = await it.logIn(agent.me.username)
    admin = await it.logIn(admin.me.username)
  })

  test('BP-004.1 the agent’s name stands before his words where the account wants it', async () => {
    const { customer, id } = await onWeChat(await it.connectOfficial({ showAgentName: true }))
    await agent.delivered(await agent.reply(id, '您好'), 'sent')
    expect(customer.sent()[0]?.content).toMatchObject({ text: '林晓：您好' })
  })

  test('BP-004.1 the same client key is the same message, also for eight at once; with other words it is refused', async () => {
    const { customer, id } = await onWeChat()
    const clientKey = newKey()
    const answers = await Promise.all(Array.from({ length: 8 }, () => agent.reply(id, '只发一次', clientKey)))
    expect(new Set(answers.map(({ id: messageId }) => messageId)).size).toBe(1)
    await agent.delivered(answers[0]!, 'sent')
    expect(customer.sent()).toHaveLength(1)
    const other = { clientKey, parts: [{ type: 'text', text: '别的话' }] }
    await agent.expectError('POST', `/conversations/${id}/messages`, other, 409, 'idempotency_mismatch')
    await admin.expectError(
      'POST',
      `/conversations/${id}/messages`,
      { clientKey, parts: [{ type: 'text', text: '只发一次' }] },
      409,
      'idempotency_mismatch',
    )
    expect((await agent.conversation(id)).replyWindow.remaining).toBe(4)
  })

  test('refused by role and scope: who does not hold it may not answer; a supervisor looks, an administrator may always', async () => {
    const { id } = await onTheWeb()
    const [stranger, supervisor] = [await it.staff('agent'), await it.staff('supervisor')]
    const body = { clientKey: newKey(), parts: [{ type: 'text', text: 'x' }] }
    // For a while it is said who took it from the queue; then it is not there.
    await stranger.expectError('POST', `/conversations/${id}/messages`, body, 409, 'already_assigned')
    await it.travel(301_000)
    await stranger.expectError('POST', `/conversations/${id}/messages`, body, 404, 'not_found')
    await supervisor.expectError('POST', `/conversations/${id}/messages`, body, 403, 'forbidden')
    await it.anonymous().expectError('POST', `/conversations/${id}/messages`, body, 401, 'unauthenticated')
    await admin.reply(id, '我来帮忙')
    expect((await admin.messages(id)).at(-1)?.author.id).toBe(admin.me.id)
  })

  test('bad input: parts that the channel cannot carry, files of others, wrong kinds and spoiled texts change nothing', async () => {
    const { id } = await onWeChat()
    const before = (await agent.messages(id)).length
    const post = (parts: unknown[]) => agent.ask('POST', `/conversations/${id}/messages`, { clientKey: newKey(), parts })
    expect((await post([{ type: 'location', latitude: 1, longitude: 2 }])).body.error.code).toBe('part_not_supported')
    const foreign = await uploaded(await it.webCustomer(web.id), 'a.png', picture)
    expect((await post([{ type: 'image', attachmentId: foreign.id }])).body.error.code).toBe('attachment_not_ready')
    const csv = await uploaded(agent, 'a.csv', 'a\n')
    expect((await post([{ type: 'image', attachmentId: csv.id }])).body.error.code).toBe('invalid_request')
    for (const text of ['', '   ', 'a\u0000', '\udc00', 'x'.repeat(20_001)]) expect((await post([{ type: 'text', text }])).status).toBe(400)
    expect((await post([{ type: 'link', url: 'javascript:alert(1)', title: 'x' }])).status).toBe(400)
    expect((await post([{ type: 'notice', code: 'x', params: {} }])).status).toBe(400)
    expect(await agent.messages(id)).toHaveLength(before)
    expect((await agent.conversation(id)).replyWindow.remaining).toBe(5)
  })

  test('two agents answer a waiting customer at once: one answer, one conversation', async () => {
    const customer = await it.webCustomer(web.id)
    await customer.say('在吗')
    const id = (await customer.history()).conversation?.id ?? ''
    const agents = [await it.staff('agent'), await it.staff('agent')]
    const answers = await Promise.all(
      agents.map((one) =>
        one.ask('POST', `/conversations/${id}/messages`, { clientKey: newKey(), parts: [{ type: 'text', text: '您好' }] }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    expect(answers.find(({ status }) => status === 409)?.body.error.code).toBe('already_assigned')
  })
})

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
    const [first, second] = [await agent.reply(id, '写错了'), await agent.reply(id, '又写错了')]
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
    const answers = await Promise.all(
      Array.from({ length: 9 }, (_each, index) =>
        agent.ask('POST', `/conversations/${id}/messages`, { clientKey: newKey(), parts: [{ type: 'text', text: `${index}` }] }),
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
    const template = await agent.reply(id, [
      { type: 'template', templateId: 'order', data: { thing1: '人体工学椅' }, preview: '订单：人体工学椅' },
    ])
    await agent.delivered(template, 'delivered')
    expect(customer.sent().at(-1)).toMatchObject({ via: 'template', content: { lines: [{ label: '订单', value: '人体工学椅' }] } })
  })
})
