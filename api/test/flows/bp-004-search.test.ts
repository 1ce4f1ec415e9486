import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { MessageHit } from '../../contract/search.ts'
import { indexMessages, walkThroughMessages } from '../../modules/conversations/search/index-messages.ts'
import { newKey, type StaffClient, startTestApp, type TestApp, type WebCustomer } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let web: { id: string }

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  agent = await it.staff('agent', '林晓')
  web = await it.connectWeb()
})
afterAll(() => it.stop())

async function onTheWeb(by = agent): Promise<{ customer: WebCustomer; id: string }> {
  const customer = await it.webCustomer(web.id)
  await customer.say('在吗')
  const id = (await customer.history()).conversation?.id ?? ''
  await by.post(`/conversations/${id}/accept`)
  return { customer, id }
}

const search = (reader: StaffClient, q: string, more = '') => reader.get<MessageHit[]>(`/messages/search?q=${encodeURIComponent(q)}${more}`)
const wordsIn = (hit: MessageHit) => hit.highlights.map(([start, end]) => hit.excerpt.slice(start, end))
/** Once what is there is indexed; the worker's own pass is waited for where it is the matter. */
const found = (reader: StaffClient, q: string, count = 1, more = '') =>
  until(async () => {
    await indexMessages(it.process.app)
    const hits = await search(reader, q, more)
    if (hits.length < count) throw new Error(`${hits.length} of ${count} found`)
    return hits
  })

describe('BP-004.3 search over all messages', () => {
  test('BP-004.3 two Chinese characters are found inside a sentence, marked, with the place to open', async () => {
    const { customer, id } = await onTheWeb()
    const said = await customer.say('昨天买的鼠标想退货，怎么办理？')
    await agent.reply(id, '您好，退货请提供订单号')
    await until(async () => {
      if ((await search(agent, '退货')).length < 2) throw new Error('the worker has not been there')
    })
    const hits = await found(agent, '退货', 2)
    expect(hits.map((hit) => hit.conversationId)).toEqual([id, id])
    expect(hits[1]).toMatchObject({
      seq: said.seq,
      messageId: said.id,
      direction: 'inbound',
      conversation: { status: 'open', assignee: { id: agent.me.id } },
    })
    expect(hits.flatMap(wordsIn)).toEqual(['退货', '退货'])
    expect(new Date(hits[0]!.at) >= new Date(hits[1]!.at)).toBe(true)
    // Words apart by blanks must all be there; half width finds full width.
    expect(await search(agent, '退货 鼠标')).toHaveLength(1)
    expect(await search(agent, '鼠标 订单')).toHaveLength(0)
    await customer.say('型号是ＭＸ－９００')
    expect((await found(agent, 'mx')).flatMap(wordsIn)).toEqual(['ＭＸ'])
  })

  test('BP-004.3 notes are found by staff, recalled messages by nobody, patterns are plain characters', async () => {
    const { customer, id } = await onTheWeb()
    await agent.post(`/conversations/${id}/notes`, { clientKey: newKey(), text: '客户情绪激动，注意安抚', mentions: [] })
    expect((await found(agent, '安抚'))[0]).toMatchObject({ direction: 'note', conversationId: id })
    const wrong = await agent.reply(id, '这是发错的报价单')
    await found(agent, '报价')
    await agent.post(`/conversations/${id}/messages/${wrong.seq}/recall`)
    expect(await search(agent, '报价')).toEqual([])
    await customer.say('打折 100%_off 吗')
    expect((await found(agent, '100%_off')).flatMap(wordsIn)).toEqual(['100%_off'])
    expect(await search(agent, '100%xoff')).toEqual([])
  })

  test('BP-004.3 an agent finds what he may read: not a colleague’s conversation, but the queue', async () => {
    const other = await it.staff('agent')
    const { customer, id } = await onTheWeb()
    await customer.say('我的密码忘记了，账号锁定')
    await found(agent, '锁定')
    expect(await search(other, '锁定')).toEqual([])
    expect((await search(admin, '锁定')).map((hit) => hit.conversationId)).toEqual([id])
    const waiting = await it.webCustomer(web.id)
    await waiting.say('排队等了很久，投诉渠道在哪')
    expect(await found(other, '投诉渠道')).toHaveLength(1)
    expect(await search(other, '密码', `&agentId=${agent.me.id}`)).toEqual([])
  })

  test('BP-004.3 filters by time, channel, agent, customer and direction; pages without gap or repetition', async () => {
    const { customer, id } = await onTheWeb()
    for (let line = 0; line < 7; line++) await customer.say(`第${line}次咨询物流进度`)
    await agent.reply(id, '物流进度已更新')
    const all = await found(agent, '物流', 8)
    const { customer: person } = await agent.conversation(id)
    const pages: MessageHit[] = []
    for (let query = '&limit=3'; ;) {
      const { body } = await agent.ask('GET', `/messages/search?q=${encodeURIComponent('物流')}${query}`)
      pages.push(...body.data)
      if (body.nextCursor === null) break
      query = `&limit=3&cursor=${body.nextCursor}`
    }
    expect(pages).toEqual(all)
    expect(await search(agent, '物流', '&direction=outbound')).toHaveLength(1)
    expect(await search(agent, '物流', `&customerId=${person.id}&agentId=${agent.me.id}&channelKind=web`)).toHaveLength(8)
    expect(await search(agent, '物流', '&channelKind=wechat-official')).toEqual([])
    const middle = all[3]!.at
    const [newer, older] = await Promise.all([search(agent, '物流', `&from=${middle}`), search(agent, '物流', `&to=${middle}`)])
    expect(newer.length + older.length).toBe(8)
    expect(older.every((hit) => hit.at < middle)).toBe(true)
  })

  test('BP-004.3 what is too short or malformed is refused with a code', async () => {
    for (const q of ['退', '。。', '!!', 'a'])
      await agent.expectError('GET', `/messages/search?q=${encodeURIComponent(q)}`, undefined, 400, 'search_too_short')
    for (const query of ['q=', `q=${'长'.repeat(101)}`, 'q=退货&cursor=xx', 'q=退货&limit=0', 'q=退货&from=yesterday', ''])
      await agent.expectError('GET', `/messages/search?${encodeURI(query)}`, undefined, 400, 'invalid_request')
    await it.anonymous().expectError('GET', `/messages/search?q=${encodeURIComponent('退货')}`, undefined, 401, 'unauthenticated')
  })

  test('BP-004.3 indexing twice and at once changes nothing, and the walk finds what was missed', async () => {
    const { customer, id } = await onTheWeb()
    await customer.say('保修卡丢了')
    const { app } = it.process
    await Promise.all([indexMessages(app), indexMessages(app)])
    await found(agent, '保修')
    const count = async () => (await app.db('message_search').where({ conversation_id: id })).length
    const before = await count()
    await app.db('message_search').where({ conversation_id: id }).delete()
    await app.db('message_search_progress').where({ conversation_id: id }).delete()
    await app.db('message_search_walk').update({ after_id: '00000000-0000-0000-0000-000000000000' })
    await Promise.all([walkThroughMessages(app), walkThroughMessages(app)])
    expect(await count()).toBe(before)
    expect(await search(agent, '保修')).toHaveLength(1)
  })
})

describe('BP-004.3 search inside one customer’s history', () => {
  test('BP-004.3 one character is enough, over all his conversations within scope, and for nobody else', async () => {
    const { customer, id } = await onTheWeb()
    await customer.say('你们的Ｗ型支架有货吗？50%')
    await agent.post(`/conversations/${id}/close`, { reason: 'resolved' })
    await customer.say('又来问支架')
    const second = (await customer.history()).conversation?.id ?? ''
    await agent.post(`/conversations/${second}/accept`)
    const { customer: person } = await agent.conversation(second)
    const inHistory = (reader: StaffClient, q: string) =>
      reader.get<MessageHit[]>(`/customers/${person.id}/messages/search?q=${encodeURIComponent(q)}`)
    expect((await inHistory(agent, '架')).map((hit) => hit.conversationId)).toEqual([second, id])
    expect((await inHistory(agent, 'w')).flatMap(wordsIn)).toEqual(['Ｗ'])
    expect(await inHistory(agent, '%')).toHaveLength(1)
    expect(await inHistory(agent, 'text')).toEqual([])
    const other = await it.staff('agent')
    await other.expectError('GET', `/customers/${person.id}/messages/search?q=${encodeURIComponent('架')}`, undefined, 404, 'not_found')
    await agent.expectError('GET', `/customers/${person.id}/messages/search?q=%20`, undefined, 400, 'search_too_short')
  })
})
