import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import type { Attachment } from '../../contract/attachment.ts'
import type { Conversation } from '../../contract/conversation.ts'
import type { FilledReply, KnownValues, QuickReply, QuickReplySuggestion } from '../../contract/quick-reply.ts'
import { forgetOrphans } from '../../modules/files/forget-orphans.ts'
import { newKey, type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let colleague: StaffClient
let web: Conversation
let png: Buffer

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  agent = await it.staff('agent', '林晓')
  colleague = await it.staff('agent')
  web = await talk(agent)
  png = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#3355ff' } })
    .png()
    .toBuffer()
})
afterAll(() => it.stop())

/** A customer on the web page whom this agent serves. */
async function talk(client: StaffClient): Promise<Conversation> {
  const customer = await it.webCustomer((await it.connectWeb()).id)
  await customer.say('你好')
  const { conversation } = await customer.history()
  await client.post(`/conversations/${conversation!.id}/accept`)
  return client.conversation(conversation!.id)
}

const says = (text: string) => [{ type: 'text', text }]
const make = (parts: object[], more: object = {}, client = agent) =>
  client.post<QuickReply>('/quick-replies', { scope: 'personal', title: unique('话术'), parts, ...more })
const fill = (reply: QuickReply, values = {}, conversation = web, client = agent) =>
  client.post<FilledReply>(`/quick-replies/${reply.id}/fill`, { conversationId: conversation.id, values })
const suggested = (client: StaffClient, q = '') =>
  client.get<QuickReplySuggestion[]>(`/quick-replies/suggestions?q=${encodeURIComponent(q)}`)
const send = (reply: { id: string }, clientKey = newKey(), client = agent) =>
  client.ask('POST', `/conversations/${web.id}/messages`, { clientKey, parts: says('已改过的话'), quickReplyId: reply.id })
const usesOf = async (reply: QuickReply) => {
  const { uses, ownUses } = await agent.get<QuickReply>(`/quick-replies/${reply.id}`)
  return [uses, ownUses]
}
const counted = (reply: QuickReply, uses: number[]) => until(async () => expect(await usesOf(reply)).toEqual(uses))
const uploaded = async (client: StaffClient, name = '说明.png'): Promise<Attachment> =>
  (await client.upload('/attachments', { name, data: png })).body.data

describe('BP-004.4 BP-016.5 filling', () => {
  test('BP-004.4 what the conversation knows is filled in, what it does not is asked for, all at once', async () => {
    const variables = [
      { name: '单号', kind: 'text', choices: [] },
      { name: '快递', kind: 'choice', choices: ['顺丰', '中通'] },
      { name: '日期', kind: 'date', choices: [] },
    ]
    const reply = await make(says('{{客服姓名}}为您查到：{{快递}} {{单号}}，{{日期}} 到。工单 {{ticket.number}}'), { variables })
    const asked = await fill(reply)
    expect(asked).toEqual({
      parts: [],
      missing: [
        { name: '快递', known: false, kind: 'choice', choices: ['顺丰', '中通'] },
        { name: '单号', known: false, kind: 'text', choices: [] },
        { name: '日期', known: false, kind: 'date', choices: [] },
        { name: 'ticket.number', known: true, kind: 'text', choices: [] },
      ],
      left: [],
    })
    const values = { 快递: '顺丰', 单号: 'SF1', 日期: '2026-12-01', 'ticket.number': 'T-7' }
    expect((await fill(reply, values)).parts).toEqual(says('林晓为您查到：顺丰 SF1，2026-12-01 到。工单 T-7'))
    expect((await agent.messages(web.id)).some(({ direction }) => direction === 'outbound')).toBe(false)
  })

  test('BP-016.5 a value that does not fit, or is for nothing, is refused', async () => {
    const variables = [
      { name: '天数', kind: 'number', choices: [] },
      { name: '方式', kind: 'choice', choices: ['甲', '乙'] },
      { name: '日', kind: 'date', choices: [] },
    ]
    const reply = await make(says('{{天数}}{{方式}}{{日}}'), { variables })
    const path = `/quick-replies/${reply.id}/fill`
    const given = (values: object) => ({ conversationId: web.id, values })
    for (const values of [{ 天数: '三' }, { 方式: '丙' }, { 日: '2026-02-30' }])
      expect(await agent.expectError('POST', path, given(values), 400, 'variable_invalid')).toEqual({ name: Object.keys(values)[0] })
    await agent.expectError('POST', path, given({ 别的: '1' }), 400, 'variable_unknown')
  })

  test('BP-016.5 what a customer calls himself stays text, and colleagues’ remark of him is not his name', async () => {
    const conversation = await talk(agent)
    await agent.ask('PATCH', `/customers/${conversation.customer.id}`, { remarkName: '难缠的王总', version: 1 })
    const reply = await make(says('{{customer.name}}您好'))
    const nameless = await fill(reply, {}, conversation)
    expect(nameless.missing.map(({ name }) => name)).toEqual(['customer.name'])
    const tricky = await fill(reply, { 'customer.name': '{{agent.name}}<b>$&' }, conversation)
    expect(tricky.parts).toEqual(says('{{agent.name}}<b>$&您好'))
    const values = await agent.get<KnownValues>(`/quick-replies/values?conversationId=${conversation.id}`)
    expect(values).toMatchObject({ 'agent.name': '林晓' })
    expect(values['customer.name']).toBeUndefined()
  })

  test('BP-004.4 a foreign conversation, a foreign reply and a disabled one fill nothing', async () => {
    const reply = await make(says('您好'))
    const other = await talk(colleague)
    const path = `/quick-replies/${reply.id}/fill`
    await agent.expectError('POST', path, { conversationId: other.id, values: {} }, 404, 'not_found')
    await colleague.expectError('POST', path, { conversationId: other.id, values: {} }, 404, 'not_found')
    await agent.patch(`/quick-replies/${reply.id}`, { disabled: true, version: 1 })
    await agent.expectError('POST', path, { conversationId: web.id, values: {} }, 409, 'conflict')
  })
})

describe('BP-004.4 pictures, files and links', () => {
  test('BP-004.4 a picture is sent again and again, to each customer as a file of his conversation alone', async () => {
    const reply = await make([...says('请看图'), { type: 'image', attachmentId: (await uploaded(admin)).id }], { scope: 'global' }, admin)
    const messages = []
    for (const conversation of [web, await talk(agent)]) {
      const { parts } = await fill(reply, {}, conversation)
      const image = parts.find((part) => part.type === 'image')!
      const input = [...says('请看图'), { type: 'image', attachmentId: image.media.attachmentId }]
      messages.push(
        await agent.post<{ parts: { media?: { url: string } }[] }>(`/conversations/${conversation.id}/messages`, {
          clientKey: newKey(),
          parts: input,
        }),
      )
    }
    const urls = messages.map(({ parts }) => parts[1]!.media!.url)
    expect(new Set(urls).size).toBe(2)
    for (const url of urls) expect((await agent.download(url)).status).toBe(200)
    expect((await colleague.download(urls[0]!)).status).toBe(404)
    const kept = reply.parts.find((part) => part.type === 'image')!
    expect((await colleague.download(kept.media.url!)).status).toBe(200)
  })

  test('BP-004.4 a file that one may not see, and an address that is a script, enter no reply', async () => {
    const link = { type: 'link', url: 'https://www.example.com/a', title: '查询发票', description: '凭订单号' }
    expect(await fill(await make([link]))).toMatchObject({ parts: [link], left: [] })
    const foreign = await uploaded(colleague)
    const body = { scope: 'personal', title: '偷图', parts: [{ type: 'image', attachmentId: foreign.id }] }
    await agent.expectError('POST', '/quick-replies', body, 404, 'not_found')
    const script = { ...link, url: 'javascript:alert(1)' }
    await agent.expectError('POST', '/quick-replies', { scope: 'personal', title: '脚本', parts: [script] }, 400, 'invalid_request')
  })
})

describe('BP-004.4 counting and ranking', () => {
  test('BP-004.4 a sent message counts once, however often it is asked for and heard of', async () => {
    const reply = await make(says('常用的话'))
    const key = newKey()
    const answers = await Promise.all([send(reply, key), send(reply, key)])
    answers.push(await send(reply, key))
    expect(new Set(answers.map(({ body }) => body.data.id)).size).toBe(1)
    await counted(reply, [1, 1])
    await send(reply)
    await counted(reply, [2, 2])
  })

  test('BP-004.4 a reply that is not his, or is gone, counts nothing and stops no message', async () => {
    const foreign = await make(says('别人的'), {}, colleague)
    const house = await make(says('大家的'), { scope: 'global' }, admin)
    expect((await send(foreign)).status).toBe(201)
    expect((await send({ id: web.id })).status).toBe(201)
    await send(house)
    await counted(house, [1, 1])
    expect((await colleague.get<QuickReply>(`/quick-replies/${foreign.id}`)).uses).toBe(0)
  })

  test('BP-004.4 of equally good matches the one he uses comes first; without a query, what he uses most', async () => {
    const word = unique('并列')
    const made = [await make(says('一'), { title: `${word}甲` }), await make(says('二'), { title: `${word}乙` })]
    const order = async () => (await suggested(agent, word)).map(({ id }) => id)
    expect(await order()).toEqual(made.map(({ id }) => id))
    for (let times = 1; times <= 4; times += 1) {
      await send(made[1]!)
      await counted(made[1]!, [times, times])
    }
    expect(await order()).toEqual([made[1]!.id, made[0]!.id])
    expect((await suggested(agent))[0]!.id).toBe(made[1]!.id)
  })
})

describe('BP-004.4 the day after tomorrow', () => {
  test('BP-004.4 files of replies outlive the tidying of uploads; deleted ones go, and what was sent of them stays', async () => {
    const reply = await make([{ type: 'file', attachmentId: (await uploaded(agent, '手册.png')).id }])
    const [part] = (await fill(reply)).parts
    const copy = part?.type === 'file' ? part.media.attachmentId! : ''
    await agent.reply(web.id, [{ type: 'file', attachmentId: copy }])
    await it.travel(2 * 86_400_000)
    // His session has ended in the meantime.
    agent = await it.logIn(agent.me.username)
    await forgetOrphans(it.process.app)
    const [kept] = (await agent.get<QuickReply>(`/quick-replies/${reply.id}`)).parts
    const url = kept?.type === 'file' ? kept.media.url! : ''
    expect((await agent.download(url)).status).toBe(200)
    expect((await agent.ask('DELETE', `/quick-replies/${reply.id}?version=1`)).status).toBe(200)
    await forgetOrphans(it.process.app)
    expect((await agent.download(url)).status).toBe(404)
    expect((await agent.download(`/api/v1/attachments/${copy}/content`)).status).toBe(200)
  })
})
