/** What a supervisor decides lies within his data scope; that he may read more does not widen it (S22). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ConversationDetail } from '../../contract/conversation.ts'
import type { Approval } from '../../contract/moderation.ts'
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

describe('BP-012 the supervisor of another team', () => {
  test('BP-012 S22 he may neither end a conversation nor ask for a rating; its own supervisor may both', async () => {
    const [{ id, supervisor }, foreign] = [await desk(), await desk()]
    await foreign.supervisor.expectError('POST', `/conversations/${id}/close`, { reason: 'resolved' }, 404, 'not_found')
    await foreign.supervisor.expectError('POST', `/conversations/${id}/rating-invitations`, undefined, 404, 'not_found')
    expect((await supervisor.conversation(id)).permissions).toMatchObject({ close: true })
    await supervisor.post(`/conversations/${id}/rating-invitations`)
    await supervisor.post(`/conversations/${id}/close`, { reason: 'resolved' })
  })

  test('BP-012 S22 nor reopen what his colleagues closed, nor rewrite its wrap-up', async () => {
    const [{ id, agent, supervisor }, foreign] = [await desk(), await desk()]
    await agent.post(`/conversations/${id}/close`, { reason: 'resolved' })
    await foreign.supervisor.expectError('POST', `/conversations/${id}/reopen`, { to: 'me' }, 404, 'not_found')
    await foreign.supervisor.expectError('PUT', `/conversations/${id}/wrap-up`, { summary: '改掉' }, 404, 'not_found')
    await supervisor.put(`/conversations/${id}/wrap-up`, { summary: '已换新' })
    expect(await supervisor.post<ConversationDetail>(`/conversations/${id}/reopen`, { to: 'queue' })).toMatchObject({ continuesId: id })
  })

  test('BP-012 S22 nor let through what one of another team wrote; to him it does not wait', async () => {
    const [{ id, agent, supervisor }, foreign] = [await desk(), await desk()]
    const word = unique('返现')
    const list = await admin.post<{ id: string }>('/moderation/lists', { name: unique('词库'), outbound: 'approve' })
    await admin.post(`/moderation/lists/${list.id}/words`, { add: [word] })
    const held = await agent.reply(id, `可以${word}`)
    const waiting = async (who: StaffClient) => (await who.get<Approval[]>('/moderation/approvals?limit=100')).map((one) => one.messageId)
    await until(async () => expect(await waiting(supervisor)).toContain(held.id))
    expect(await waiting(foreign.supervisor)).not.toContain(held.id)
    await foreign.supervisor.expectError('POST', `/moderation/approvals/${held.id}`, { approve: true }, 404, 'not_found')
    await supervisor.post(`/moderation/approvals/${held.id}`, { approve: true })
  })
})

describe('BP-004.3 S22 reading follows the data scope of the role', () => {
  /** Somebody who reads others' conversations within this scope. */
  async function reader(dataScope: string): Promise<StaffClient> {
    const permissions = ['conversations.read', 'conversations.read_all', 'conversations.export', 'customers.read']
    const role = await admin.post<{ id: string }>('/roles', { name: unique('质检'), permissions, dataScope })
    const one = await it.staff('agent', unique('质检员'))
    const { version } = await admin.get<{ version: number }>(`/staff-members/${one.me.id}`)
    await admin.patch(`/staff-members/${one.me.id}`, { roleId: role.id, version })
    return it.logIn(one.me.username)
  }
  /** Everything that could show it: each must say the same. */
  async function ways(who: StaffClient, { id, word }: { id: string; word: string }) {
    const listed = await who.ask('GET', '/conversations?limit=100')
    const found = await who.ask('GET', `/messages/search?q=${encodeURIComponent(word)}`)
    return {
      opened: (await who.ask('GET', `/conversations/${id}/messages`)).status === 200,
      listed: listed.body.data.some((row: { id: string }) => row.id === id),
      found: found.body.data.some((hit: { conversationId: string }) => hit.conversationId === id),
      exported: (await who.ask('POST', `/conversations/${id}/transcript`, { format: 'txt' })).status === 200,
      watched: !('error' in (await (await who.socket()).say('watch', { conversationId: id }))),
    }
  }
  const all = { opened: true, listed: true, found: true, exported: true, watched: true }
  const nothing = { opened: false, listed: false, found: false, exported: false, watched: false }

  test('BP-004.3 BP-012 S22 opening, list, search, export and sockets: a team’s reader reads his team’s, one of the house everything, open and ended', async () => {
    const [{ id, customer, agent, supervisor }, foreign] = [await desk(), await desk()]
    const word = `紫檀${unique('木').replace(/\D/g, '')}号`
    await customer.say(`我要${word}的货`)
    await it.process.idle()
    const [house, own] = [await reader('all'), await reader('own')]
    await until(async () => expect(await ways(supervisor, { id, word })).toEqual(all))
    expect(await ways(house, { id, word })).toEqual(all)
    expect(await ways(foreign.supervisor, { id, word })).toEqual(nothing)
    expect(await ways(own, { id, word })).toEqual(nothing)
    await agent.post(`/conversations/${id}/close`, { reason: 'resolved', silent: true })
    expect(await ways(supervisor, { id, word })).toMatchObject({ opened: true, found: true, exported: true })
    expect(await ways(foreign.supervisor, { id, word })).toEqual(nothing)
  })

  test('BP-004.3 S22 by department: its people and the queues of the teams that they lead, not those of another', async () => {
    const lead = await reader('department')
    const [ours, theirs] = [await desk(), await desk()]
    const department = await admin.post<{ id: string }>('/departments', { name: unique('售后部'), parentId: null })
    for (const who of [lead, ours.agent]) {
      const { version } = await admin.get<{ version: number }>(`/staff-members/${who.me.id}`)
      await admin.patch(`/staff-members/${who.me.id}`, { departmentId: department.id, version })
    }
    expect((await lead.conversation(ours.id)).id).toBe(ours.id)
    await lead.expectError('GET', `/conversations/${theirs.id}`, undefined, 404, 'not_found')
    const team = await admin.post<{ id: string }>('/teams', { name: unique('组'), leaderId: ours.agent.me.id })
    const hand = (id: string, holder: StaffClient) =>
      admin.post('/supervision/assignments', {
        items: [{ id, seen: { assigneeId: holder.me.id, teamId: null } }],
        to: { kind: 'team', teamId: team.id },
        force: true,
        clientKey: newKey(),
      })
    await hand(theirs.id, theirs.agent)
    expect((await lead.conversation(theirs.id)).status).toBe('queued')
    const ears = await lead.socket()
    await theirs.customer.say('还在排队')
    await ears.waitFor('message.created', (event) => event.id === theirs.id)
  })

  test('BP-004.3 who serves a customer reads what his colleagues said to him before, and only while he serves him', async () => {
    const [{ id, customer, agent }, other] = [await desk(), await it.staff('agent', unique('客服'))]
    await agent.reply(id, '上次说好周五送到')
    await agent.post(`/conversations/${id}/close`, { reason: 'resolved', silent: true })
    await other.expectError('GET', `/conversations/${id}/messages`, undefined, 404, 'not_found')
    await customer.say('周五没送到')
    const now = (await customer.history()).conversation?.id ?? ''
    await other.post(`/conversations/${now}/accept`)
    expect(JSON.stringify(await other.messages(id))).toContain('上次说好周五送到')
    await other.post(`/conversations/${now}/close`, { reason: 'resolved', silent: true })
    await other.expectError('GET', `/conversations/${id}/messages`, undefined, 404, 'not_found')
  })
})

describe('who may not read conversations', () => {
  test('S2 hears nothing of the queue and cannot have one open, whatever else he may do', async () => {
    const role = await admin.post<{ id: string }>('/roles', { name: unique('档案员'), permissions: ['customers.read'], dataScope: 'all' })
    const clerk = await it.staff('agent', unique('档案'))
    const { version } = await admin.get<{ version: number }>(`/staff-members/${clerk.me.id}`)
    await admin.patch(`/staff-members/${clerk.me.id}`, { roleId: role.id, version })
    const eyes = await (await it.logIn(clerk.me.username)).socket()
    const agent = await it.staff('agent')
    const ears = await agent.socket()
    const customer = await it.webCustomer(web.id)
    await customer.say('我的卡号是 6222', newKey())
    const id = (await customer.history()).conversation?.id ?? ''
    await ears.waitFor('message.created', (event) => event.id === id)
    expect(await eyes.say('watch', { conversationId: id })).toEqual({ error: { code: 'not_found' } })
    expect(await eyes.say('typing', { conversationId: id, typing: true })).toEqual({ error: { code: 'not_found' } })
    await eyes.waitFor('beacon', () => true)
    expect(JSON.stringify(eyes.events)).not.toContain('6222')
  })
})
