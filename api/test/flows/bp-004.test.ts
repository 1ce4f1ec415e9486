import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import type { Attachment } from '../../contract/attachment.ts'
import type { Message } from '../../contract/message.ts'
import { newKey, type OfficialAccount, type StaffClient, startTestApp, type TestApp, type WebCustomer } from '../harness.ts'
import { PUBLIC_URL } from '../installation.ts'
import { until } from '../until.ts'
import { supervisorOf } from '../supervisor-of.ts'

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
    expect(
      (await it.anonymous().download(path.replace(/signature=(.)/, (_, first) => `signature=${first === 'A' ? 'B' : 'A'}`))).status,
    ).toBe(404)
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
    const [stranger, supervisor] = [await it.staff('agent'), await supervisorOf(it, [agent])]
    const body = { clientKey: newKey(), parts: [{ type: 'text', text: 'x' }] }
    // For a while it is said who took it from the queue; then it is not there.
    await stranger.expectError('POST', `/conversations/${id}/messages`, body, 409, 'already_assigned')
    await stranger.expectError('PUT', `/conversations/${id}/draft`, { text: 'x' }, 404, 'not_found')
    await stranger.expectError('POST', `/conversations/${id}/messages/1/recall`, undefined, 404, 'not_found')
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
