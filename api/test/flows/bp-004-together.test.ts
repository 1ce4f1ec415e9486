/** Working on one conversation together: colleagues who help, words among staff, conversations merged and split. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Conversation } from '../../contract/conversation.ts'
import type { ConversationLink } from '../../contract/linking.ts'
import type { Message } from '../../contract/message.ts'
import type { Notification } from '../../contract/notification.ts'
import { newKey, type StaffClient, startTestApp, type TestApp, unique, type WebCustomer } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let web: { id: string }
const NOBODY = '01930000-0000-7000-8000-0000000000ff'

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '陈默')
  web = await it.connectWeb()
})
afterAll(() => it.stop())

interface Held {
  id: string
  customer: WebCustomer
}
async function heldBy(agent: StaffClient, words = '发票什么时候寄'): Promise<Held> {
  const customer = await it.webCustomer(web.id)
  await customer.say(words)
  const id = (await customer.history()).conversation?.id ?? ''
  await agent.post(`/conversations/${id}/accept`)
  return { id, customer }
}
const agents = (count: number) => Promise.all(Array.from({ length: count }, () => it.staff('agent', unique('客服'))))
const invite = (from: StaffClient, id: string, helper: StaffClient, more: object = {}) =>
  from.post<Conversation>(`/conversations/${id}/helpers`, { accountId: helper.me.id, ...more })
const note = (from: StaffClient, id: string, text: string, mentions: string[] = [], clientKey = newKey()) =>
  from.ask('POST', `/conversations/${id}/notes`, { clientKey, text, mentions })
const told = async (who: StaffClient, kind: string) =>
  (await who.get<Notification[]>('/notifications')).filter((notification) => notification.kind === kind)
const actionsOn = async (id: string): Promise<string[]> =>
  (await it.process.app.db('audit_entries').where({ object_id: id }).orderBy('occurred_at').select('action')).map(({ action }) => action)
const texts = (messages: readonly Message[]) =>
  messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'text' ? part.text : [])))

describe('BP-004 a colleague helps', () => {
  test('BP-004.6 he sees and notes, answers only where he may, and hears what comes; the agent stays who he is', async () => {
    const [owner, helper] = await agents(2)
    const { id, customer } = await heldBy(owner!)
    await helper!.expectError('GET', `/conversations/${id}`, undefined, 404, 'not_found')
    const ears = await helper!.socket()
    expect((await invite(owner!, id, helper!, { note: '请看发票' })).helpers).toMatchObject([{ id: helper!.me.id, mayReply: false }])
    await ears.waitFor('conversation.updated', (event) => event.id === id)
    expect(await told(helper!, 'helper.invited')).toHaveLength(1)
    expect(await helper!.conversation(id)).toMatchObject({
      assignee: { id: owner!.me.id },
      permissions: { note: true, reply: false, transfer: false },
    })
    expect((await helper!.get<Conversation[]>('/conversations?helping=true')).map((row) => row.id)).toEqual([id])
    expect((await note(helper!, id, '明天寄出')).status).toBe(201)
    await helper!.expectError(
      'POST',
      `/conversations/${id}/messages`,
      { clientKey: newKey(), parts: [{ type: 'text', text: '您好' }] },
      403,
      'forbidden',
    )
    await customer.say('好的')
    await ears.waitFor('message.created', (event) => event.id === id && JSON.stringify(event.patch.message.parts).includes('好的'))
    // Once more changes what he may.
    await invite(owner!, id, helper!, { mayReply: true })
    await helper!.reply(id, '发票明天寄出')
    expect((await owner!.conversation(id)).assignee?.id).toBe(owner!.me.id)
    expect(JSON.stringify(await customer.history())).not.toContain('请看发票')
    expect(await actionsOn(id)).toEqual(expect.arrayContaining(['conversation.helper_invited', 'conversation.helper_changed']))
  })

  test('BP-004.6 he leaves or is sent away, and from then on hears and sees nothing, watching or not (S2)', async () => {
    const [owner, one, two] = await agents(3)
    const { id, customer } = await heldBy(owner!)
    for (const who of [one!, two!]) await invite(owner!, id, who)
    const ears = await two!.socket()
    expect(await ears.say('watch', { conversationId: id })).toEqual({ ok: true })
    await one!.ask('DELETE', `/conversations/${id}/helpers/${one!.me.id}`)
    await one!.expectError('GET', `/conversations/${id}`, undefined, 404, 'not_found')
    expect((await two!.ask('DELETE', `/conversations/${id}/helpers/${owner!.me.id}`)).status).toBe(404)
    expect((await owner!.ask('DELETE', `/conversations/${id}/helpers/${two!.me.id}`)).status).toBe(200)
    await ears.waitFor('conversation.removed', (event) => event.id === id)
    await until(() => expect(roomsOf(two!)).not.toContain(`conversation:${id}`))
    await customer.say('谢谢')
    const ownerHears = await owner!.messages(id)
    expect(texts(ownerHears)).toContain('谢谢')
    expect(JSON.stringify(ears.events)).not.toContain('谢谢')
    expect(await ears.say('watch', { conversationId: id })).toEqual({ error: { code: 'not_found' } })
    expect((await owner!.conversation(id)).helpers).toEqual([])
    expect((await owner!.ask('DELETE', `/conversations/${id}/helpers/${two!.me.id}`)).status).toBe(404)
  })

  test('BP-004.6 a helper who gets the conversation helps no more; the end of it ends all helping', async () => {
    const [owner, one, two] = await agents(3)
    const { id } = await heldBy(owner!)
    for (const who of [one!, two!]) await invite(owner!, id, who)
    await one!.be('busy')
    const transfer = await owner!.post<{ id: string }>(`/conversations/${id}/transfers`, { to: { accountId: one!.me.id } })
    await one!.post(`/transfers/${transfer.id}/accept`)
    await until(async () => expect((await one!.conversation(id)).helpers.map((helper) => helper.id)).toEqual([two!.me.id]))
    await one!.post(`/conversations/${id}/close`, { reason: 'resolved' })
    await until(async () => expect((await one!.conversation(id)).helpers).toEqual([]))
    await two!.expectError('GET', `/conversations/${id}`, undefined, 404, 'not_found')
  })

  test('BP-004.6 two invitations at once make one helper; strangers, the agent himself and too many are refused', async () => {
    const [owner, helper, stranger] = await agents(3)
    const { id } = await heldBy(owner!)
    await Promise.all([invite(owner!, id, helper!), invite(owner!, id, helper!)])
    expect((await owner!.conversation(id)).helpers).toHaveLength(1)
    const path = `/conversations/${id}/helpers`
    await owner!.expectError('POST', path, { accountId: owner!.me.id }, 400, 'transfer_to_self')
    await owner!.expectError('POST', path, { accountId: NOBODY }, 400, 'staff_not_active')
    await stranger!.expectError('POST', path, { accountId: stranger!.me.id }, 404, 'not_found')
    await helper!.expectError('POST', path, { accountId: stranger!.me.id }, 403, 'forbidden')
    for (const who of await agents(9)) await invite(owner!, id, who)
    await owner!.expectError('POST', path, { accountId: stranger!.me.id }, 409, 'limit_reached')
  })
})

const roomsOf = (who: StaffClient): string[] =>
  [...it.process.app.realtime.io.of('/').sockets.values()]
    .filter((socket) => socket.data.id === who.me.id)
    .flatMap((socket) => [...socket.rooms])

describe('BP-004 words among staff', () => {
  test('BP-004.1 who is mentioned in a note is told once; who cannot see the conversation has to be invited first', async () => {
    const [owner, helper, stranger] = await agents(3)
    const { id, customer } = await heldBy(owner!)
    await invite(owner!, id, helper!)
    const pages = await customer.socket()
    const key = newKey()
    const written = await note(owner!, id, `@${helper!.me.name} 麻烦确认`, [helper!.me.id], key)
    expect(written.body.data.parts).toEqual([
      { type: 'text', text: `@${helper!.me.name} 麻烦确认`, mentions: [{ id: helper!.me.id, name: helper!.me.name }] },
    ])
    expect((await note(owner!, id, `@${helper!.me.name} 麻烦确认`, [helper!.me.id], key)).body.data.id).toBe(written.body.data.id)
    expect((await note(owner!, id, `@${helper!.me.name} 麻烦确认`, [], key)).body.error.code).toBe('idempotency_mismatch')
    expect(await told(helper!, 'note.mentioned')).toHaveLength(1)
    const refused = await note(owner!, id, '@他', [stranger!.me.id])
    expect([refused.status, refused.body.error.code, refused.body.error.context]).toEqual([
      400,
      'mention_out_of_scope',
      { accountIds: [stranger!.me.id] },
    ])
    expect((await note(owner!, id, '@谁', [NOBODY])).body.error.code).toBe('mention_out_of_scope')
    expect(await told(stranger!, 'note.mentioned')).toHaveLength(0)
    // Nothing of it is the customer's: not on his page, not on his socket (S22).
    await owner!.reply(id, '已确认')
    await pages.waitFor('message.created', (event) => JSON.stringify(event).includes('已确认'))
    for (const seen of [JSON.stringify(pages.events), JSON.stringify(await customer.history())]) expect(seen).not.toContain('麻烦确认')
  })
})

describe('BP-004 conversations about one matter', () => {
  /** One person with two ways to write, each with a conversation of his own. */
  async function twoOf(agent: StaffClient) {
    const [one, other] = [await heldBy(agent, '网页上问'), await heldBy(agent, '手机上也问')]
    const [a, b] = [await admin.conversation(one.id), await admin.conversation(other.id)]
    const customers = await Promise.all(
      [a, b].map(({ customer }) => admin.get<{ id: string; version: number }>(`/customers/${customer.id}`)),
    )
    await admin.post(`/customers/${a.customer.id}/merges`, {
      from: b.customer.id,
      version: customers[0]!.version,
      fromVersion: customers[1]!.version,
    })
    return { into: one, from: other }
  }

  test('BP-004.3 merged, they are read as one in the order of time; every message keeps its place; undone, they part', async () => {
    const [agent] = await agents(1)
    const { into, from } = await twoOf(agent!)
    const link = await agent!.post<ConversationLink>(`/conversations/${from.id}/merge`, { into: into.id })
    expect(link).toMatchObject({ kind: 'merge', fromId: from.id, intoId: into.id, undoneAt: null })
    expect((await agent!.post<ConversationLink>(`/conversations/${from.id}/merge`, { into: into.id })).id).toBe(link.id)
    await from.customer.say('还在吗')
    await agent!.reply(into.id, '在的')
    const joint = await agent!.get<Message[]>(`/conversations/${into.id}/joint-messages?limit=100`)
    expect(texts(joint)).toEqual(['网页上问', '手机上也问', '还在吗', '在的'])
    expect(joint.find((message) => texts([message])[0] === '还在吗')).toMatchObject({ conversationId: from.id })
    expect((await agent!.conversation(from.id)).mergedInto).toBe(into.id)
    // Page by page gives the same.
    const paged: Message[] = []
    for (let cursor = ''; ;) {
      const { body } = await agent!.ask('GET', `/conversations/${into.id}/joint-messages?limit=3${cursor}`)
      paged.unshift(...body.data)
      if (body.previousCursor === null) break
      cursor = `&cursor=${body.previousCursor}`
    }
    expect(paged.map(({ id }) => id)).toEqual(joint.map(({ id }) => id))
    expect((await agent!.post<ConversationLink>(`/conversation-links/${link.id}/undo`)).undoneAt).not.toBeNull()
    await agent!.expectError('POST', `/conversation-links/${link.id}/undo`, undefined, 409, 'link_undone')
    expect(texts(await agent!.get<Message[]>(`/conversations/${into.id}/joint-messages`))).toEqual(['网页上问', '在的'])
    expect(await actionsOn(from.id)).toEqual(expect.arrayContaining(['conversation.merged', 'conversation.merge_undone']))
  })

  test('BP-004.8 the end of the one ends what was merged into it', async () => {
    const [agent] = await agents(1)
    const { into, from } = await twoOf(agent!)
    await agent!.post(`/conversations/${from.id}/merge`, { into: into.id })
    await agent!.post(`/conversations/${into.id}/close`, { reason: 'resolved' })
    await until(async () => expect(await agent!.conversation(from.id)).toMatchObject({ status: 'closed', closeReason: 'merged' }))
  })

  test('BP-004.3 two customers, a running offer, a circle, a stranger: refused, and nothing has changed', async () => {
    const [agent, other] = await agents(2)
    const [one, two] = [await heldBy(agent!), await heldBy(agent!)]
    const merge = (id: string, into: string) => agent!.ask('POST', `/conversations/${id}/merge`, { into })
    expect((await merge(one.id, two.id)).body.error.code).toBe('different_customers')
    expect((await merge(one.id, one.id)).status).toBe(400)
    expect((await other!.ask('POST', `/conversations/${one.id}/merge`, { into: two.id })).status).toBe(404)
    const { into, from } = await twoOf(agent!)
    await other!.be('busy')
    const offer = await agent!.post<{ id: string }>(`/conversations/${into.id}/transfers`, { to: { accountId: other!.me.id } })
    expect((await merge(from.id, into.id)).body.error.code).toBe('transfer_running')
    await agent!.post(`/transfers/${offer.id}/cancel`)
    const both = await Promise.all([merge(from.id, into.id), merge(into.id, from.id)])
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  test('BP-004.3 split, the messages stay, the new one refers to them and is answered in the first; undone within 30 days', async () => {
    const [agent] = await agents(1)
    const { id, customer } = await heldBy(agent!, '发票呢')
    await customer.say('另外我要投诉快递')
    const seq = (await agent!.messages(id)).find((message) => texts([message])[0] === '另外我要投诉快递')?.seq ?? 0
    const split = (seqs: number[]) => agent!.ask('POST', `/conversations/${id}/split`, { seqs })
    expect((await split([999])).body.error).toMatchObject({ code: 'invalid_request', context: { seqs: [999] } })
    expect((await split([])).status).toBe(400)
    const link: ConversationLink = (await split([seq])).body.data
    const parted = await agent!.conversation(link.intoId)
    expect(parted).toMatchObject({
      kind: 'split',
      splitFrom: id,
      status: 'open',
      assignee: { id: agent!.me.id },
      permissions: { reply: false },
    })
    expect(texts(await agent!.get<Message[]>(`/conversations/${link.intoId}/joint-messages`))).toEqual(['另外我要投诉快递'])
    expect(texts(await agent!.messages(id))).toEqual(['发票呢', '另外我要投诉快递'])
    const reply = { clientKey: newKey(), parts: [{ type: 'text', text: '已登记' }] }
    await agent!.expectError('POST', `/conversations/${link.intoId}/messages`, reply, 409, 'conversation_split')
    await agent!.reply(id, '已登记投诉')
    // The customer goes on in the one that he knows.
    const page = await customer.history()
    expect([page.conversation?.id, page.previousConversationId]).toEqual([id, null])
    await agent!.post(`/conversation-links/${link.id}/undo`)
    expect(await agent!.conversation(link.intoId)).toMatchObject({ status: 'closed', closeReason: 'split_undone' })
    const late: ConversationLink = (await split([seq])).body.data
    await it.process.app
      .db('conversation_links')
      .where({ id: late.id })
      .update({ linked_at: new Date(Date.now() - 31 * 86_400_000) })
    await agent!.expectError('POST', `/conversation-links/${late.id}/undo`, undefined, 409, 'link_undo_expired')
  })
})
