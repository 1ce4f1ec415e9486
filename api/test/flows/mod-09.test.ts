import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import ExcelJS from 'exceljs'
import type { AuditEntry } from '../../contract/audit.ts'
import type { DictionaryEntry } from '../../contract/dictionary.ts'
import { inTransaction, SYSTEM } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { record } from '../../modules/audit/index.ts'
import { newAddress, type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { ApiClient } from '../api-client.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '陈静')
  agent = await it.staff('agent', '林晓')
})
afterAll(() => it.stop())

const lines = (query: string, reader = admin) => reader.get<AuditEntry[]>(`/audit-entries?${query}`)
const addSkill = () =>
  admin.post<DictionaryEntry>('/dictionaries/skill', { code: unique('skill').replace('-', '_'), labelZh: '谈判', labelEn: 'Negotiation' })
const write = (id: string, more: object = {}) =>
  inTransaction(it.process.app, SYSTEM, (ctx) => record(ctx, { action: 'test.written', object: { kind: 'thing', id }, ...more }))

describe('MOD-09 who, when, what, from where', () => {
  test('MOD-09 a change leaves one line with both sides, the actor’s name of that time and where he came from', async () => {
    const skill = await addSkill()
    await admin.ask('PATCH', `/dictionaries/skill/${skill.id}`, { labelZh: '谈判技巧', version: 1 }, { 'user-agent': 'the test browser' })
    const [changed, created, ...more] = await lines(`objectId=${skill.id}`)
    expect(more).toEqual([])
    expect(created).toMatchObject({ action: 'dictionary.entry_created', after: { labelZh: '谈判' } })
    expect(changed).toMatchObject({
      action: 'dictionary.entry_changed',
      actor: { kind: 'staff', id: admin.me.id, name: '陈静' },
      object: { kind: 'dictionary_entry', id: skill.id },
      before: { labelZh: '谈判' },
      after: { labelZh: '谈判技巧' },
      ip: admin.headers['x-forwarded-for'],
      userAgent: 'the test browser',
    })
    expect(Math.abs(Date.parse(changed!.occurredAt) - it.now())).toBeLessThan(60_000)
  })

  test('MOD-09 what is undone leaves no line', async () => {
    const id = newId()
    const failing = inTransaction(it.process.app, SYSTEM, async (ctx) => {
      await record(ctx, { action: 'test.written', object: { kind: 'thing', id } })
      throw new Error('undone')
    })
    await expect(failing).rejects.toThrow('undone')
    expect(await lines(`objectId=${id}`)).toEqual([])
  })

  test('MOD-09 S21 phone numbers and secrets that slipped into a line are masked', async () => {
    const id = newId()
    await write(id, {
      before: { phone: '+8613812345678', note: '请打 13812345678 找王先生', nested: { mobiles: ['+85291234567'] } },
      after: { password: 'hunter2', smsCode: '123456', token: 'abc', orderNumber: '202611221381234567890', level: 3, none: null },
    })
    const [line] = await lines(`objectId=${id}`)
    expect(line?.before).toEqual({ phone: '****5678', note: '请打 ****5678 找王先生', nested: { mobiles: ['****4567'] } })
    expect(line?.after).toEqual({
      password: '[hidden]',
      smsCode: '[hidden]',
      token: '[hidden]',
      orderNumber: '202611221381234567890',
      level: 3,
      none: null,
    })
  })
})

describe('MOD-09 refusals leave lines', () => {
  const refusals = (query: string) =>
    until(async () => {
      const found = await lines(`action=access.refused&${query}`)
      if (found.length === 0) throw new Error('no line yet')
      return found
    })

  test('MOD-09 S22 a missing permission (403) and a row out of reach on a write (404) are written down; reads that find nothing are not', async () => {
    const somebody = await it.staff('agent', '周敏')
    const stranger = newId()
    await somebody.expectError('GET', '/audit-entries', undefined, 403, 'forbidden')
    await somebody.expectError('POST', `/notifications/${stranger}/read`, undefined, 404, 'not_found')
    await somebody.expectError('GET', `/conversations/${stranger}`, undefined, 404, 'not_found')
    const found = await until(async () => {
      const told = await lines(`action=access.refused&actorId=${somebody.me.id}`)
      if (told.length < 2) throw new Error('not told yet')
      return told
    })
    expect(found.map(({ object, context }) => [object.id, context.code, context.status, context.ids])).toEqual(
      expect.arrayContaining([
        ['GET /api/v1/audit-entries', 'forbidden', 403, undefined],
        ['POST /api/v1/notifications/{id}/read', 'not_found', 404, { id: stranger }],
      ]),
    )
    expect(found).toHaveLength(2)
    expect(found[0]).toMatchObject({ actor: { kind: 'staff', name: '周敏' }, ip: somebody.headers['x-forwarded-for'] })
  })

  test('MOD-09 a write from a foreign page is written down, somebody unknown as unknown', async () => {
    const address = newAddress()
    const visitor = new ApiClient(it.url, { 'x-forwarded-for': address, origin: 'https://evil.example.com' })
    await visitor.expectError('POST', '/auth/login', { username: 'x', password: 'y' }, 403, 'origin_not_allowed')
    const [line] = await refusals(`ip=${address}`)
    expect(line).toMatchObject({ actor: { kind: 'anonymous', id: null }, context: { code: 'origin_not_allowed' } })
  })

  test('MOD-09 a flood of the same refusal is counted, not repeated line by line', async () => {
    const somebody = await it.staff('agent')
    await Promise.all(Array.from({ length: 60 }, () => somebody.ask('GET', '/audit-chain')))
    await until(async () => {
      const found = await lines(`action=access.refused&actorId=${somebody.me.id}`)
      const times = found.reduce((sum, { context }) => sum + Number(context.times ?? 1), 0)
      expect(times).toBe(60)
      expect(found.length).toBeLessThan(20)
    })
  })
})

describe('MOD-09 finding and taking along', () => {
  test('MOD-09 filters by actor, object, action, address and time; pages do not repeat or skip', async () => {
    const colleague = await it.staff('admin', '吴越')
    const thing = newId()
    const since = new Date(it.now() - 1000).toISOString()
    for (let index = 0; index < 7; index += 1) await write(thing, { context: { index } })
    await colleague.post('/dictionaries/language', { code: unique('language').replace('-', '_'), labelZh: '沪语', labelEn: 'Shanghainese' })
    expect((await lines(`actorId=${colleague.me.id}`)).map(({ action }) => action)).toContain('dictionary.entry_created')
    const from = colleague.headers['x-forwarded-for'] ?? ''
    expect((await lines(`ip=${from}`)).map(({ ip }) => ip)).toEqual(expect.arrayContaining([from]))
    expect((await lines(`ip=${from}`)).every(({ ip }) => ip === from)).toBe(true)
    expect((await lines('action=dictionary.')).every(({ action }) => action.startsWith('dictionary.'))).toBe(true)
    expect(await lines(`objectId=${thing}&until=${encodeURIComponent(since)}`)).toEqual([])
    const seen: unknown[] = []
    for (let cursor = ''; ;) {
      const { body } = await admin.ask('GET', `/audit-entries?objectKind=thing&objectId=${thing}&limit=3${cursor}`)
      seen.push(...body.data.map((line: AuditEntry) => line.context['index']))
      if (body.nextCursor === null) break
      cursor = `&cursor=${body.nextCursor}`
    }
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0])
    const facets = await admin.get<{ actions: string[]; objectKinds: string[] }>('/audit-entries/facets')
    expect(facets.actions).toEqual([...new Set(facets.actions)].sort())
    expect(facets.objectKinds).toContain('thing')
  })

  test('MOD-09 S8 the export streams what the filter shows, formulas defused, and is itself in the trail', async () => {
    const thing = newId()
    await write(thing, { object: { kind: 'thing', id: thing, label: '=cmd|"/c calc"!A1' }, after: { 名称: '远山' } })
    const bytes = await exported({ objectId: thing, format: 'xlsx' })
    const book = new ExcelJS.Workbook()
    await book.xlsx.load(new Uint8Array(bytes).buffer)
    const row = book.worksheets[0]?.getRow(2)
    expect(row?.getCell(3).value).toBe('test.written')
    expect(row?.getCell(5).value).toBe('=cmd|"/c calc"!A1')
    expect(row?.getCell(5).type).toBe(ExcelJS.ValueType.String)
    const csv = (await exported({ objectId: thing, format: 'csv' })).toString('utf8')
    expect(csv).toContain(`'=cmd|`)
    const [line] = await lines('action=audit.exported')
    expect(line).toMatchObject({ actor: { id: admin.me.id }, context: { format: 'csv', filter: { objectId: thing } } })
  })

  const exported = async (query: Record<string, string>): Promise<Buffer> => {
    const { status, headers, data } = await admin.download(`/api/v1/audit-entries/export?${new URLSearchParams(query).toString()}`)
    expect(status).toBe(200)
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="audit-/)
    return data
  }

  test('MOD-09 reading and exporting need their permissions', async () => {
    const supervisor = await it.staff('supervisor')
    for (const caller of [agent, supervisor]) {
      await caller.expectError('GET', '/audit-entries', undefined, 403, 'forbidden')
      await caller.expectError('GET', '/audit-entries/facets', undefined, 403, 'forbidden')
      await caller.expectError('GET', '/audit-chain', undefined, 403, 'forbidden')
      await caller.expectError('POST', '/audit-chain/verify', {}, 403, 'forbidden')
      await caller.expectError('GET', '/audit-entries/export', undefined, 403, 'forbidden')
    }
    await it.anonymous().expectError('GET', '/audit-entries', undefined, 401, 'unauthenticated')
  })

  test('MOD-09 S18 what does not fit a filter is refused', async () => {
    for (const query of [
      "action=a'--",
      'actorId=1',
      'limit=-1',
      'limit=1000',
      'cursor=rubbish',
      'from=yesterday',
      'sort=ip',
      'objectKind=%25',
    ]) {
      await admin.expectError('GET', `/audit-entries?${query}`, undefined, 400, 'invalid_request')
    }
    expect(await lines(`ip=${encodeURIComponent("1' or '1'='1")}`)).toEqual([])
    expect(await lines('action=%5f.'.replace('%5f', '_'))).toEqual([])
    await admin.expectError('POST', '/audit-chain/verify', { head: { position: 1, digest: 'short' } }, 400, 'invalid_request')
    await admin.expectError('DELETE', `/audit-entries/${newId()}`, undefined, 404, 'route_not_found')
  })
})
