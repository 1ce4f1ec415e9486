/** The supervisor beside the agent: he listens, whispers, takes over; in his own teams, and never in the customer's sight. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Message } from '../../contract/message.ts'
import type { Notification } from '../../contract/notification.ts'
import { customerEventSchemas } from '../../contract/realtime.ts'
import { webHistorySchema } from '../../contract/web.ts'
import { newKey, type StaffClient, startTestApp, type TestApp, unique, type WebCustomer } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let web: { id: string }

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '陈默')
  web = await it.connectWeb()
})
afterAll(() => it.stop())

interface Desk {
  id: string
  customer: WebCustomer
  agent: StaffClient
  supervisor: StaffClient
}
/** An agent with a conversation, and the supervisor of his team. */
async function desk(): Promise<Desk> {
  const [agent, supervisor] = await Promise.all([it.staff('agent', unique('客服')), it.staff('supervisor', unique('主管'))])
  const team = await admin.post<{ id: string }>('/teams', { name: unique('组') })
  await admin.post(`/teams/${team.id}/members`, { accountIds: [agent.me.id], role: 'agent' })
  await admin.post(`/teams/${team.id}/members`, { accountIds: [supervisor.me.id], role: 'supervisor' })
  const customer = await it.webCustomer(web.id)
  await customer.say('你们怎么回事')
  const id = (await customer.history()).conversation?.id ?? ''
  await agent.post(`/conversations/${id}/accept`)
  return { id, customer, agent, supervisor }
}
const whisper = (who: StaffClient, id: string, text: string, clientKey = newKey()) =>
  who.ask('POST', `/conversations/${id}/whispers`, { clientKey, text })
const takeOver = (who: StaffClient, id: string, from: StaffClient, reason = '客户情绪激动，由我处理') =>
  who.ask('POST', `/conversations/${id}/take-over`, { from: from.me.id, reason })
const holders = (id: string): Promise<{ account_id: string }[]> =>
  it.process.app.db('assignments').where({ work_id: id }).whereNull('ended_at').select('account_id')
const auditOf = async (id: string): Promise<string[]> =>
  (await it.process.app.db('audit_entries').where({ object_id: id }).select('action')).map(({ action }) => action)
const places = (messages: readonly Message[]) => messages.filter(({ direction }) => direction === 'whisper')

describe('BP-012 listening', () => {
  test('BP-012 a supervisor hears a conversation of his team; neither the agent nor the customer is shown that he does, the trail is', async () => {
    const { id, customer, agent, supervisor } = await desk()
    const [ears, agents] = [await supervisor.socket(), await agent.socket()]
    await agents.say('watch', { conversationId: id })
    expect(await ears.say('listen', { conversationId: id })).toEqual({ ok: true })
    await customer.say('快点回复')
    await ears.waitFor('message.created', (event) => event.id === id && JSON.stringify(event).includes('快点回复'))
    expect(agents.of('conversation.viewers').flatMap((event) => event.patch.viewers.map((viewer) => viewer.id))).toEqual([agent.me.id])
    expect((await customer.history()).conversation?.staffReadSeq).toBe(0)
    expect(await auditOf(id)).toContain('conversation.listened')
    await ears.say('unlisten', { conversationId: id })
    await customer.say('还在吗')
    await agents.waitFor('message.created', (event) => JSON.stringify(event).includes('还在吗'))
    expect(JSON.stringify(ears.events)).not.toContain('还在吗')
  })

  test('BP-012 an agent may not, nor the supervisor of another team (S22)', async () => {
    const { id, agent, supervisor } = await desk()
    const foreign = await desk()
    const [colleague, other] = [await it.staff('agent'), await foreign.supervisor.socket()]
    expect(await (await colleague.socket()).say('listen', { conversationId: id })).toEqual({ error: { code: 'forbidden' } })
    expect(await (await agent.socket()).say('listen', { conversationId: id })).toEqual({ error: { code: 'forbidden' } })
    expect(await other.say('listen', { conversationId: id })).toHaveProperty('error')
    for (const answer of [await whisper(foreign.supervisor, id, '你好'), await takeOver(foreign.supervisor, id, agent)])
      expect([403, 404]).toContain(answer.status)
    expect((await agent.conversation(id)).assignee?.id).toBe(agent.me.id)
    expect((await supervisor.conversation(id)).permissions).toMatchObject({ listen: true, whisper: true, takeOver: true })
  })
})

describe('BP-012 who looks on', () => {
  test('BP-012 who had a waiting conversation open hears nothing more of it five seconds after a colleague took it (S2)', async () => {
    const [looker, agent] = await Promise.all([it.staff('agent'), it.staff('agent')])
    const customer = await it.webCustomer(web.id)
    await customer.say('有人吗')
    const id = (await customer.history()).conversation?.id ?? ''
    const ears = await looker.socket()
    expect(await ears.say('watch', { conversationId: id })).toEqual({ ok: true })
    await agent.post(`/conversations/${id}/accept`)
    await until(() => {
      const sockets = [...it.process.app.realtime.io.of('/').sockets.values()].filter((socket) => socket.data.id === looker.me.id)
      expect(sockets.flatMap((socket) => [...socket.rooms])).not.toContain(`conversation:${id}`)
    })
    await customer.say('我的卡号是 6222')
    await agent.conversation(id)
    expect(JSON.stringify(ears.events)).not.toContain('6222')
    expect(await ears.say('watch', { conversationId: id })).toEqual({ error: { code: 'not_found' } })
  })
})

describe('BP-012 whispering', () => {
  test('BP-012 the agent reads it at once; a helper gets its place alone, the customer nothing at all', async () => {
    const { id, customer, agent, supervisor } = await desk()
    const helper = await it.staff('agent')
    await agent.post(`/conversations/${id}/helpers`, { accountId: helper.me.id, mayReply: true })
    const [agents, helpers, page] = [await agent.socket(), await helper.socket(), await customer.socket()]
    const key = newKey()
    const said = await whisper(supervisor, id, '先道歉，再补偿', key)
    expect(said.body.data).toMatchObject({ direction: 'whisper', author: { id: supervisor.me.id }, addressee: { id: agent.me.id } })
    expect((await whisper(supervisor, id, '先道歉，再补偿', key)).body.data.id).toBe(said.body.data.id)
    await agents.waitFor('message.created', (event) => JSON.stringify(event).includes('先道歉'))
    const place = await helpers.waitFor('message.created', (event) => event.patch.message.direction === 'whisper')
    expect(place.patch.message).toMatchObject({ seq: said.body.data.seq, parts: [], addressee: null, author: { id: null, name: null } })
    expect(places(await helper.messages(id))).toMatchObject([{ parts: [], author: { id: null } }])
    for (const reader of [agent, supervisor, admin]) expect(JSON.stringify(await reader.messages(id))).toContain('先道歉，再补偿')
    const notices = await agent.get<Notification[]>('/notifications')
    expect(notices.filter(({ kind }) => kind === 'conversation.whispered')).toHaveLength(1)
    // Every payload of the customer keeps to its schema, and to what is his (S22).
    await agent.reply(id, '非常抱歉')
    await page.waitFor('message.created', (event) => JSON.stringify(event).includes('非常抱歉'))
    const history = await customer.ask('GET', '/web/history')
    webHistorySchema.parse(history.body.data)
    for (const event of page.events) customerEventSchemas[event.type].parse(event)
    for (const seen of [JSON.stringify(page.events), JSON.stringify(history.body)]) expect(seen).not.toMatch(/先道歉|whisper|addressee/)
  })

  test('BP-012 what was said to one agent is not read by the next', async () => {
    const { id, agent, supervisor } = await desk()
    await whisper(supervisor, id, '你上次也这样')
    const next = await it.staff('agent')
    await next.be('busy')
    const offer = await agent.post<{ id: string }>(`/conversations/${id}/transfers`, { to: { accountId: next.me.id } })
    await next.post(`/transfers/${offer.id}/accept`)
    expect(JSON.stringify(await next.messages(id))).not.toContain('你上次也这样')
    expect((await next.messages(id)).map(({ seq }) => seq)).toEqual((await admin.messages(id)).map(({ seq }) => seq))
  })

  test('BP-012 not by an agent, not to nobody, not into what is over, not with nothing to say', async () => {
    const { id, customer, agent, supervisor } = await desk()
    expect((await whisper(agent, id, '你好')).status).toBe(403)
    expect((await whisper(supervisor, id, '   ')).body.error.code).toBe('invalid_request')
    await customer.expectError('POST', `/conversations/${id}/whispers`, { clientKey: newKey(), text: '你好' }, 401, 'unauthenticated')
    await agent.post(`/conversations/${id}/close`, { reason: 'resolved' })
    expect((await whisper(supervisor, id, '你好')).body.error.code).toBe('conversation_closed')
  })
})

describe('BP-012.7 taking over', () => {
  test('BP-012.7 the conversation is his at once, with the reason on record; the agent is told and loses it, his sockets too', async () => {
    const { id, customer, agent, supervisor } = await desk()
    const ears = await agent.socket()
    await ears.say('watch', { conversationId: id })
    await agent.put(`/conversations/${id}/draft`, { text: '我们不能赔' })
    const answer = await takeOver(supervisor, id, agent)
    expect(answer.body.data).toMatchObject({ assignee: { id: supervisor.me.id }, draft: '我们不能赔' })
    expect(await holders(id)).toEqual([{ account_id: supervisor.me.id }])
    await ears.waitFor('conversation.removed', (event) => event.id === id)
    await ears.waitFor('notification.created', (event) => event.patch.notification.kind === 'conversation.taken_over')
    await until(() => {
      const sockets = [...it.process.app.realtime.io.of('/').sockets.values()].filter((socket) => socket.data.id === agent.me.id)
      expect(sockets.flatMap((socket) => [...socket.rooms])).not.toContain(`conversation:${id}`)
    })
    await customer.say('换人了吗')
    await until(async () => expect(JSON.stringify(await supervisor.messages(id))).toContain('换人了吗'))
    expect(JSON.stringify(ears.events)).not.toContain('换人了吗')
    await agent.expectError('GET', `/conversations/${id}`, undefined, 404, 'not_found')
    expect(await auditOf(id)).toContain('conversation.taken_over')
    expect(JSON.stringify(await supervisor.messages(id))).toContain('客户情绪激动')
    expect(JSON.stringify(await customer.history())).not.toContain('客户情绪激动')
  })

  test('BP-012 of two supervisors who take over, one gets it and the other learns who', async () => {
    const { id, agent, supervisor } = await desk()
    const answers = await Promise.all([takeOver(supervisor, id, agent), takeOver(admin, id, agent)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const [owner] = await holders(id)
    expect(answers.find(({ status }) => status === 409)?.body.error).toMatchObject({
      code: 'already_assigned',
      context: { assignee: { id: owner?.account_id } },
    })
  })

  test('BP-012 who is a moment late learns who has it, though it is beyond his reach by now; a supervisor of others learns nothing', async () => {
    const [{ id, agent, supervisor }, foreign] = [await desk(), await desk()]
    expect((await takeOver(admin, id, agent)).status).toBe(200)
    const late = await takeOver(supervisor, id, agent)
    expect([late.status, late.body.error]).toMatchObject([409, { code: 'already_assigned', context: { assignee: { id: admin.me.id } } }])
    expect((await takeOver(supervisor, id, supervisor)).status).toBe(404)
    expect((await takeOver(foreign.supervisor, id, agent)).status).toBe(404)
    expect(await holders(id)).toEqual([{ account_id: admin.me.id }])
  })

  test('BP-012 while it is closed: one of the two happens, and nobody holds what is over', async () => {
    const { id, agent, supervisor } = await desk()
    const [taken, closed] = await Promise.all([
      takeOver(supervisor, id, agent),
      agent.ask('POST', `/conversations/${id}/close`, { reason: 'resolved' }),
    ])
    expect([taken.status, closed.status].filter((status) => status === 200)).toHaveLength(1)
    const now = await admin.conversation(id)
    expect((await holders(id)).length).toBe(now.status === 'closed' ? 0 : 1)
  })

  test('BP-012 not by an agent, not without a reason, not what waits or is over', async () => {
    const { id, agent, supervisor, customer } = await desk()
    expect((await takeOver(await it.staff('agent'), id, agent)).status).toBe(403)
    expect((await takeOver(supervisor, id, agent, ' ')).body.error.code).toBe('invalid_request')
    await agent.post(`/conversations/${id}/close`, { reason: 'resolved' })
    expect((await takeOver(supervisor, id, agent)).body.error.code).toBe('conversation_closed')
    const other = await it.webCustomer(web.id)
    await other.say('在吗')
    const waiting = (await other.history()).conversation?.id ?? ''
    expect((await takeOver(supervisor, waiting, agent)).body.error.code).toBe('conversation_not_assigned')
    await customer.expectError('POST', `/conversations/${id}/take-over`, { from: agent.me.id, reason: '给我' }, 401, 'unauthenticated')
  })
})
