import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Customer, CustomerSummary } from '../../contract/customer.ts'
import { type OfficialAccount, type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let supervisor: StaffClient
let agent: StaffClient
let official: OfficialAccount

const MISSING = '01930000-0000-7000-8000-0000000000ff'

beforeAll(async () => {
  it = await startTestApp()
  supervisor = await it.staff('supervisor', '周岚')
  agent = await it.staff('agent', '林晓')
  official = await it.connectOfficial()
})
afterAll(() => it.stop())

const add = (client = supervisor) => client.post<Customer>('/customers', { name: unique('客户') })
const archive = (customer: { id: string; version: number }) =>
  supervisor.post<Customer>(`/customers/${customer.id}/archive`, { version: customer.version })
const listed = async (query: string) => (await supervisor.get<CustomerSummary[]>(`/customers?limit=100&${query}`)).map(({ id }) => id)
const profile = (id: string) => supervisor.get<Customer>(`/customers/${id}`)

async function served() {
  const person = it.follower(official)
  await person.text('在吗')
  // The platform is asked who he is, which makes another version of him.
  await it.process.idle()
  const conversation = await it.conversationOf(supervisor, person.openId)
  await agent.post(`/conversations/${conversation.id}/accept`)
  return { person, conversation, id: conversation.customer.id }
}

describe('MOD-07 archive and restore', () => {
  test('MOD-07 an archived customer stands in no list, search or count, but can still be opened and restored', async () => {
    const customer = await add()
    const archived = await archive(customer)
    expect(archived).toMatchObject({ archivedAt: expect.any(String), version: 2 })
    const search = `q=${encodeURIComponent(customer.name!)}`
    expect(await listed(search)).toEqual([])
    expect(await supervisor.get(`/customers/count?${search}`)).toEqual({ count: 0, capped: false })
    expect(await listed(`${search}&archived=true`)).toEqual([customer.id])
    expect(await profile(customer.id)).toEqual(archived)
    const restored = await supervisor.post<Customer>(`/customers/${customer.id}/restore`, { version: 2 })
    expect(restored).toMatchObject({ archivedAt: null, version: 3 })
    expect(await listed(search)).toEqual([customer.id])
  })

  test('MOD-07 archiving twice is archiving once; restoring who is not archived changes nothing', async () => {
    const archived = await archive(await add())
    expect(await archive({ ...archived, version: 1 })).toEqual(archived)
    const restore = () => supervisor.post<Customer>(`/customers/${archived.id}/restore`, { version: 2 })
    const restored = await restore()
    expect(await restore()).toEqual(restored)
    const lines = await it.process.app.db('audit_entries').where({ object_id: archived.id }).pluck('action')
    expect(lines.sort()).toEqual(['customer.archived', 'customer.created', 'customer.restored'])
  })

  test('MOD-07 of two who archive and change at once one is told', async () => {
    const customer = await add()
    const answers = await Promise.all([
      supervisor.ask('POST', `/customers/${customer.id}/archive`, { version: 1 }),
      supervisor.ask('PATCH', `/customers/${customer.id}`, { title: '经理', version: 1 }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('MOD-07 who may not archive is refused; who is outside my scope is not there', async () => {
    const own = await add(agent)
    for (const action of ['archive', 'restore']) {
      await agent.expectError('POST', `/customers/${own.id}/${action}`, { version: 1 }, 403, 'forbidden')
      await supervisor.expectError('POST', `/customers/${MISSING}/${action}`, { version: 1 }, 404, 'not_found')
      await supervisor.expectError('POST', `/customers/${own.id}/${action}`, { version: 0 }, 400, 'invalid_request')
      await supervisor.expectError('POST', `/customers/${own.id}/${action}`, { version: 1, archivedAt: null }, 400, 'invalid_request')
    }
  })
})

describe('MOD-07 who writes again is back', () => {
  test('MOD-07 a new conversation of an archived customer restores him, and the trail says why', async () => {
    const { person, conversation, id } = await served()
    await agent.post(`/conversations/${conversation.id}/close`, { reason: 'resolved' })
    await archive(await profile(id))
    await it.travel(60_000)
    await person.text('我又来了')
    await until(async () => expect((await profile(id)).archivedAt).toBeNull())
    const lines = await it.process.app.db('audit_entries').where({ object_id: id, action: 'customer.restored' })
    expect(lines).toMatchObject([{ actor_kind: 'system', context: { reason: 'wrote_again' } }])
    expect((await listed('sort=last_contact'))[0]).toBe(id)
  })

  test('MOD-07 what staff write to him does not: he has not come back', async () => {
    const { conversation, id } = await served()
    await archive(await profile(id))
    await it.travel(1000)
    await agent.reply(conversation.id, '您好')
    await agent.post(`/conversations/${conversation.id}/close`, { reason: 'resolved' })
    await until(async () => {
      const waiting = await it.process.app.db('event_deliveries').where({ listener: 'conversations.tell-contact' })
      expect(waiting).toEqual([])
    })
    expect((await profile(id)).archivedAt).not.toBeNull()
  })
})
