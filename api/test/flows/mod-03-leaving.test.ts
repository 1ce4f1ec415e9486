import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Department, HandOver, HandOverPreview, StaffMember } from '../../contract/organisation.ts'
import type { StaffRole } from '../../contract/roles.ts'
import type { Conversation, ConversationDetail } from '../../contract/conversation.ts'
import { takeBackFromDisabled } from '../../modules/conversations/leaving.ts'
import { newKey, PASSWORD, startTestApp, unique, type StaffClient, type TestApp } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let web: { id: string }
const roles = new Map<string, string>()
const roleId = (code: string): string => roles.get(code) ?? ''

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '陈默')
  web = await it.connectWeb()
  for (const role of await admin.get<StaffRole[]>('/roles')) roles.set(role.code, role.id)
})
afterAll(() => it.stop())

type Hired = { member: StaffMember; initialPassword: string }
const MISSING = '01930000-0000-7000-8000-0000000000ff'
const newPerson = (more: object = {}) => ({ username: unique('person').toLowerCase(), name: '李娜', roleId: roleId('agent'), ...more })
const hire = (more: object = {}): Promise<Hired> => admin.post<Hired>('/staff-members', newPerson(more))
const member = (id: string, reader = admin) => reader.get<StaffMember>(`/staff-members/${id}`)
const act = async (id: string, action: string, one = admin) =>
  one.ask('POST', `/staff-members/${id}/${action}`, { version: (await member(id)).version })
const auditOf = (id: string) => it.process.app.db('audit_entries').where({ object_id: id }).orderBy('occurred_at')
const actionsOn = async (id: string): Promise<string[]> =>
  (await auditOf(id)).map(({ action }: { action: string }) => action).filter((action: string) => action.startsWith('staff.'))

/** A conversation that this agent holds. */
async function heldBy(agent: StaffClient): Promise<string> {
  const customer = await it.webCustomer(web.id)
  await customer.say('在吗')
  const id = (await customer.history()).conversation?.id ?? ''
  await agent.post(`/conversations/${id}/accept`)
  return id
}
const conversation = (id: string) => admin.get<ConversationDetail>(`/conversations/${id}`)
async function noticeIn(id: string, code: string) {
  const parts = (await admin.messages(id)).flatMap((message) => message.parts)
  return parts.find((part) => part.type === 'notice' && part.code === code)
}

describe('MOD-03 disabling', () => {
  test('MOD-03 a disabled account loses sessions and sockets at once, and its open work goes back to the queue with the reason', async () => {
    const agent = await it.staff('agent', '林晓')
    const [one, two] = [await heldBy(agent), await heldBy(agent)]
    const watcher = await admin.socket()
    const socket = await agent.socket()
    expect((await act(agent.me.id, 'disable')).body.data.status).toBe('disabled')
    await socket.cut
    await agent.expectError('GET', '/me', undefined, 401, 'unauthenticated')
    const refused = await it.anonymous().ask('POST', '/auth/login', { username: agent.me.username, password: PASSWORD })
    expect([refused.status, refused.body.error.code]).toEqual([403, 'account_disabled'])
    for (const id of [one, two]) {
      expect(await conversation(id)).toMatchObject({ status: 'queued', assignee: null })
      expect(await noticeIn(id, 'conversation_returned')).toMatchObject({ params: { name: '林晓', reason: 'staff_disabled' } })
    }
    await watcher.waitFor(
      'presence.updated',
      ({ id, patch }) => id === agent.me.id && patch.presence.status === 'offline' && patch.presence.load === 0,
    )
    expect(await actionsOn(agent.me.id)).toEqual(['staff.disabled'])
    // Once more changes nothing; he comes back with an empty desk.
    expect((await act(agent.me.id, 'disable')).status).toBe(200)
    expect(await actionsOn(agent.me.id)).toEqual(['staff.disabled'])
    expect((await act(agent.me.id, 'enable')).body.data.status).toBe('active')
    await it.logIn(agent.me.username)
  })

  test('also where the message to cut his sockets is lost, and where he took work in that very moment', async () => {
    const agent = await it.staff('agent')
    const id = await heldBy(agent)
    const socket = await agent.socket()
    await it.process.app.db('accounts').where({ id: agent.me.id }).update({ status: 'disabled' })
    await socket.cut
    await takeBackFromDisabled(it.process.app)
    expect(await conversation(id)).toMatchObject({ status: 'queued', assignee: null })
  }, 20_000)

  test('what goes back is offered to who is there, before what came later', async () => {
    const [leaving, staying] = [await it.staff('agent'), await it.staff('agent')]
    const id = await heldBy(leaving)
    await staying.be('online')
    await act(leaving.me.id, 'disable')
    const taken = await until(async () => {
      const now = await conversation(id)
      if (now.assignee?.id !== staying.me.id) throw new Error('still waiting')
      return now
    })
    expect(taken.status).toBe('open')
    await staying.be('offline')
  })

  test('two who disable the same colleague at once: one does, the other is told', async () => {
    const other = await it.staff('admin')
    const { member: made } = await hire()
    const answers = await Promise.all([admin, other].map((one) => one.ask('POST', `/staff-members/${made.id}/disable`, { version: 1 })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })
})

describe('MOD-03 the last administrator', () => {
  test('nobody disables, demotes or hands over himself', async () => {
    const { version } = await member(admin.me.id)
    const path = `/staff-members/${admin.me.id}`
    await admin.expectError('POST', `${path}/disable`, { version }, 409, 'own_account')
    await admin.expectError('POST', `${path}/reset-password`, { version }, 409, 'own_account')
    await admin.expectError('PATCH', path, { roleId: roleId('agent'), version }, 409, 'own_account')
    const { member: heir } = await hire()
    await admin.expectError('POST', `${path}/hand-over`, { to: heir.id, clientKey: newKey(), version }, 409, 'own_account')
  })

  test('of two administrators who remove each other at once one wins, and one remains', async () => {
    const alone = await startTestApp({ roles: ['api'] })
    try {
      const [one, two] = [await alone.staff('admin'), await alone.staff('admin')]
      const remove = {
        disable: (by: StaffClient, whom: StaffClient, version: number) =>
          by.ask('POST', `/staff-members/${whom.me.id}/disable`, { version }),
        demote: (by: StaffClient, whom: StaffClient, version: number) =>
          by.ask('PATCH', `/staff-members/${whom.me.id}`, { roleId: roleId('agent'), version }),
      }
      const answers = await Promise.all([remove.disable(one, two, 1), remove.demote(two, one, 1)])
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      const active = await alone.process.app.db('accounts').where({ role_id: roleId('admin'), status: 'active' })
      expect(active).toHaveLength(1)
      // Whoever is left is told why, when somebody with the same rights tries again.
      const [left] = active
      const survivor = left.id === one.me.id ? one : two
      const role = await survivor.post<StaffRole>('/roles', { name: 'Second', permissions: survivor.me.permissions, dataScope: 'all' })
      const helper = await alone.staff('agent')
      await survivor.patch(`/staff-members/${helper.me.id}`, { roleId: role.id, version: 1 })
      const { version } = await member(survivor.me.id, helper)
      await helper.expectError('POST', `/staff-members/${survivor.me.id}/disable`, { version }, 409, 'last_administrator')
      await helper.expectError('PATCH', `/staff-members/${survivor.me.id}`, { roleId: roleId('agent'), version }, 409, 'last_administrator')
      const heir = await survivor.post<Hired>('/staff-members', newPerson())
      const handOver = { to: heir.member.id, clientKey: newKey(), version }
      await helper.expectError('POST', `/staff-members/${survivor.me.id}/hand-over`, handOver, 409, 'last_administrator')
      expect((await survivor.ask('GET', '/me')).status).toBe(200)
    } finally {
      await alone.stop()
    }
  })
})

describe('MOD-03 离职继承', () => {
  test('MOD-03 a preview counts, one step hands over, and the same key again changes nothing', async () => {
    const [leaving, heir] = [await it.staff('agent', '王可'), await it.staff('agent', '孙悦')]
    const held = [await heldBy(leaving), await heldBy(leaving)]
    const department = await admin.post<Department>('/departments', { name: unique('部门'), parentId: null, leaderId: leaving.me.id })
    const preview = await admin.get<HandOverPreview>(`/staff-members/${leaving.me.id}/hand-over`)
    expect(preview.items).toEqual(
      expect.arrayContaining([
        { kind: 'conversations', count: 2 },
        { kind: 'departments', count: 1 },
      ]),
    )
    const heirSocket = await heir.socket()
    const { version } = await member(leaving.me.id)
    const request = { to: heir.me.id, clientKey: newKey(), version }
    const [first, again] = await Promise.all([1, 2].map(() => admin.ask('POST', `/staff-members/${leaving.me.id}/hand-over`, request)))
    expect([first?.status, again?.status]).toEqual([200, 200])
    expect(again?.body).toEqual(first?.body)
    const done = first?.body.data as HandOver
    expect(done).toMatchObject({ from: { name: '王可' }, to: { name: '孙悦' } })
    expect(done.moved).toEqual(
      expect.arrayContaining([
        { kind: 'conversations', count: 2 },
        { kind: 'departments', count: 1 },
      ]),
    )
    for (const id of held) {
      expect(await conversation(id)).toMatchObject({ status: 'open', assignee: { id: heir.me.id } })
      expect(await noticeIn(id, 'conversation_assigned')).toBeDefined()
      await heirSocket.waitFor('conversation.updated', (event) => event.id === id)
    }
    expect((await heir.get<Conversation[]>('/conversations?assignee=me')).map(({ id }) => id).sort()).toEqual(held.sort())
    expect((await admin.get<Department[]>('/departments')).find(({ id }) => id === department.id)?.leader?.id).toBe(heir.me.id)
    expect((await member(leaving.me.id)).status).toBe('left')
    await leaving.expectError('GET', '/me', undefined, 401, 'unauthenticated')
    expect((await actionsOn(leaving.me.id)).filter((action: string) => action === 'staff.handed_over')).toHaveLength(1)
    await admin.expectError(
      'POST',
      `/staff-members/${leaving.me.id}/hand-over`,
      { ...request, to: admin.me.id },
      409,
      'idempotency_mismatch',
    )
  })

  test('a successor must be there, at work and somebody else; nothing moves otherwise', async () => {
    const leaving = await it.staff('agent')
    const id = await heldBy(leaving)
    const { member: gone } = await hire()
    await act(gone.id, 'disable')
    const { version } = await member(leaving.me.id)
    for (const to of [MISSING, gone.id, leaving.me.id])
      await admin.expectError('POST', `/staff-members/${leaving.me.id}/hand-over`, { to, clientKey: newKey(), version }, 404, 'not_found')
    expect((await conversation(id)).assignee?.id).toBe(leaving.me.id)
    expect((await member(leaving.me.id)).status).toBe('active')
  })

  test('two who hand each other’s colleague over crosswise do not wait for each other for ever', async () => {
    const [one, two] = [await it.staff('agent'), await it.staff('agent')]
    const cross = (from: StaffClient, to: StaffClient) =>
      admin.ask('POST', `/staff-members/${from.me.id}/hand-over`, { to: to.me.id, clientKey: newKey(), version: 1 })
    const answers = await Promise.all([cross(one, two), cross(two, one)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404])
  })
})
