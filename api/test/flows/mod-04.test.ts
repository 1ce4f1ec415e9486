import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Customer, CustomerSummary } from '../../contract/customer.ts'
import type { ListedEntry } from '../../contract/dictionary.ts'
import { inTransaction, SYSTEM } from '../../core/context.ts'
import { addIdentity, createCustomer, customerByIdentity, forgetProfile, makeFormal, recordProfile } from '../../modules/customers/index.ts'
import { type OfficialAccount, type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let agent: StaffClient
let other: StaffClient
let official: OfficialAccount

const MISSING = '01930000-0000-7000-8000-0000000000ff'
let lastPhone = 0
const newPhone = () => `+861380013${String(++lastPhone).padStart(4, '0')}`

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '陈默')
  supervisor = await it.staff('supervisor', '周岚')
  agent = await it.staff('agent', '林晓')
  other = await it.staff('agent', '王可')
  official = await it.connectOfficial()
})
afterAll(() => it.stop())

const add = (client: StaffClient, body: object = {}) => client.post<Customer>('/customers', { name: unique('客户'), ...body })
const list = (client: StaffClient, query = '') => client.get<CustomerSummary[]>(`/customers${query}`)
const namesOf = (rows: readonly { name: string | null }[]) => rows.map(({ name }) => name)
const entry = (dictionary: string, body: object) => admin.post<ListedEntry>(`/dictionaries/${dictionary}`, body)

/** Written by a customer on WeChat, answered by this agent. */
async function servedBy(client: StaffClient) {
  const person = it.follower(official)
  await person.text('在吗')
  // The platform is asked who he is, which makes another version of him.
  await it.process.idle()
  const conversation = await it.conversationOf(admin, person.openId)
  await client.post(`/conversations/${conversation.id}/accept`)
  return { person, conversation, id: conversation.customer.id }
}

describe('MOD-04 people', () => {
  test('MOD-04 a customer entered by hand is mine, has what was entered, and his phone is masked', async () => {
    const level = await entry('customer_level', { code: unique('level').replace('-', '_'), labelZh: '钻石', labelEn: 'Diamond' })
    const customer = await add(agent, {
      name: ' 许静 ',
      title: '采购经理',
      phone: '138 0013 8000',
      levelId: level.id,
      note: '只接受下午来电',
    })
    expect(customer).toMatchObject({
      name: '许静',
      title: '采购经理',
      status: 'temporary',
      owner: { id: agent.me.id, name: '林晓' },
      levelId: level.id,
      note: '只接受下午来电',
      version: 1,
    })
    expect(customer.identities).toMatchObject([
      { kind: 'phone', masked: '+86 138****8000', evidence: { source: 'staff' }, verifiedAt: null },
    ])
    expect(JSON.stringify(customer)).not.toContain('13800138000')
    expect(await agent.get(`/customers/${customer.id}`)).toEqual(customer)
  })

  test('MOD-04 custom fields follow the dictionary: kept, replaced one by one, removed by null, refused where they do not fit', async () => {
    const code = unique('contract').replace('-', '_')
    await entry('customer_field', {
      code,
      labelZh: '合同',
      labelEn: 'Contract',
      field: { type: 'select', required: false, choices: [{ value: 'yearly', labelZh: '年', labelEn: 'Yearly' }] },
    })
    const customer = await add(agent, { fields: { [code]: 'yearly' } })
    expect(customer.fields).toEqual({ [code]: 'yearly' })
    const patch = (fields: object) => ['PATCH', `/customers/${customer.id}`, { fields, version: customer.version }] as const
    await agent.expectError(...patch({ [code]: 'daily' }), 400, 'field_invalid')
    await agent.expectError(...patch({ unknown: 1 }), 400, 'field_invalid')
    expect(namesOf(await list(agent, `?fields=${encodeURIComponent(JSON.stringify({ [code]: 'yearly' }))}`))).toEqual([customer.name])
    expect(await agent.patch(`/customers/${customer.id}`, { fields: { [code]: null }, version: 1 })).toMatchObject({
      fields: {},
      version: 2,
    })
  })

  test('MOD-04 of two who change a customer at once one is told; the other’s words stand', async () => {
    const { id } = await add(admin)
    const answers = await Promise.all([
      admin.ask('PATCH', `/customers/${id}`, { title: '经理', version: 1 }),
      supervisor.ask('PATCH', `/customers/${id}`, { title: '总监', version: 1 }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const lost = answers.find(({ status }) => status === 409)
    expect(lost?.body.error).toMatchObject({ code: 'version_conflict', context: { version: 2 } })
    const won = answers.find(({ status }) => status === 200)
    expect((await admin.get<Customer>(`/customers/${id}`)).title).toBe(won?.body.data.title)
    // The same request again: the version it was made for is gone.
    await admin.expectError('PATCH', `/customers/${id}`, { title: '经理', version: 1 }, 409, 'version_conflict')
  })

  test('MOD-04 a remark name still reaches the workbench’s lists', async () => {
    const { id, conversation } = await servedBy(agent)
    const before = await agent.get<Customer>(`/customers/${id}`)
    await agent.patch(`/customers/${id}`, { remarkName: '赵敏（远山科技）', version: before.version })
    expect((await agent.conversation(conversation.id)).customer.name).toBe('赵敏（远山科技）')
  })

  test('MOD-04 what a customer refers to must be there and choosable', async () => {
    for (const field of ['institutionId', 'ownerId'] as const)
      expect(await admin.expectError('POST', '/customers', { name: '甲', [field]: MISSING }, 400, 'invalid_request')).toMatchObject({
        issues: [{ path: field }],
      })
    await admin.expectError('POST', '/customers', { name: '甲', levelId: MISSING }, 400, 'entry_unknown')
    const region = await entry('region', { code: unique('region').replace('-', '_'), labelZh: '华东', labelEn: 'East' })
    await admin.expectError('POST', '/customers', { name: '甲', levelId: region.id }, 400, 'entry_unknown')
    await admin.patch(`/dictionaries/region/${region.id}`, { disabled: true, version: region.version })
    await admin.expectError('POST', '/customers', { name: '甲', regionId: region.id }, 400, 'entry_disabled')
  })

  test('S17 what is not for callers to set is refused', async () => {
    for (const key of ['id', 'version', 'createdAt', 'archivedAt', 'mergedIntoId', 'constructor'])
      await admin.expectError('POST', '/customers', `{"name":"甲","${key}":{"a":1}}`, 400, 'invalid_request')
    await admin.expectError('POST', '/customers', '{"name":"甲","__proto__":{"a":1}}', 400, 'malformed_json')
    const { id } = await add(admin)
    await admin.expectError('PATCH', `/customers/${id}`, { status: 'formal', version: 1 }, 400, 'invalid_request')
  })
})

describe('MOD-04 who sees whom', () => {
  test('S1 somebody else’s customer is not there: not by id, not in lists, searches, counts, bulk runs', async () => {
    const mine = await add(other, { name: '欧阳别人', phone: newPhone() })
    const phone = mine.identities[0]!.id
    const attempts: [Parameters<StaffClient['ask']>[0], string, object?][] = [
      ['GET', ''],
      ['PATCH', '', { title: '甲', version: 1 }],
      ['GET', '/timeline'],
      ['POST', '/formal', { version: 1 }],
      ['PATCH', '/tags', { add: [], remove: [] }],
      ['POST', '/notes', { text: '甲' }],
      ['POST', '/phones', { phone: newPhone() }],
      ['DELETE', `/phones/${phone}`],
    ]
    for (const [method, path, body] of attempts) {
      const hidden = await agent.ask(method, `/customers/${mine.id}${path}`, body)
      const missing = await agent.ask(method, `/customers/${MISSING}${path}`, body)
      expect([path, hidden.status, hidden.body]).toEqual([path, 404, missing.body])
    }
    expect(await list(agent, '?q=欧阳别人')).toEqual([])
    expect(await list(other, '?q=欧阳别人')).toHaveLength(1)
    expect(await agent.get('/customers/count?q=ouyangbieren')).toEqual({ count: 0, capped: false })
    expect(await agent.post('/customers/bulk-tagging', { customers: { ids: [mine.id] } })).toMatchObject({ matched: 0, missing: 1 })
    expect((await list(supervisor, '?q=欧阳别人')).length).toBe(1)
  })

  test('MOD-04 an agent sees whom he serves, who waits in the queue, and whose regular agent he is', async () => {
    const served = await servedBy(agent)
    const waiting = it.follower(official)
    await waiting.text('有人吗')
    const queued = (await it.conversationOf(admin, waiting.openId)).customer.id
    const regular = await add(admin, { ownerId: agent.me.id })
    const seen = (await list(agent, '?limit=100')).map(({ id }) => id)
    expect(seen).toEqual(expect.arrayContaining([served.id, queued, regular.id]))
    await other.post(`/conversations/${(await it.conversationOf(admin, waiting.openId)).id}/accept`)
    await agent.expectError('GET', `/customers/${queued}`, undefined, 404, 'not_found')
    await agent.post(`/conversations/${served.conversation.id}/close`, { reason: 'resolved' })
    expect((await agent.get<Customer>(`/customers/${served.id}`)).id).toBe(served.id)
  })

  test('MOD-04 what needs a permission is refused without it', async () => {
    const customer = await add(agent, { phone: newPhone() })
    const phone = customer.identities[0]!.id
    await agent.expectError('POST', `/customers/${customer.id}/phones/${phone}/reveal`, undefined, 403, 'forbidden')
    await agent.expectError('POST', `/customers/${customer.id}/archive`, { version: 1 }, 403, 'forbidden')
    await agent.expectError('POST', '/customer-tags', { name: '甲', color: '#ffffff' }, 403, 'forbidden')
    await agent.expectError('POST', '/institutions', { name: '甲' }, 403, 'forbidden')
    await it.anonymous().expectError('GET', '/customers', undefined, 401, 'unauthenticated')
  })
})

describe('MOD-04 phone numbers', () => {
  test('MOD-04 the whole number is told to who may, one at a time, and each time stands in the trail', async () => {
    const phone = newPhone()
    const customer = await add(supervisor, { phone })
    const identity = customer.identities[0]!.id
    const path = `/customers/${customer.id}/phones/${identity}/reveal`
    expect(await supervisor.post(path)).toEqual({ value: phone })
    expect(await supervisor.post(path)).toEqual({ value: phone })
    const lines = await admin.get<{ action: string; actor: { id: string }; context: object }[]>(
      `/audit-entries?objectKind=customer&objectId=${customer.id}&action=customer.phone_read`,
    )
    expect(lines.map(({ actor }) => actor.id)).toEqual([supervisor.me.id, supervisor.me.id])
    expect(JSON.stringify(lines)).not.toContain(phone.slice(-8))
    await supervisor.expectError('POST', `/customers/${customer.id}/phones/${MISSING}/reveal`, undefined, 404, 'not_found')
  })

  test('MOD-04 a channel’s id is no phone: it cannot be revealed', async () => {
    const { id } = await servedBy(agent)
    const [identity] = (await admin.get<Customer>(`/customers/${id}`)).identities
    await admin.expectError('POST', `/customers/${id}/phones/${identity!.id}/reveal`, undefined, 404, 'not_found')
  })

  test('MOD-04 one number belongs to one customer, even when two enter it at once', async () => {
    const phone = newPhone()
    const answers = await Promise.all([1, 2, 3].map(() => admin.ask('POST', '/customers', { name: '同号', phone })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
    const holder = answers.find(({ status }) => status === 201)?.body.data.id
    expect(answers.find(({ status }) => status === 409)?.body.error).toMatchObject({ code: 'phone_taken', context: { customerId: holder } })
    // Whom one may not see is not named.
    expect(await agent.expectError('POST', '/customers', { name: '同号', phone }, 409, 'phone_taken')).toEqual({ customerId: null })
    expect((await list(admin, `?q=${phone.slice(-4)}`)).map(({ id }) => id)).toEqual([holder])
  })

  test('MOD-04 numbers are added and removed; what is none is refused and not repeated; ten are enough', async () => {
    const { id } = await add(agent)
    const with1 = await agent.post<Customer>(`/customers/${id}/phones`, { phone: '+852 9123 4567' })
    expect(with1.identities).toMatchObject([{ masked: expect.stringMatching(/^\+852 9\*+/) }])
    const refused = await agent.ask('POST', `/customers/${id}/phones`, { phone: '12345' })
    expect([refused.status, refused.body.error.code]).toEqual([400, 'phone_invalid'])
    const removed = await agent.ask('DELETE', `/customers/${id}/phones/${with1.identities[0]!.id}`)
    expect(removed.body.data.identities).toEqual([])
    for (let count = 0; count < 10; count++) await agent.post(`/customers/${id}/phones`, { phone: newPhone() })
    await agent.expectError('POST', `/customers/${id}/phones`, { phone: newPhone() }, 409, 'limit_reached')
    expect((await agent.get<Customer>(`/customers/${id}`)).identities).toHaveLength(10)
  })

  test('MOD-04 a strong key answers who has it, and what was only said becomes proven', async () => {
    const { app } = it.process
    const phone = newPhone()
    const said = { kind: 'phone' as const, value: phone, evidence: { source: 'staff' }, verified: false }
    const [one, two] = await inTransaction(app, SYSTEM, async (ctx) => [
      await createCustomer(ctx, { name: '甲', identities: [said] }),
      await createCustomer(ctx, { name: '乙' }),
    ])
    await inTransaction(app, SYSTEM, async (ctx) => {
      expect(await customerByIdentity(ctx, 'phone', phone)).toBe(one.id)
      expect(await addIdentity(ctx, two.id, { ...said, verified: true })).toMatchObject({ customerId: one.id, added: false })
      expect(await addIdentity(ctx, one.id, { ...said, evidence: { source: 'sms_code' }, verified: true })).toMatchObject({ added: false })
    })
    const [identity] = (await admin.get<Customer>(`/customers/${one.id}`)).identities
    expect(identity).toMatchObject({ evidence: { source: 'sms_code' }, verifiedAt: expect.any(String) })
  })

  test('MOD-04 a nickname names who has no other name, and takes the place of none that was given', async () => {
    const { app } = it.process
    const key = { kind: 'unionid' as const, value: unique('union'), evidence: { source: 'channel' }, verified: true }
    const { id } = await inTransaction(app, SYSTEM, (ctx) => createCustomer(ctx, { name: null, identities: [key] }))
    const [edge] = (await admin.get<Customer>(`/customers/${id}`)).identities
    await recordProfile(app, edge!.id, { name: '新昵称' })
    expect((await admin.get<Customer>(`/customers/${id}`)).name).toBe('新昵称')
    await inTransaction(app, SYSTEM, (ctx) => makeFormal(ctx, id, { reason: 'test' }))
    await admin.patch(`/customers/${id}`, { name: '沈知行', version: (await admin.get<Customer>(`/customers/${id}`)).version })
    await recordProfile(app, edge!.id, { name: '又换昵称' })
    await forgetProfile(app.db, edge!.id)
    expect((await admin.get<Customer>(`/customers/${id}`)).name).toBe('沈知行')
  })

  test('S21 no number stands in the log', async () => {
    const phone = newPhone()
    await add(admin, { phone })
    await admin.ask('GET', `/customers?q=${encodeURIComponent(phone)}`)
    expect(it.log.length).toBeGreaterThan(0)
    expect(it.log.filter((line) => line.includes(phone.slice(3)))).toEqual([])
  })
})
