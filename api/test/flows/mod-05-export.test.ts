import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { AuditEntry } from '../../contract/audit.ts'
import type { Customer } from '../../contract/customer.ts'
import { readRows } from '../../core/spreadsheets/read-rows.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let agent: StaffClient

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '周经理')
  supervisor = await it.staff('supervisor')
  agent = await it.staff('agent')
  await admin.post('/dictionaries/customer_field', {
    code: 'seats',
    labelZh: '席位数',
    labelEn: 'Seats',
    field: { type: 'number', required: false, choices: [] },
  })
})
afterAll(() => it.stop())

let numbers = 0
const newPhone = () => `138${String(++numbers).padStart(8, '0')}`
const cellsIn = async (data: Buffer) => {
  const rows: string[][] = []
  for await (const { cells } of readRows(data)) rows.push(cells)
  return rows
}
async function download(reader: StaffClient, request: object) {
  const { url } = await reader.post<{ url: string }>('/customer-exports', request)
  return { url, ...(await reader.download(url)) }
}

describe('MOD-05 export', () => {
  test('S8 a filter, a segment or a selection, and no cell of it is a formula', async () => {
    const name = '=HYPERLINK("http://evil.example","点我")'
    const evil = await admin.post<Customer>('/customers', {
      name,
      remarkName: '@SUM(1)',
      title: ' =1+1',
      note: '\t=1',
      fields: { seats: 7 },
    })
    const segment = await admin.post<{ id: string }>('/segments', {
      name: unique('危险'),
      definition: { field: 'fields.seats', op: 'is', value: 7 },
    })
    for (const customers of [{ ids: [evil.id] }, { segmentId: segment.id }, { filter: { fields: { seats: 7 } } }]) {
      for (const format of ['csv', 'xlsx']) {
        const file = await download(admin, { customers, format })
        expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="customers-\d{4}-\d\d-\d\d\.(csv|xlsx)"$/)
        const [heading, ...rows] = await cellsIn(file.data)
        expect(heading!.slice(0, 2)).toEqual(['姓名', '手机号'])
        expect(rows).toHaveLength(1)
        expect(rows[0]!.slice(0, 4)).toEqual([name, '', '@SUM(1)', '=1+1'])
        expect(rows[0]!.at(-1)).toBe('7')
        if (format === 'csv') for (const cell of file.data.toString().split(/,|\r\n/)) expect(cell).not.toMatch(/^\s*"?\s*[=@\t]/)
      }
    }
  })

  test('phones are whole for those who may see them, masked for the others; either way it is on record', async () => {
    const phone = newPhone()
    const { id } = await admin.post<Customer>('/customers', { name: '电话', phone })
    const masked = await admin.post<{ id: string; code: string }>('/roles', {
      name: unique('只导出'),
      description: '',
      permissions: ['customers.read', 'customers.export'],
      dataScope: 'all',
    })
    const reader = await it.staff('agent')
    await it.process.app.db('accounts').where({ id: reader.me.id }).update({ role_id: masked.id })
    const texts = [
      await download(admin, { customers: { ids: [id] }, format: 'csv' }),
      await download(reader, { customers: { ids: [id] }, format: 'csv' }),
    ]
    expect(texts[0]!.data.toString()).toContain(`+86${phone}`)
    expect(texts[1]!.data.toString()).not.toContain(phone)
    expect(texts[1]!.data.toString()).toContain(`138****${phone.slice(-4)}`)
    const lines = await admin.get<AuditEntry[]>('/audit-entries?action=customers.exported')
    expect(lines.slice(0, 2).map(({ context }) => context.numbers)).toEqual(['masked', 'whole'])
    expect(it.log.join('\n')).not.toContain(phone)
  })

  test('a level that can be chosen no more, and the channel, stand in the file by their names', async () => {
    const level = await admin.post<{ id: string; version: number }>('/dictionaries/customer_level', {
      code: 'retired',
      labelZh: '旧等级',
      labelEn: 'Retired',
    })
    const { id } = await admin.post<Customer>('/customers', { name: unique('老客户'), levelId: level.id })
    await admin.patch(`/dictionaries/customer_level/${level.id}`, { disabled: true, version: level.version })
    const web = await it.connectWeb()
    const page = await it.webCustomer(web.id)
    await page.say('在吗')
    const { id: conversationId, customer } = await admin.conversation((await page.history()).conversation!.id)
    await admin.post(`/conversations/${conversationId}/accept`)
    const file = await download(admin, { customers: { ids: [id, customer.id] }, format: 'csv' })
    const [heading, ...lines] = await cellsIn(file.data)
    const column = (title: string) => lines.map((cells) => cells[heading!.indexOf(title)])
    expect(column('客户等级')).toContain('旧等级')
    expect(column('渠道')).toContain('网页')
  })

  test('S23 a link is for one person, for ten minutes, and only as long as he may export', async () => {
    const { url } = await supervisor.post<{ url: string }>('/customer-exports', { customers: { filter: {} }, format: 'csv' })
    const path = url.replace('/api/v1', '')
    await admin.expectError('GET', path, undefined, 403, 'forbidden')
    await agent.expectError('GET', path, undefined, 403, 'forbidden')
    await it.anonymous().expectError('GET', path, undefined, 401, 'unauthenticated')
    expect((await supervisor.download(url)).status).toBe(200)
    await admin.expectError('GET', '/customer-exports/01930000-0000-7000-8000-00000000dead/file', undefined, 404, 'not_found')
    await it.travel(601_000)
    await supervisor.expectError('GET', path, undefined, 403, 'export_expired')
  })

  test('nobody gets out whom the reader may not see, and nobody who was merged away', async () => {
    const own = await admin.post<{ id: string }>('/roles', {
      name: unique('自己的'),
      description: '',
      permissions: ['customers.read', 'customers.edit', 'customers.export'],
      dataScope: 'own',
    })
    const reader = await it.staff('agent')
    await it.process.app.db('accounts').where({ id: reader.me.id }).update({ role_id: own.id })
    const mine = await reader.post<Customer>('/customers', { name: '我的' })
    const others = await admin.post<Customer>('/customers', { name: '别人的' })
    const file = await download(reader, { customers: { ids: [mine.id, others.id] }, format: 'csv' })
    expect((await cellsIn(file.data)).slice(1).map(([name]) => name)).toEqual(['我的'])
    const all = await download(reader, { customers: { filter: {} }, format: 'csv' })
    expect((await cellsIn(all.data)).slice(1).map(([name]) => name)).toEqual(['我的'])
  })
})
