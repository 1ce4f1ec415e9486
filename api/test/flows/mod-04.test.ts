import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Customer, CustomerNote, CustomerSummary, TimelineEntry } from '../../contract/customer.ts'
import type { ListedEntry } from '../../contract/dictionary.ts'
import type { ListedInstitution } from '../../contract/institution.ts'
import { inTransaction, SYSTEM } from '../../core/context.ts'
import { addIdentity, createCustomer, customerByIdentity, forgetProfile, makeFormal, recordProfile } from '../../modules/customers/index.ts'
import { newAddress, type OfficialAccount, type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { until } from '../until.ts'

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
}, 60_000)
afterAll(() => it.stop())

const add = (client: StaffClient, body: object = {}) => client.post<Customer>('/customers', { name: unique('客户'), ...body })
const list = (client: StaffClient, query = '') => client.get<CustomerSummary[]>(`/customers${query}`)
const namesOf = (rows: readonly { name: string | null }[]) => rows.map(({ name }) => name)
const entry = (dictionary: string, body: object) => admin.post<ListedEntry>(`/dictionaries/${dictionary}`, body)

/** Written by a customer on WeChat, answered by this agent. */
async function servedBy(client: StaffClient) {
  const person = it.follower(official)
  await person.text('在吗')
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

describe('MOD-04 institutions', () => {
  const institution = (body: object = {}) => admin.post<ListedInstitution>('/institutions', { name: unique('机构'), ...body })

  test('MOD-04 an institution has type, region, parent, fields and people; a temporary customer becomes formal under it', async () => {
    const type = await entry('institution_type', { code: unique('type').replace('-', '_'), labelZh: '医院', labelEn: 'Hospital' })
    const parent = await institution()
    const own = await institution({ name: '云岭医院', typeId: type.id, parentId: parent.id, address: '杭州' })
    expect(own).toMatchObject({ name: '云岭医院', typeId: type.id, parent: { id: parent.id, name: parent.name }, contacts: 0 })
    const { id } = await add(agent, { name: '赵敏' })
    const formal = await agent.post<Customer>(`/customers/${id}/formal`, { institutionId: own.id, version: 1 })
    expect(formal).toMatchObject({ status: 'formal', institution: { id: own.id, name: '云岭医院' }, version: 2 })
    const withContact = await admin.patch<ListedInstitution>(`/institutions/${own.id}`, { primaryContactId: id, version: own.version })
    expect(withContact).toMatchObject({ primaryContact: { id, name: '赵敏' }, contacts: 1 })
    expect(namesOf(await list(agent, `?institutionId=${own.id}`))).toEqual(['赵敏'])
    expect(namesOf(await admin.get<ListedInstitution[]>('/institutions?q=ylyy'))).toEqual(['云岭医院'])
    expect(namesOf(await list(admin, '?q=云岭'))).toEqual(['赵敏'])
  })

  test('MOD-04 a rule may make him formal too; saying it again changes nothing', async () => {
    const { id } = await add(admin)
    const own = await institution()
    for (const version of [2, 2]) {
      const row = await inTransaction(it.process.app, SYSTEM, (ctx) =>
        makeFormal(ctx, id, { institutionId: own.id, reason: 'registration' }),
      )
      expect([row.status, row.version]).toEqual(['formal', version])
    }
  })

  test('MOD-04 one name, one institution, whoever is first', async () => {
    const name = unique('同名')
    const answers = await Promise.all([1, 2].map(() => admin.ask('POST', '/institutions', { name })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    await admin.expectError('POST', '/institutions', { name: name.toUpperCase() }, 409, 'name_taken')
  })

  test('MOD-04 two moves that would close a circle together: one is refused', async () => {
    const [a, b] = [await institution(), await institution()]
    const answers = await Promise.all([
      admin.ask('PATCH', `/institutions/${a.id}`, { parentId: b.id, version: 1 }),
      admin.ask('PATCH', `/institutions/${b.id}`, { parentId: a.id, version: 1 }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 409)?.body.error.code).toBe('institution_cycle')
  })

  test('MOD-04 one that people belong to is not archived; an archived one cannot be chosen, and its name is free', async () => {
    const own = await institution()
    const { id } = await add(admin, { institutionId: own.id })
    const archive = ['POST', `/institutions/${own.id}/archive`, { version: own.version }] as const
    expect(await admin.expectError(...archive, 409, 'institution_in_use')).toEqual({ contacts: 1, children: 0 })
    await admin.patch(`/customers/${id}`, { institutionId: null, version: 1 })
    await admin.post(`/institutions/${own.id}/archive`, { version: own.version })
    await admin.expectError('PATCH', `/customers/${id}`, { institutionId: own.id, version: 2 }, 400, 'invalid_request')
    await institution({ name: own.name })
    await admin.expectError('POST', `/institutions/${own.id}/restore`, { version: own.version + 1 }, 409, 'name_taken')
  })
})

describe('MOD-04 timeline', () => {
  test('MOD-04 conversations and notes stand in one line, newest first, page by page', async () => {
    const { person, conversation, id } = await servedBy(agent)
    const note = await agent.post<CustomerNote>(`/customers/${id}/notes`, { text: '第一次来访' })
    await agent.post(`/conversations/${conversation.id}/close`, { reason: 'resolved' })
    await person.text('又来了')
    const second = await until(async () => {
      const found = await it.conversationOf(admin, person.openId)
      if (found.id === conversation.id) throw new Error('not yet')
      return found
    })
    const all = await agent.get<TimelineEntry[]>(`/customers/${id}/timeline`)
    expect(all.map((one) => one.id)).toEqual([second.id, note.id, conversation.id])
    expect(all[2]).toMatchObject({ kind: 'conversation', state: 'closed', actor: { name: '林晓' }, facts: { closeReason: 'resolved' } })
    const pages: string[] = []
    let cursor = ''
    do {
      const { body } = await agent.ask('GET', `/customers/${id}/timeline?limit=1${cursor && `&cursor=${cursor}`}`)
      pages.push(...body.data.map((one: TimelineEntry) => one.id))
      cursor = body.nextCursor ?? ''
    } while (cursor)
    expect(pages).toEqual(all.map((one) => one.id))
    expect((await agent.get<TimelineEntry[]>(`/customers/${id}/timeline?kind=note`)).map(({ text }) => text)).toEqual(['第一次来访'])
  })

  test('MOD-04 that there was a conversation is told; its words only to who may read it', async () => {
    const { id } = await servedBy(other)
    const before = await admin.get<Customer>(`/customers/${id}`)
    await admin.patch(`/customers/${id}`, { ownerId: agent.me.id, version: before.version })
    const [entry] = await agent.get<TimelineEntry[]>(`/customers/${id}/timeline`)
    expect(entry).toMatchObject({ kind: 'conversation', text: null, facts: { readable: false } })
    await agent.expectError('GET', `/conversations/${entry!.id}`, undefined, 404, 'not_found')
  })

  test('MOD-04 a note is its author’s; who has not seen its newest words does not overwrite them', async () => {
    const { id } = await add(admin, { ownerId: agent.me.id })
    const note = await agent.post<CustomerNote>(`/customers/${id}/notes`, { text: '甲' })
    const path = `/customers/${id}/notes/${note.id}`
    await admin.expectError('PATCH', path, { text: '乙', version: 1 }, 403, 'forbidden')
    await agent.patch(path, { text: '丙', version: 1 })
    await agent.expectError('PATCH', path, { text: '丁', version: 1 }, 409, 'version_conflict')
    await agent.expectError('DELETE', `${path}?version=1`, undefined, 409, 'version_conflict')
    expect((await agent.ask('DELETE', `${path}?version=2`)).status).toBe(200)
    await agent.expectError('DELETE', `${path}?version=2`, undefined, 404, 'not_found')
  })
})

describe('MOD-04 list and search', () => {
  let tagged: string
  const of = (rows: readonly CustomerSummary[]) =>
    namesOf(rows).filter((name) => name !== null && /^(单雄信|曾国藩|张三丰|Alice Chen)$/.test(name))

  beforeAll(async () => {
    tagged = (await admin.post<{ id: string }>('/customer-tags', { name: unique('list'), color: '#2f6fed' })).id
    for (const name of ['单雄信', '曾国藩', '张三丰', 'Alice Chen']) await add(admin, { name, tagIds: [tagged], ownerId: null })
  })

  test.each([
    ['三丰', ['张三丰']],
    ['zhangsan', ['张三丰']],
    ['sanf', ['张三丰']],
    ['zsf', ['张三丰']],
    ['shanxiong', ['单雄信']],
    ['danxx', []],
    ['zgf', ['曾国藩']],
    ['alice', ['Alice Chen']],
    ['chen al', ['Alice Chen']],
    ['ＣＨＥＮ', ['Alice Chen']],
    ['%', []],
    ['_', []],
  ])('MOD-04 a search for %s finds %j', async (q, expected) => {
    expect(of(await list(admin, `?limit=100&tagsAny=${tagged}&q=${encodeURIComponent(q)}`))).toEqual(expected)
  })

  test('MOD-04 names sort by 拼音, either way, over page borders', async () => {
    const sorted = ['Alice Chen', '单雄信', '曾国藩', '张三丰']
    const walk = async (order: string) => {
      const names: (string | null)[] = []
      let cursor = ''
      do {
        const { body } = await admin.ask(
          'GET',
          `/customers?tagsAll=${tagged}&sort=name&order=${order}&limit=1${cursor && `&cursor=${cursor}`}`,
        )
        names.push(...namesOf(body.data))
        cursor = body.nextCursor ?? ''
      } while (cursor)
      return names
    }
    expect(await walk('asc')).toEqual(sorted)
    expect(await walk('desc')).toEqual([...sorted].reverse())
  })

  test('MOD-04 filters narrow together, and the count is that of the list', async () => {
    const institution = await admin.post<ListedInstitution>('/institutions', { name: unique('滤') })
    const from = new Date(Date.now() - 3_600_000).toISOString()
    const customer = await add(admin, { institutionId: institution.id, status: 'formal', tagIds: [tagged], title: '院长' })
    const query = `?status=formal&institutionId=${institution.id}&ownerId=me&tagsAll=${tagged}&createdFrom=${from}`
    expect((await list(admin, query)).map(({ id }) => id)).toEqual([customer.id])
    expect(await admin.get(`/customers/count${query}`)).toEqual({ count: 1, capped: false })
    for (const none of ['&tagsNone=' + tagged, '&channelKind=web', '&archived=true', '&lastContactFrom=' + from, '&createdUntil=' + from])
      expect([none, await list(admin, query.replace(/&createdFrom=[^&]*/, '') + none)]).toEqual([none, []])
  })

  test('MOD-04 whom a channel brought is found by name and 拼音 soon after, sorts by last contact, and filters by channel', async () => {
    const web = await it.connectWeb()
    const customer = await it.webCustomer(web.id)
    await customer.say('你好')
    await it.process.app
      .db('customers')
      .update({ name: '司马光', name_search: null })
      .where({ id: (await list(admin, '?channelKind=web'))[0]!.id })
    await until(async () => expect(namesOf(await list(admin, '?q=smg'))).toEqual(['司马光']))
    await until(async () =>
      expect((await list(admin, '?sort=last_contact&limit=1'))[0]).toMatchObject({ name: '司马光', channelKinds: ['web'] }),
    )
  })

  test.each([
    'limit=-1',
    'limit=0',
    'limit=101',
    'limit=1e9',
    'sort=name;drop table customers',
    'sort=password',
    'order=up',
    'cursor=AAAA',
    `cursor=${Buffer.from(JSON.stringify(['2026-99-99T00:00:00Z', '01930000-0000-7000-8000-0000000000ff'])).toString('base64url')}`,
    'createdFrom=2026-02-01T00:00:00Z&createdUntil=2026-01-01T00:00:00Z',
    'lastContactFrom=2026-02-01T00:00:00Z&lastContactUntil=2026-02-01T00:00:00Z',
    'createdFrom=yesterday',
    'tagsAny=1',
    'tagsAny=' + Array.from({ length: 21 }, () => '01930000-0000-7000-8000-0000000000ff').join(','),
    'fields={',
    'fields=[]',
    `fields=${encodeURIComponent('{"a\' or 1=1":"x"}')}`,
    `fields=${encodeURIComponent('{"a":{"$ne":1}}')}`,
    'status=deleted',
    "channelKind=' or '1'='1",
    'institutionId=1 or 1=1',
    'unknown=1',
  ])('S18 the list refuses ?%s', async (query) => {
    await admin.expectError('GET', `/customers?${query}`, undefined, 400, 'invalid_request')
  })

  test.each([`'`, `');drop table customers;--`, `a' | 'b`, '\\', '!!', `' & !'x`, '🙂', '(((', 'a:*b', '$1', '?'])(
    'S18 %s is a text to look for and nothing else',
    async (q) => {
      const answer = await admin.ask('GET', `/customers?q=${encodeURIComponent(q)}`, undefined, { 'x-forwarded-for': newAddress() })
      expect(answer.status).toBe(200)
      expect((await admin.ask('GET', `/institutions?q=${encodeURIComponent(q)}`)).status).toBe(200)
      expect((await admin.ask('GET', `/customer-tags?q=${encodeURIComponent(q)}`)).status).toBe(200)
    },
  )
})
