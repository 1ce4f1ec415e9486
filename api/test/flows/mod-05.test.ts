import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { AuditEntry } from '../../contract/audit.ts'
import type { BulkTagResult, Customer, CustomerSummary } from '../../contract/customer.ts'
import type { ListedTag, Tag } from '../../contract/tag.ts'
import { MAX_TAGS } from '../../contract/tag.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let agent: StaffClient

const MISSING = '01930000-0000-7000-8000-0000000000ff'

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '陈默')
  supervisor = await it.staff('supervisor', '周岚')
  agent = await it.staff('agent', '林晓')
})
afterAll(() => it.stop())

const addTag = (body: object = {}, client = supervisor) =>
  client.post<ListedTag>('/customer-tags', { name: unique('标签'), color: '#2f6fed', ...body })
const addCustomer = (client = agent, body: object = {}) => client.post<Customer>('/customers', { name: unique('客户'), ...body })
const wear = (customer: { id: string }, tags: readonly Tag[], client = agent) =>
  client.patch<Customer>(`/customers/${customer.id}/tags`, { add: tags.map(({ id }) => id) })
const found = async (client: StaffClient, query: string) =>
  (await client.get<CustomerSummary[]>(`/customers?limit=100&sort=created&order=asc&${query}`)).map(({ id }) => id)
const bulk = (client: StaffClient, body: object) => client.post<BulkTagResult>('/customers/bulk-tagging', body)
const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)

describe('MOD-05 the list of tags', () => {
  test('MOD-05 a tag is made, renamed, recoloured, counted and removed; the trail says by whom', async () => {
    const category = unique('价值')
    const tag = await addTag({ name: '重点客户', category })
    const changed = await supervisor.patch<ListedTag>(`/customer-tags/${tag.id}`, { name: '战略客户', color: '#d9480f', version: 1 })
    expect(changed).toEqual({ id: tag.id, name: '战略客户', color: '#d9480f', category, version: 2, uses: 0 })
    const customer = await addCustomer()
    expect((await wear(customer, [tag])).tags).toEqual([{ id: tag.id, name: '战略客户', color: '#d9480f', category, version: 2 }])
    expect(await agent.get(`/customer-tags?category=${encodeURIComponent(category)}`)).toEqual([{ ...changed, uses: 1 }])
    const removal = `/customer-tags/${tag.id}?version=2`
    expect(await supervisor.expectError('DELETE', removal, undefined, 409, 'tag_in_use')).toEqual({ uses: 1 })
    expect((await supervisor.ask('DELETE', `${removal}&force=true`)).status).toBe(200)
    expect((await agent.get<Customer>(`/customers/${customer.id}`)).tags).toEqual([])
    await supervisor.expectError('DELETE', removal, undefined, 404, 'not_found')
    const lines = await admin.get<{ action: string }[]>(`/audit-entries?objectKind=customer_tag&objectId=${tag.id}`)
    expect(lines.map(({ action }) => action).sort()).toEqual(['tag.changed', 'tag.created', 'tag.removed'])
  })

  test('MOD-05 one name, one tag, whoever is first; of two who change one at once one is told', async () => {
    const name = unique('同名')
    const made = await Promise.all([1, 2, 3].map(() => supervisor.ask('POST', '/customer-tags', { name, color: '#2f6fed' })))
    expect(made.map(({ status }) => status).sort()).toEqual([201, 409, 409])
    await supervisor.expectError('POST', '/customer-tags', { name: name.toUpperCase(), color: '#2f6fed' }, 409, 'name_taken')
    const tag = await addTag()
    const path = `/customer-tags/${tag.id}`
    await supervisor.expectError('PATCH', path, { name, version: 1 }, 409, 'name_taken')
    const changed = await Promise.all([1, 2].map((n) => supervisor.ask('PATCH', path, { name: unique(`改${n}`), version: 1 })))
    expect(changed.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test.each([
    { name: '', color: '#2f6fed' },
    { name: ' 空格 ', color: '#2f6fed' },
    { name: '长'.repeat(31), color: '#2f6fed' },
    { name: '色', color: 'red' },
    { name: '色', color: '#2f6fed;background:url(x)' },
    { name: '色', color: '#2f6fed', uses: 5 },
  ])('MOD-05 %j is no tag', async (body) => {
    await supervisor.expectError('POST', '/customer-tags', body, 400, 'invalid_request')
  })

  test('S24 ten thousand tags are refused: there is room for some hundred, also for those who come at once', async () => {
    const { db } = it.process.app
    const { count } = (await db('customer_tags').count('* as count').first()) as { count: string }
    const room = MAX_TAGS - Number(count)
    await db.raw(
      `insert into customer_tags (id, name, color, category) select gen_random_uuid(), '满' || n, '#ffffff', '满' from generate_series(1, ?::int) n`,
      [room - 1],
    )
    const answers = await Promise.all(
      [1, 2, 3].map(() => supervisor.ask('POST', '/customer-tags', { name: unique('末'), color: '#ffffff' })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
    expect(answers.find(({ status }) => status === 409)?.body.error).toMatchObject({ code: 'limit_reached', context: { limit: MAX_TAGS } })
    await db.raw(`delete from customer_tags where category = '满' or name like '末%'`)
  })
})

describe('MOD-05 tags on a customer', () => {
  test('MOD-05 putting on twice is putting on once; taking off what is not worn changes nothing', async () => {
    const [tag, customer] = [await addTag(), await addCustomer()]
    for (let time = 0; time < 2; time++) expect((await wear(customer, [tag])).tags).toHaveLength(1)
    for (let time = 0; time < 2; time++)
      expect((await agent.patch<Customer>(`/customers/${customer.id}/tags`, { remove: [tag.id] })).tags).toEqual([])
  })

  test('MOD-05 two who put on the same tag at once, and two who put on different ones, lose nothing', async () => {
    const [one, two, customer] = [await addTag(), await addTag(), await addCustomer()]
    const answers = await Promise.all([
      wear(customer, [one]),
      wear(customer, [one], admin),
      wear(customer, [two], supervisor),
      bulk(admin, { customers: { ids: [customer.id] }, add: [one.id, two.id] }),
    ])
    expect(answers).toHaveLength(4)
    expect(idsOf((await agent.get<Customer>(`/customers/${customer.id}`)).tags).sort()).toEqual([one.id, two.id].sort())
  })

  test('S24 a customer wears fifty at most, also when they come at once', async () => {
    const { db } = it.process.app
    const customer = await addCustomer()
    const { rows } = await db.raw(
      `with t as (insert into customer_tags (id, name, color, category) select gen_random_uuid(), '多' || n, '#ffffff', '多' from generate_series(1, 54) n returning id),
            l as (insert into customer_tag_links (customer_id, tag_id) select ?, id from t limit 49) select id from t`,
      [customer.id],
    )
    const free = (rows as Tag[]).slice(49)
    const answers = await Promise.all(free.map(({ id }) => agent.ask('PATCH', `/customers/${customer.id}/tags`, { add: [id] })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409])
    expect(await bulk(admin, { customers: { ids: [customer.id] }, add: idsOf(free) })).toMatchObject({
      matched: 1,
      full: 1,
      added: 0,
      changed: 0,
    })
  })

  test('MOD-05 a tag that is not there is named in the refusal', async () => {
    const customer = await addCustomer()
    const refused = await agent.expectError('PATCH', `/customers/${customer.id}/tags`, { add: [MISSING] }, 400, 'tag_unknown')
    expect(refused).toEqual({ ids: [MISSING] })
    await agent.expectError('PATCH', `/customers/${customer.id}/tags`, { add: ["' or 1=1"] }, 400, 'invalid_request')
  })
})

describe('MOD-05 many at once', () => {
  test('MOD-05 a selection is tagged and untagged in one run, and the result says what happened', async () => {
    const [old, fresh] = [await addTag(), await addTag()]
    const customers = [await addCustomer(), await addCustomer(), await addCustomer()]
    await wear(customers[0]!, [old, fresh])
    await wear(customers[1]!, [old])
    const run = { customers: { ids: [...idsOf(customers), MISSING] }, add: [fresh.id], remove: [old.id] }
    expect(await bulk(agent, run)).toEqual({ matched: 3, missing: 1, changed: 3, added: 2, removed: 2, full: 0 })
    const lines = await admin.get<AuditEntry[]>(`/audit-entries?action=customer.tagged&actorId=${agent.me.id}&limit=100`)
    // Each has a line of what happened to him, and of nothing else.
    const didTo = ({ id }: Customer) =>
      lines
        .filter(({ object, context }) => object.id === id && context['by'] === 'bulk')
        .map(({ context }) => [context['add'], context['remove']])
    expect(customers.map(didTo)).toEqual([[[[], [old.id]]], [[[fresh.id], [old.id]]], [[[fresh.id], []]]])
    // The same run again finds everything done.
    expect(await bulk(agent, run)).toEqual({ matched: 3, missing: 1, changed: 0, added: 0, removed: 0, full: 0 })
    expect(await found(agent, `tagsAny=${fresh.id}`)).toEqual(idsOf(customers))
  })

  test('MOD-05 all that a filter finds is tagged, within my scope alone, and only if it is what I saw', async () => {
    const [mark, tag] = [await addTag(), await addTag()]
    const mine = [await addCustomer(), await addCustomer()]
    const others = await addCustomer(supervisor)
    for (const customer of [...mine, others]) await wear(customer, [mark], supervisor)
    const filter = { tagsAll: [mark.id] }
    const refused = await agent.ask('POST', '/customers/bulk-tagging', { customers: { filter, expected: 3 }, add: [tag.id] })
    expect([refused.status, refused.body.error.context]).toEqual([409, { expected: 3, found: 2 }])
    expect(await bulk(agent, { customers: { filter, expected: 2 }, add: [tag.id] })).toMatchObject({ matched: 2, changed: 2 })
    expect(await found(supervisor, `tagsAny=${tag.id}`)).toEqual(idsOf(mine))
  })

  test('MOD-05 one who is archived is not found by a filter that does not ask for it', async () => {
    const [mark, tag, customer] = [await addTag(), await addTag(), await addCustomer()]
    await wear(customer, [mark])
    await supervisor.post(`/customers/${customer.id}/archive`, { version: 1 })
    expect(await bulk(supervisor, { customers: { filter: { tagsAny: [mark.id] } }, add: [tag.id] })).toMatchObject({ matched: 0 })
    expect(await bulk(supervisor, { customers: { filter: { tagsAny: [mark.id], archived: true } }, add: [tag.id] })).toMatchObject({
      matched: 1,
    })
  })

  test('S24 a run over more than five thousand is refused and does nothing', async () => {
    const [mark, tag] = [await addTag(), await addTag()]
    await it.process.app.db.raw(
      `with c as (insert into customers (id, name, name_search) select gen_random_uuid(), 'many', '' from generate_series(1, 5001) returning id)
       insert into customer_tag_links (customer_id, tag_id) select id, ? from c`,
      [mark.id],
    )
    const filter = { tagsAny: [mark.id] }
    const refused = await supervisor.expectError(
      'POST',
      '/customers/bulk-tagging',
      { customers: { filter }, add: [tag.id] },
      400,
      'selection_too_large',
    )
    expect(refused).toEqual({ limit: 5000 })
    const ids = Array.from({ length: 5001 }, (_, n) => `01930000-0000-7000-8000-${String(n).padStart(12, '0')}`)
    await supervisor.expectError('POST', '/customers/bulk-tagging', { customers: { ids }, add: [tag.id] }, 400, 'invalid_request')
    expect(await found(supervisor, `tagsAny=${tag.id}`)).toEqual([])
    expect(await supervisor.get(`/customers/count?tagsAny=${mark.id}`)).toEqual({ count: 5001, capped: false })
  })

  test('MOD-05 a run that contradicts itself or names nobody is refused', async () => {
    const tag = await addTag()
    const customer = await addCustomer()
    for (const body of [
      { customers: { ids: [customer.id] }, add: [tag.id], remove: [tag.id] },
      { customers: { ids: [] }, add: [tag.id] },
      { customers: {}, add: [tag.id] },
      { customers: { ids: [customer.id], filter: {} }, add: [tag.id] },
      { customers: { filter: { createdFrom: '2026-02-01T00:00:00Z', createdUntil: '2026-01-01T00:00:00Z' } }, add: [tag.id] },
      { customers: { filter: { sql: '1=1' } }, add: [tag.id] },
    ])
      await agent.expectError('POST', '/customers/bulk-tagging', body, 400, 'invalid_request')
  })
})

describe('MOD-05 filtering by tags', () => {
  test('MOD-05 any of, all of and none of tags, together with one another', async () => {
    const [a, b, c, mark] = [await addTag(), await addTag(), await addTag(), await addTag()]
    const [ab, bc, none] = [await addCustomer(), await addCustomer(), await addCustomer()]
    await wear(ab, [a, b, mark])
    await wear(bc, [b, c, mark])
    await wear(none, [mark])
    const all = `tagsAll=${mark.id}`
    expect(await found(agent, `${all}&tagsAny=${a.id},${c.id}`)).toEqual([ab.id, bc.id])
    expect(await found(agent, `tagsAll=${mark.id},${b.id},${c.id}`)).toEqual([bc.id])
    expect(await found(agent, `${all}&tagsNone=${a.id}`)).toEqual([bc.id, none.id])
    expect(await found(agent, `${all}&tagsNone=${b.id},${c.id}`)).toEqual([none.id])
    expect(await found(agent, `${all}&tagsAny=${a.id}&tagsNone=${b.id}`)).toEqual([])
    expect(await found(agent, `tagsAny=${MISSING}`)).toEqual([])
  })
})
