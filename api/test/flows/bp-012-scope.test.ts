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
}, 60_000)
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
    expect((await foreign.supervisor.conversation(id)).permissions).toMatchObject({ close: false, transfer: false, takeOver: false })
    await foreign.supervisor.expectError('POST', `/conversations/${id}/close`, { reason: 'resolved' }, 403, 'forbidden')
    await foreign.supervisor.expectError('POST', `/conversations/${id}/rating-invitations`, undefined, 403, 'forbidden')
    expect((await supervisor.conversation(id)).permissions).toMatchObject({ close: true })
    await supervisor.post(`/conversations/${id}/rating-invitations`)
    await supervisor.post(`/conversations/${id}/close`, { reason: 'resolved' })
  })

  test('BP-012 S22 nor reopen what his colleagues closed, nor rewrite its wrap-up', async () => {
    const [{ id, agent, supervisor }, foreign] = [await desk(), await desk()]
    await agent.post(`/conversations/${id}/close`, { reason: 'resolved' })
    await foreign.supervisor.expectError('POST', `/conversations/${id}/reopen`, { to: 'me' }, 403, 'forbidden')
    await foreign.supervisor.expectError('PUT', `/conversations/${id}/wrap-up`, { summary: '改掉' }, 403, 'forbidden')
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
