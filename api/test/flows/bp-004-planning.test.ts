import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Conversation } from '../../contract/conversation.ts'
import type { Block, Reminder } from '../../contract/ending.ts'
import type { Notification } from '../../contract/notification.ts'
import { sendReminders } from '../../modules/conversations/planning/reminders.ts'
import { endSnoozes } from '../../modules/conversations/planning/snooze.ts'
import { newKey, type StaffClient, startTestApp, type TestApp, unique, type WebCustomer } from '../harness.ts'
import { supervisorOf } from '../supervisor-of.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let agent: StaffClient
let web: { id: string }
const MINUTE = 60_000

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  agent = await it.staff('agent')
  supervisor = await supervisorOf(it, [agent])
  web = await it.connectWeb()
})
afterAll(() => it.stop())

async function talking(client = agent): Promise<{ customer: WebCustomer; id: string }> {
  const customer = await it.webCustomer(web.id)
  await customer.say('你好')
  const id = (await customer.history()).conversation!.id
  await client.post(`/conversations/${id}/accept`)
  return { customer, id }
}
const soon = (minutes: number) => new Date(it.now() + minutes * MINUTE).toISOString()
const listed = async (query: string, client = agent) => (await client.get<Conversation[]>(`/conversations?${query}`)).map(({ id }) => id)
const counts = (client = agent) => client.get<{ snoozed: number; pinned: number; reminders: number }>('/conversations/counts')
const told = async (kind: string, client = agent) =>
  (await client.get<Notification[]>('/notifications?limit=100')).filter((each) => each.kind === kind)
const snooze = (id: string, until: string | null) => agent.put<Conversation>(`/conversations/${id}/snooze`, { snooze: { until } })

describe('BP-004 稍后处理', () => {
  test('BP-004.8 put aside until a moment, it is out of the list, and comes back once with a word about it', async () => {
    const { id } = await talking()
    const until30 = soon(30)
    expect((await snooze(id, until30)).snooze).toEqual({ until: until30 })
    expect(await listed('assignee=me&snoozed=true')).toEqual([id])
    expect(await listed('assignee=me&snoozed=false')).not.toContain(id)
    expect((await counts()).snoozed).toBe(1)
    await it.travel(30 * MINUTE)
    await Promise.all([1, 2, 3].map(() => endSnoozes(it.process.app)))
    await until(async () => expect((await agent.conversation(id)).snooze).toBeNull())
    expect((await told('conversation.snooze_ended')).map(({ link }) => link)).toEqual([`/workbench/${id}`])
    expect(await counts()).toMatchObject({ snoozed: 0 })
  })

  test('put aside until the customer writes, his words bring it back, and the agent’s screen hears of it with them', async () => {
    const { customer, id } = await talking()
    await snooze(id, null)
    const socket = await agent.socket()
    await customer.say('有结果了吗')
    const heard = await socket.waitFor('message.created', (event) => event.id === id)
    expect(heard).toMatchObject({ patch: { conversation: { snooze: null } } })
    expect((await agent.conversation(id)).snooze).toBeNull()
  })

  test('what somebody else has taken over is not put aside any more', async () => {
    const { id } = await talking()
    await snooze(id, soon(60))
    await it.process.app.db('conversations').where({ id }).update({ assignee_id: supervisor.me.id })
    expect((await supervisor.conversation(id)).snooze).toBeNull()
    expect(await listed('snoozed=true', supervisor)).not.toContain(id)
  })

  test('only its agent, only into the future, only while it is open', async () => {
    const { id } = await talking()
    const colleague = await it.staff('agent')
    await colleague.expectError('PUT', `/conversations/${id}/snooze`, { snooze: { until: null } }, 404, 'not_found')
    await admin.expectError('PUT', `/conversations/${id}/snooze`, { snooze: { until: null } }, 403, 'forbidden')
    await agent.expectError('PUT', `/conversations/${id}/snooze`, { snooze: { until: soon(-1) } }, 400, 'time_passed')
    await agent.expectError('PUT', `/conversations/${id}/snooze`, { snooze: { until: 'tomorrow' } }, 400, 'invalid_request')
    await agent.post(`/conversations/${id}/close`, {})
    await agent.expectError('PUT', `/conversations/${id}/snooze`, { snooze: { until: null } }, 409, 'conversation_closed')
  })
})

describe('BP-004 置顶', () => {
  test('BP-004.8 each has his own; twice is once; the end takes it away', async () => {
    const { id } = await talking()
    for (let times = 0; times < 2; times++) await agent.put(`/conversations/${id}/pin`, { pinned: true })
    const row = await supervisor.put<Conversation>(`/conversations/${id}/pin`, { pinned: true })
    expect(row.pinnedBy.toSorted()).toEqual([agent.me.id, supervisor.me.id].toSorted())
    expect([await listed('pinned=true'), (await counts()).pinned]).toEqual([[id], 1])
    await agent.put(`/conversations/${id}/pin`, { pinned: false })
    expect((await agent.conversation(id)).pinnedBy).toEqual([supervisor.me.id])
    await agent.post(`/conversations/${id}/close`, {})
    expect((await agent.conversation(id)).pinnedBy).toEqual([])
    await agent.expectError('PUT', `/conversations/${id}/pin`, { pinned: true }, 409, 'conversation_closed')
    const stranger = await it.staff('agent')
    await stranger.expectError('PUT', `/conversations/${id}/pin`, { pinned: true }, 404, 'not_found')
  })
})

describe('BP-004 reminders', () => {
  test('BP-004.8 at its moment its owner is told exactly once, also after the end of the conversation', async () => {
    const { id } = await talking()
    const body = { clientKey: newKey(), at: soon(20), text: ' 回访是否收到 ' }
    const reminder = await agent.post<Reminder>(`/conversations/${id}/reminders`, body)
    expect(reminder).toMatchObject({ conversationId: id, text: '回访是否收到', remindedAt: null })
    expect([await listed('reminders=true'), (await counts()).reminders]).toEqual([[id], 1])
    await agent.post(`/conversations/${id}/close`, {})
    await it.travel(3 * 60 * MINUTE)
    await Promise.all([1, 2, 3].map(() => sendReminders(it.process.app)))
    const [news, ...more] = await until(async () => {
      const all = await told('conversation.reminder')
      if (all.length === 0) throw new Error('not told')
      return all
    })
    expect([news!.params['text'], more]).toEqual(['回访是否收到', []])
    expect((await agent.get<Reminder[]>('/me/reminders?done=true')).map((each) => each.id)).toEqual([reminder.id])
    expect(await told('conversation.reminder', admin)).toEqual([])
  })

  test('asked again with its key it is the same; with another text refused; two at once are one', async () => {
    const { id } = await talking()
    const body = { clientKey: newKey(), at: soon(20), text: '回电' }
    const made = await Promise.all([1, 2].map(() => agent.post<Reminder>(`/conversations/${id}/reminders`, body)))
    expect(made[0]!.id).toBe(made[1]!.id)
    await agent.expectError('POST', `/conversations/${id}/reminders`, { ...body, text: '别的' }, 409, 'idempotency_mismatch')
    await agent.expectError('POST', `/conversations/${id}/reminders`, { ...body, clientKey: newKey(), at: soon(-5) }, 400, 'time_passed')
    await supervisor.expectError('DELETE', `/reminders/${made[0]!.id}`, undefined, 404, 'not_found')
    expect((await agent.ask('DELETE', `/reminders/${made[0]!.id}`)).status).toBe(200)
    await it.travel(21 * MINUTE)
    await sendReminders(it.process.app)
    expect((await told('conversation.reminder')).filter(({ params }) => params['text'] === '回电')).toEqual([])
  })
})

describe('BP-004 customers who are not let in', () => {
  const block = (customerId: string, body: object = {}) =>
    supervisor.put<Block>(`/customers/${customerId}/block`, { reason: '辱骂客服', ...body })

  test('BP-004.8 his conversation ends, what he writes is kept, opens nothing and calls nobody; let in again he is heard', async () => {
    const { customer, id } = await talking()
    const { customer: person } = await agent.conversation(id)
    expect(await block(person.id)).toMatchObject({ reason: '辱骂客服', until: null, by: { id: supervisor.me.id } })
    expect(await agent.conversation(id)).toMatchObject({ status: 'closed', closeReason: 'blocked', customer: { blocked: true } })
    const socket = await agent.socket()
    const before = socket.events.length
    await customer.say('为什么不理我')
    await customer.say('喂')
    expect(await it.process.app.db('conversations').where({ customer_id: person.id }).whereNot('status', 'closed')).toEqual([])
    expect((await agent.messages(id)).at(-1)?.parts).toMatchObject([{ type: 'text', text: '喂' }])
    expect((await agent.conversation(id)).unread).toBe(0)
    expect(socket.events.slice(before).filter(({ type }) => type === 'message.created')).toEqual([])
    expect((await supervisor.get<Block[]>('/blocked-customers')).map((each) => each.customer.id)).toContain(person.id)
    await supervisor.ask('DELETE', `/customers/${person.id}/block`)
    await customer.say('我会好好说话')
    expect((await customer.history()).conversation!.status).toBe('queued')
    const trail = await it.process.app.db('audit_entries').where({ object_id: person.id }).orderBy('occurred_at').select('action')
    expect(trail.map(({ action }: { action: string }) => action)).toEqual(['customer.blocked', 'customer.unblocked'])
  })

  test('the text of the rules is said once, and the block ends by itself at its time', async () => {
    const [all] = await admin.get<{ id: string; version: number; texts: object }[]>('/conversation-rules')
    await admin.patch(`/conversation-rules/${all!.id}`, {
      version: all!.version,
      texts: { ...all!.texts, blocked: { zh: '暂时无法为您服务', en: '' } },
    })
    const { customer, id } = await talking()
    const { customer: person } = await agent.conversation(id)
    await block(person.id, { until: soon(60) })
    for (const text of ['一', '二']) await customer.say(text)
    const said = (await agent.messages(id)).filter(({ author }) => author.kind === 'bot')
    expect(said.map(({ parts }) => parts)).toEqual([[{ type: 'text', text: '暂时无法为您服务' }]])
    await it.travel(61 * MINUTE)
    expect(await agent.get(`/customers/${person.id}/block`)).toBeNull()
    await customer.say('三')
    expect((await customer.history()).conversation!.status).toBe('queued')
  })

  test('blocked the moment he writes: either way nothing is left open', async () => {
    for (let round = 0; round < 3; round++) {
      const { customer, id } = await talking()
      const { customer: person } = await agent.conversation(id)
      await Promise.all([block(person.id), customer.say('我'), customer.say('再说')])
      expect(await it.process.app.db('conversations').where({ customer_id: person.id }).whereNot('status', 'closed')).toEqual([])
      const said = (await admin.messages(id)).filter(({ direction }) => direction === 'inbound')
      expect(said).toHaveLength(3)
    }
  })

  test('by permission, with a reason, into the future; who is not blocked cannot be let in', async () => {
    const { id } = await talking()
    const { customer: person } = await agent.conversation(id)
    await agent.expectError('PUT', `/customers/${person.id}/block`, { reason: unique('x') }, 403, 'forbidden')
    await supervisor.expectError('PUT', `/customers/${person.id}/block`, { reason: ' ' }, 400, 'invalid_request')
    await supervisor.expectError('PUT', `/customers/${person.id}/block`, { reason: 'x', until: soon(-1) }, 400, 'time_passed')
    await supervisor.expectError('DELETE', `/customers/${person.id}/block`, undefined, 404, 'not_found')
    expect((await agent.conversation(id)).status).toBe('open')
  })
})
