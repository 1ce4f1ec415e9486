import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Customer, CustomerSummary } from '../../contract/customer.ts'
import type { Segment, SegmentField, SegmentNode } from '../../contract/segment.ts'
import { inTransaction, SYSTEM } from '../../core/context.ts'
import { segmentMembers } from '../../modules/segments/index.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let agent: StaffClient
let web: { id: string }
/** Ids of dictionary entries and the like, by a name of this test. */
const known: Record<string, string> = {}
let people: Record<'zhao' | 'qian' | 'sun' | 'li', string>

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  supervisor = await it.staff('supervisor')
  agent = await it.staff('agent')
  web = await it.connectWeb()
  for (const [dictionary, code] of [
    ['customer_level', 'gold'],
    ['region', 'north'],
    ['institution_type', 'clinic'],
  ] as const)
    known[code] = (
      await admin.post<{ id: string }>(`/dictionaries/${dictionary}`, {
        code: unique(code).replace('-', '_'),
        labelZh: code,
        labelEn: code,
      })
    ).id
  await admin.post('/dictionaries/customer_field', {
    code: 'seats',
    labelZh: '席位数',
    labelEn: 'Seats',
    field: { type: 'number', required: false, choices: [] },
  })
  await admin.post('/dictionaries/customer_field', {
    code: 'renewal',
    labelZh: '续费日',
    labelEn: 'Renewal',
    field: { type: 'date', required: false, choices: [] },
  })
  known.institution = (
    await admin.post<{ id: string }>('/institutions', { name: unique('远山医院'), typeId: known.clinic, regionId: known.north })
  ).id
  known.tag = (await admin.post<{ id: string }>('/customer-tags', { name: unique('重点'), color: '#c0392b' })).id
  const add = async (body: object) => (await admin.post<Customer>('/customers', body)).id
  people = {
    zhao: await add({ name: '赵敏', title: '行政主管', levelId: known.gold, status: 'formal', tagIds: [known.tag], fields: { seats: 50 } }),
    qian: await add({ name: '钱进', institutionId: known.institution, status: 'formal', fields: { seats: 5, renewal: '2026-01-31' } }),
    sun: await add({ name: '孙悦 100%', regionId: known.north, phone: '13800138000', ownerId: null }),
    li: await visitor(),
  }
})
afterAll(() => it.stop())

async function visitor(): Promise<string> {
  const page = await it.webCustomer(web.id)
  await page.say('在吗')
  const { conversation } = await page.history()
  return (await admin.conversation(conversation?.id ?? '')).customer.id
}

type Preview = { count: number; capped: boolean; sample: CustomerSummary[] }
const preview = (definition: SegmentNode, reader = admin) => reader.post<Preview>('/segments/preview', { definition })
const found = async (definition: SegmentNode) => {
  const { count, sample } = await preview(definition)
  expect(count).toBe(sample.length)
  expect(await admin.post('/segments/count', { definition })).toEqual({ count, capped: false })
  const names = Object.entries(people)
  return sample.map(({ id }) => names.find(([, known]) => known === id)?.[0] ?? id).sort()
}
const save = (definition: SegmentNode, name = unique('分群')) => admin.post<Segment>('/segments', { name, definition })

describe('MOD-06 conditions', () => {
  test.each<[string, () => SegmentNode, string[]]>([
    ['a tag', () => ({ field: 'tags', op: 'any_of', values: [known.tag!] }), ['zhao']],
    ['no tag', () => ({ field: 'tags', op: 'empty' }), ['li', 'qian', 'sun']],
    ['not this tag', () => ({ field: 'tags', op: 'none_of', values: [known.tag!] }), ['li', 'qian', 'sun']],
    ['a level', () => ({ field: 'level', op: 'any_of', values: [known.gold!] }), ['zhao']],
    ['another level, or none', () => ({ field: 'level', op: 'none_of', values: [known.gold!] }), ['li', 'qian', 'sun']],
    ['an institution', () => ({ field: 'institution', op: 'any_of', values: [known.institution!] }), ['qian']],
    ['a type of institution', () => ({ field: 'institutionType', op: 'any_of', values: [known.clinic!] }), ['qian']],
    ['a region, one’s own or that of the institution', () => ({ field: 'region', op: 'any_of', values: [known.north!] }), ['qian', 'sun']],
    ['not in a region', () => ({ not: { field: 'region', op: 'any_of', values: [known.north!] } }), ['li', 'zhao']],
    ['a part of the name, by pinyin', () => ({ field: 'name', op: 'contains', text: 'qianj' }), ['qian']],
    ['a part of the title', () => ({ field: 'title', op: 'contains', text: '主管' }), ['zhao']],
    ['a phone', () => ({ field: 'phone', op: 'not_empty' }), ['sun']],
    ['a regular agent', () => ({ field: 'owner', op: 'any_of', values: [admin.me.id] }), ['qian', 'zhao']],
    ['a channel', () => ({ field: 'channels', op: 'any_of', values: ['web'] }), ['li']],
    ['lately in touch', () => ({ field: 'conversations.count', op: 'at_least', number: 1, days: 7 }), ['li']],
    ['never in touch', () => ({ field: 'conversations.count', op: 'at_most', number: 0 }), ['qian', 'sun', 'zhao']],
    ['new', () => ({ field: 'createdAt', op: 'within_days', days: 1 }), ['li', 'qian', 'sun', 'zhao']],
    ['before a day', () => ({ field: 'createdAt', op: 'before', time: '2020-01-01' }), []],
    ['a custom number', () => ({ field: 'fields.seats', op: 'at_least', number: 10 }), ['zhao']],
    ['a custom number, exactly', () => ({ field: 'fields.seats', op: 'is', value: 5 }), ['qian']],
    ['a custom day', () => ({ field: 'fields.renewal', op: 'before', time: '2026-02-01' }), ['qian']],
    ['everybody', () => ({ all: [] }), ['li', 'qian', 'sun', 'zhao']],
    ['nobody', () => ({ any: [] }), []],
  ])('MOD-06 finds customers by %s', async (_, definition, expected) => {
    expect(await found(definition())).toEqual(expected)
  })

  test('MOD-06 all, any and not go together, and finds the same whichever way it is asked', async () => {
    const gold: SegmentNode = { field: 'level', op: 'any_of', values: [known.gold!] }
    const north: SegmentNode = { field: 'region', op: 'any_of', values: [known.north!] }
    const formal: SegmentNode = { field: 'status', op: 'any_of', values: ['formal'] }
    expect(await found({ all: [formal, { any: [gold, north] }] })).toEqual(['qian', 'zhao'])
    expect(await found({ all: [formal, { not: { any: [gold, north] } }] })).toEqual([])
    expect(await found({ not: { all: [formal, { not: gold }] } })).toEqual(['li', 'sun', 'zhao'])
    expect(await found({ any: [{ not: formal }, { all: [gold, formal] }] })).toEqual(['li', 'sun', 'zhao'])
  })

  test('MOD-06 the builder is told every field with its operators and values, custom ones too', async () => {
    const fields = await agent.get<SegmentField[]>('/segment-fields')
    expect(fields.find(({ field }) => field === 'level')).toMatchObject({ choices: { from: 'dictionary', dictionary: 'customer_level' } })
    expect(fields.find(({ field }) => field === 'fields.seats')).toMatchObject({ label: { zh: '席位数' }, type: 'number', group: 'custom' })
    expect(fields.find(({ field }) => field === 'conversations.count')).toMatchObject({ ops: ['at_least', 'at_most'] })
  })
})

describe('MOD-06 saved segments', () => {
  test('a segment is saved, changed, counted and listed, always of now', async () => {
    const segment = await save({ field: 'status', op: 'any_of', values: ['formal'] })
    expect(segment).toMatchObject({ createdBy: { id: admin.me.id }, version: 1 })
    expect(await admin.get(`/segments/${segment.id}/count`)).toEqual({ count: 2, capped: false })
    const first = await admin.ask('GET', `/segments/${segment.id}/members?limit=1`)
    const second = await admin.ask('GET', `/segments/${segment.id}/members?limit=1&cursor=${first.body.nextCursor}`)
    expect([first, second].map(({ body }) => body.data[0].id)).toEqual([people.qian, people.zhao])
    expect(second.body.nextCursor).toBeNull()
    const zhao = await admin.get<Customer>(`/customers/${people.zhao}`)
    await admin.post(`/customers/${people.zhao}/archive`, { version: zhao.version })
    expect(await admin.get(`/segments/${segment.id}/count`)).toEqual({ count: 1, capped: false })
    await admin.post(`/customers/${people.zhao}/restore`, { version: zhao.version + 1 })
    const changed = await admin.patch<Segment>(`/segments/${segment.id}`, { definition: { field: 'phone', op: 'not_empty' }, version: 1 })
    expect(changed).toMatchObject({ version: 2, name: segment.name })
    expect(await admin.get(`/segments/${segment.id}/count`)).toEqual({ count: 1, capped: false })
    expect((await admin.get<Segment[]>(`/segments?q=${encodeURIComponent(segment.name)}`)).map(({ id }) => id)).toEqual([segment.id])
    await admin.ask('DELETE', `/segments/${segment.id}?version=2`)
    await admin.expectError('GET', `/segments/${segment.id}`, undefined, 404, 'not_found')
  })

  test('later modules walk through all members in batches', async () => {
    const { id } = await save({ field: 'status', op: 'any_of', values: ['formal'] })
    const ids = await inTransaction(it.process.app, SYSTEM, async (ctx) => {
      const all: string[] = []
      for await (const batch of segmentMembers(ctx, id)) all.push(...batch)
      return all
    })
    expect(ids.sort()).toEqual([people.zhao, people.qian].sort())
  })

  test('a reader counts and sees only whom he may see', async () => {
    const everybody: SegmentNode = { all: [] }
    expect(await preview(everybody, supervisor)).toMatchObject({ count: 4 })
    expect(await preview(everybody, agent)).toMatchObject({ count: expect.any(Number) })
    const owner = await it.staff('agent')
    const sun = await admin.get<Customer>(`/customers/${people.sun}`)
    await admin.patch(`/customers/${people.sun}`, { ownerId: owner.me.id, version: sun.version })
    const mine = await preview({ field: 'phone', op: 'not_empty' }, owner)
    expect(mine).toMatchObject({ count: 1, sample: [{ id: people.sun, phone: '+86 138****8000' }] })
    expect(await preview({ field: 'status', op: 'any_of', values: ['formal'] }, owner)).toMatchObject({ count: 0, sample: [] })
  })

  test('an entry that a segment asks about is in use', async () => {
    await save({ field: 'level', op: 'any_of', values: [known.gold!] })
    const entries = await admin.get<{ id: string; version: number; uses: number }[]>('/dictionaries/customer_level?uses=true')
    expect(entries.find(({ id }) => id === known.gold)?.uses).toBeGreaterThanOrEqual(2)
  })
})

describe('MOD-06 refusals', () => {
  test('an agent may look and count, but not save, change or delete', async () => {
    const { id } = await save({ all: [] })
    expect(await agent.get(`/segments/${id}`)).toMatchObject({ id })
    await agent.expectError('POST', '/segments', { name: 'x', definition: { all: [] } }, 403, 'forbidden')
    await agent.expectError('PATCH', `/segments/${id}`, { name: 'x', version: 1 }, 403, 'forbidden')
    await agent.expectError('DELETE', `/segments/${id}?version=1`, undefined, 403, 'forbidden')
    await it.anonymous().expectError('GET', '/segments', undefined, 401, 'unauthenticated')
  })

  test('S18 nothing in a condition becomes SQL: unknown fields, operators and values are refused, the rest are only values', async () => {
    const refused = (definition: unknown, code: 'invalid_request' | 'segment_invalid') =>
      admin.expectError('POST', '/segments/preview', { definition }, 400, code)
    expect(await refused({ field: 'password', op: 'is', value: 1 }, 'segment_invalid')).toEqual({
      field: 'password',
      reason: 'unknown_field',
    })
    expect(await refused({ field: 'level', op: 'contains', text: 'x' }, 'segment_invalid')).toEqual({ field: 'level', reason: 'op' })
    expect(await refused({ field: 'level', op: 'any_of', values: ["' or 1=1 --"] }, 'segment_invalid')).toEqual({
      field: 'level',
      reason: 'value',
    })
    await refused({ field: 'conversations.count', op: 'at_least', number: 1.5 }, 'segment_invalid')
    await refused({ field: 'c.id; drop table customers --', op: 'empty' }, 'invalid_request')
    await refused({ field: 'name', op: 'is', value: 'a\u0000' }, 'invalid_request')
    await refused({ all: [], any: [] }, 'invalid_request')
    await refused({ field: 'fields.__proto__', op: 'empty' }, 'segment_invalid')
    expect(await found({ field: 'title', op: 'contains', text: '%' })).toEqual([])
    expect(await found({ field: 'title', op: 'is', value: "' or '1'='1" })).toEqual([])
    expect(await found({ field: 'channels', op: 'any_of', values: ["web') or true --"] })).toEqual([])
  })

  test('S18 a cursor that we did not make is refused by every list, never asked of the database', async () => {
    const lists = ['segments', 'customer-imports', 'merge-suggestions', 'audit-entries', 'notifications', 'registration-links', 'customers']
    const cursorOf = (key: unknown) => Buffer.from(JSON.stringify([key, '01930000-0000-7000-8000-000000000001'])).toString('base64url')
    for (const list of lists)
      for (const key of ['yesterday', '2026-13-45T00:00:00Z', `' or 1=1 --`, 'a\u0000', 7])
        await admin.expectError('GET', `/${list}?cursor=${cursorOf(key)}`, undefined, 400, 'invalid_request')
  })

  test('a definition of any depth or size is refused, not run', async () => {
    let deep: SegmentNode = { all: [] }
    for (let level = 0; level < 200; level += 1) deep = { not: deep }
    const wide: SegmentNode = { any: Array.from({ length: 31 }, () => ({ field: 'phone', op: 'empty' })) }
    for (const definition of [deep, wide, { all: [wide] }, null, [], 'all', {}, { all: {} }])
      await admin.expectError('POST', '/segments/preview', { definition }, 400, 'invalid_request')
  })

  test('MOD-05 a tag that a segment asks for stays, meant or not, until the segment asks no more', async () => {
    const tag = await admin.post<{ id: string }>('/customer-tags', { name: unique('续约'), color: '#c0392b' })
    const name = unique('续约客户')
    const segment = await save({ all: [{ not: { field: 'tags', op: 'any_of', values: [tag.id] } }] }, name)
    for (const force of ['false', 'true']) {
      const refused = await admin.expectError(
        'DELETE',
        `/customer-tags/${tag.id}?version=1&force=${force}`,
        undefined,
        409,
        'tag_asked_for',
      )
      expect(refused).toEqual({ names: name })
    }
    expect((await admin.ask('DELETE', `/segments/${segment.id}?version=1`)).status).toBe(200)
    expect((await admin.ask('DELETE', `/customer-tags/${tag.id}?version=1`)).status).toBe(200)
  })

  test('of two who save the same name, or change the same segment at once, one is told', async () => {
    const name = unique('同名')
    const saves = await Promise.all([1, 2, 3].map(() => admin.ask('POST', '/segments', { name, definition: { all: [] } })))
    expect(saves.map(({ status }) => status).sort()).toEqual([201, 409, 409])
    const { id } = saves.find(({ status }) => status === 201)!.body.data as Segment
    const changes = await Promise.all(['a', 'b'].map((description) => admin.ask('PATCH', `/segments/${id}`, { description, version: 1 })))
    expect(changes.map(({ status }) => status).sort()).toEqual([200, 409])
  })
})
