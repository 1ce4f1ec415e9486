import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { AuditEntry } from '../../contract/audit.ts'
import type { Customer, CustomerSummary } from '../../contract/customer.ts'
import type { CustomerImport, ImportRow } from '../../contract/import.ts'
import { readRows } from '../../core/spreadsheets/read-rows.ts'
import { type CellValue, sheetStream } from '../../core/spreadsheets/write-sheet.ts'
import type { Answer } from '../api-client.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '周经理')
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

async function sheet(rows: CellValue[][], format: 'xlsx' | 'csv' = 'xlsx'): Promise<Buffer> {
  const [titles = [], ...rest] = rows
  const chunks: Buffer[] = []
  const stream = sheetStream(format, { name: '客户', columns: titles.map((title) => ({ title: String(title) })), rows: rest })
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks)
}
const send = (data: Buffer, query = '', name = '客户.xlsx'): Promise<Answer> => admin.upload(`/customer-imports${query}`, { name, data })

/** Uploads and waits until it is read. */
async function read(rows: CellValue[][] | Buffer, query = '', name = '客户.xlsx', patience?: number): Promise<CustomerImport> {
  const answer = await send(Buffer.isBuffer(rows) ? rows : await sheet(rows), query, name)
  expect(answer.status).toBe(201)
  return settled(answer.body.data.id as string, 'reading', patience)
}
const PATIENCE_MS = 600_000
const settled = (id: string, from: CustomerImport['state'], patience?: number) =>
  until(async () => {
    const job = await admin.get<CustomerImport>(`/customer-imports/${id}`)
    if (job.state === from) throw new Error(`still ${from}`)
    return job
  }, patience)
async function apply(job: CustomerImport, body: object, patience?: number): Promise<CustomerImport> {
  await admin.post(`/customer-imports/${job.id}/apply`, { version: job.version, policy: 'skip', ...body })
  return settled(job.id, 'applying', patience)
}
const rowsOf = (job: CustomerImport, query = '') => admin.get<ImportRow[]>(`/customer-imports/${job.id}/rows${query}`)
async function badRows(job: CustomerImport, cursor = ''): Promise<number[]> {
  const { body } = await admin.ask('GET', `/customer-imports/${job.id}/rows?only=bad&limit=100${cursor}`)
  const numbers = (body.data as ImportRow[]).map(({ row }) => row)
  return body.nextCursor === null ? numbers : [...numbers, ...(await badRows(job, `&cursor=${body.nextCursor}`))]
}
const find = (q: string) => admin.get<CustomerSummary[]>(`/customers?q=${encodeURIComponent(q)}`)
const cellsIn = async (data: Buffer) => {
  const rows: string[][] = []
  for await (const { cells } of readRows(data)) rows.push(cells)
  return rows
}

describe('MOD-05 import', () => {
  test('a spreadsheet is read, checked, looked at and applied; customers, phones, tags and institutions are there', async () => {
    const institution = unique('云帆办公')
    const [phone, other] = [newPhone(), newPhone()]
    const job = await read(
      [
        ['客户姓名', '手机号码', '单位', '标签', '专属客服', '席位数', '什么列'],
        ['许静', phone, institution, '重点、老客户', '周经理', 12, 'x'],
        ['陈默', `+86 ${other}`, '', '', '', '', ''],
      ],
      '?createInstitutions=true&createTags=true',
    )
    expect(job).toMatchObject({ state: 'ready', counts: { rows: 2, bad: 0, duplicates: 0 }, unknownColumns: ['什么列'], result: null })
    expect(await rowsOf(job)).toMatchObject([{ row: 2, cells: { name: '许静', tags: '重点、老客户' }, errors: [] }, { row: 3 }])
    expect(await find(phone.slice(-4))).toEqual([])
    expect(await apply(job, {})).toMatchObject({ state: 'applied', result: { created: 2, updated: 0, skipped: 0, left: 0 } })
    const [found] = await find(phone)
    expect(found).toMatchObject({
      name: '许静',
      status: 'formal',
      institution: { name: institution },
      owner: { id: admin.me.id },
      phone: `+86 138****${phone.slice(-4)}`,
    })
    expect(found!.tags.map(({ name }) => name).sort()).toEqual(['老客户', '重点'])
    const whole = await admin.get<Customer>(`/customers/${found!.id}`)
    expect(whole.fields).toEqual({ seats: 12 })
    expect(whole.identities).toMatchObject([{ kind: 'phone', verifiedAt: null, evidence: { source: 'import' } }])
    const [line] = await admin.get<AuditEntry[]>('/audit-entries?action=customers.imported')
    expect(line).toMatchObject({ context: { created: 2, uploadedBy: admin.me.id } })
  })

  test('every error of every row is listed, and can be downloaded as a spreadsheet to correct', async () => {
    const phone = newPhone()
    const job = await read([
      ['姓名', '手机', '单位', '等级', '状态', '席位数', '标签', '职务'],
      ['', phone, '没有这家', '钻石', '也许', '很多', '无此标签', '长'.repeat(61)],
      ['重复', phone, '', '', '', '', '', ''],
      ['坏号', '12345', '', '', '', '', '', ''],
      ['好的', newPhone(), '', '', '正式', '3', '', ''],
    ])
    expect(job.counts).toEqual({ rows: 4, bad: 3, duplicates: 0 })
    const [first, second, third] = await rowsOf(job, '?only=bad')
    expect(first!.errors.map(({ column, fault }) => `${column} ${fault}`).sort()).toEqual([
      'fields.seats field_invalid',
      'institution unknown',
      'level unknown',
      'name required',
      'status unknown',
      'tags unknown',
      'title too_long',
    ])
    expect(second!.errors).toEqual([{ column: 'phone', fault: 'repeated', params: { row: 2 } }])
    expect(third!.errors).toMatchObject([{ fault: 'phone_invalid' }])
    const report = await admin.download(`/api/v1/customer-imports/${job.id}/errors?format=xlsx`)
    const [heading, ...lines] = await cellsIn(report.data)
    expect(heading!.slice(0, 4)).toEqual(['行号', '错误', '姓名', '手机号'])
    expect(lines.map(([row]) => row)).toEqual(['2', '3', '4'])
    expect(lines[1]![1]).toBe('手机号与第 2 行重复')
    const refused = { policy: 'skip', version: job.version }
    expect(await admin.expectError('POST', `/customer-imports/${job.id}/apply`, refused, 409, 'import_has_errors')).toEqual({ bad: 3 })
    expect(await apply(job, { leaveBad: true })).toMatchObject({ result: { created: 1, updated: 0, skipped: 0, left: 3 } })
  })

  test('a .csv as Chinese Excel saves it is understood; the template has the headings of all fields', async () => {
    const gbk = Buffer.from('d0d5c3fb2cd6b0cef10d0ad5d4d2bbc3f92cb2c9b9ba0d0a', 'hex')
    const job = await read(gbk, '', '客户.csv')
    expect(await rowsOf(job)).toMatchObject([{ cells: { name: '赵一鸣', title: '采购' }, errors: [] }])
    const template = await admin.download('/api/v1/customer-imports/template?format=csv')
    const [heading] = await cellsIn(template.data)
    expect(heading).toEqual(['姓名', '手机号', '备注名', '职务', '单位', '状态', '客户等级', '地区', '专属客服', '标签', '备注', '席位数'])
  })

  test.each([
    ['skip', { created: 1, updated: 0, skipped: 2, left: 0 }],
    ['update', { created: 1, updated: 2, skipped: 0, left: 0 }],
    ['create', { created: 2, updated: 0, skipped: 1, left: 0 }],
  ] as const)('customers who are there already: %s', async (policy, result) => {
    const institution = await admin.post<{ id: string; name: string }>('/institutions', { name: unique('远山医院') })
    const [phone, name] = [newPhone(), unique('王伟')]
    const known = await admin.post<Customer>('/customers', { name: '旧名', title: '旧职务', note: '旧备注', phone })
    const alike = await admin.post<Customer>('/customers', { name, institutionId: institution.id })
    const job = await read([
      ['姓名', '手机', '单位', '职务'],
      ['新名', phone, '', '新职务'],
      [name, '', institution.name, '护士长'],
      [unique('别人'), newPhone(), '', ''],
    ])
    expect(job.counts).toEqual({ rows: 3, bad: 0, duplicates: 2 })
    expect(await rowsOf(job, '?only=duplicates')).toMatchObject([
      { duplicate: { customerId: known.id, by: 'phone', name: '旧名' } },
      { duplicate: { customerId: alike.id, by: 'name', name } },
    ])
    expect(await apply(job, { policy })).toMatchObject({ result })
    const after = await admin.get<Customer>(`/customers/${known.id}`)
    expect(after).toMatchObject(
      policy === 'update'
        ? { name: '新名', title: '新职务', note: '旧备注', version: known.version + 1 }
        : { name: '旧名', title: '旧职务' },
    )
    expect(await admin.get<Customer>(`/customers/${alike.id}`)).toMatchObject({ title: policy === 'update' ? '护士长' : null })
    const lines = await admin.get<AuditEntry[]>(`/audit-entries?action=customer.changed&objectId=${known.id}`)
    const line = {
      actor: { id: admin.me.id },
      before: { name: '旧名', title: '旧职务' },
      after: { name: '新名', title: '新职务' },
      context: { by: 'import', run: job.id },
    }
    expect(lines).toMatchObject(policy === 'update' ? [line] : [])
  })

  // IMPORT_ROWS=100000: the size that is promised; takes some minutes.
  const ROWS = Number(process.env['IMPORT_ROWS'] ?? 5000)
  test(
    `MOD-05 ${ROWS} rows, each hundredth a bad one: all errors are listed, the rest is applied as one`,
    async () => {
      const indexes = Array.from({ length: ROWS }, (_, index) => index)
      const bad = indexes.filter((index) => index % 100 === 7)
      const rows: CellValue[][] = indexes.map((index) => [`批量${index}`, index % 100 === 7 ? '123' : newPhone()])
      const job = await read([['姓名', '手机'], ...rows], '', '客户.xlsx', PATIENCE_MS)
      expect(job.counts).toEqual({ rows: ROWS, bad: bad.length, duplicates: 0 })
      const listed = await badRows(job)
      // The heading is row 1.
      expect(listed).toEqual(bad.map((index) => index + 2))
      const created = ROWS - bad.length
      expect((await apply(job, { leaveBad: true }, PATIENCE_MS)).result).toEqual({ created, updated: 0, skipped: 0, left: bad.length })
    },
    PATIENCE_MS,
  )
})

describe('MOD-05 what an import refuses', () => {
  test.each([
    ['no column of names', async () => sheet([['手机'], ['1']]), 'import_columns_missing'],
    ['nothing below the heading', async () => sheet([['姓名']]), 'import_empty'],
    ['a picture', async () => Buffer.from('89504e470d0a1a0a0000000d', 'hex'), 'spreadsheet_unreadable'],
    ['S7 more rows than may be', async () => Buffer.from(`姓名\n${'x\n'.repeat(100_001)}`), 'spreadsheet_too_large'],
  ])('%s', async (_, file, code) => {
    const job = await read(await file())
    expect(job).toMatchObject({ state: 'refused', failure: { code } })
    expect(await rowsOf(job)).toEqual([])
    await admin.expectError('POST', `/customer-imports/${job.id}/apply`, { policy: 'skip', version: job.version }, 409, 'import_not_ready')
  })

  test('an agent may neither import nor export, nor look at what others imported', async () => {
    const job = await read([['姓名'], ['某人']])
    expect((await agent.upload('/customer-imports', { name: 'x.csv', data: '姓名\nx' })).status).toBe(403)
    for (const path of ['', `/${job.id}`, `/${job.id}/rows`, `/${job.id}/errors`, '/template'])
      await agent.expectError('GET', `/customer-imports${path}`, undefined, 403, 'forbidden')
    await agent.expectError('POST', `/customer-imports/${job.id}/apply`, { policy: 'skip', version: job.version }, 403, 'forbidden')
    await agent.expectError('POST', '/customer-exports', { customers: { filter: {} } }, 403, 'forbidden')
  })

  test('S1 who sees not all customers sees his own imports alone; whole numbers in them are on record', async () => {
    const rights = { permissions: ['customers.read', 'customers.import'], dataScope: 'own' }
    const role = await admin.post<{ id: string }>('/roles', { name: unique('只导入'), description: '', ...rights })
    const importer = await it.staff('agent')
    await it.process.app.db('accounts').where({ id: importer.me.id }).update({ role_id: role.id })
    const phone = newPhone()
    const job = await read([
      ['姓名', '手机'],
      ['某人', phone],
    ])
    for (const path of ['', '/rows', '/errors'])
      await importer.expectError('GET', `/customer-imports/${job.id}${path}`, undefined, 404, 'not_found')
    await importer.expectError('POST', `/customer-imports/${job.id}/cancel`, { version: job.version }, 404, 'not_found')
    expect(await importer.get<CustomerImport[]>('/customer-imports')).toEqual([])
    const own = await importer.upload('/customer-imports', { name: '我的.csv', data: `姓名,手机\n别人,${phone}` })
    expect((await importer.get<CustomerImport[]>('/customer-imports')).map(({ id }) => id)).toEqual([own.body.data.id])
    expect((await rowsOf(job))[0]!.cells.phone).toBe(phone)
    const lines = await admin.get<AuditEntry[]>(`/audit-entries?action=customer_import.rows_read&objectId=${job.id}`)
    expect(lines).toMatchObject([{ actor: { id: admin.me.id }, context: { numbers: 'whole', rows: 1 } }])
  })

  test('S24 an import makes no more tags than there may be, and nothing of it is kept', async () => {
    const mark = unique('标')
    const rows = Array.from({ length: 11 }, (_, row) => [
      `${mark}${row}`,
      Array.from({ length: 50 }, (__, tag) => `${mark}-${row}-${tag}`).join('，'),
    ])
    const job = await read([['姓名', '标签'], ...rows], '?createTags=true')
    expect(await apply(job, {})).toMatchObject({ state: 'refused', failure: { code: 'limit_reached', context: { limit: 500 } } })
    expect(await find(mark)).toEqual([])
  })

  test('applying twice at once, applying after cancelling, an old version, unknown keys', async () => {
    const name = unique('只一次')
    const job = await read([['姓名'], [name]])
    const path = `/customer-imports/${job.id}/apply`
    const body = { policy: 'skip', version: job.version }
    await admin.expectError('POST', path, { ...body, version: job.version + 1 }, 409, 'version_conflict')
    await admin.expectError('POST', path, { ...body, state: 'applied' }, 400, 'invalid_request')
    const answers = await Promise.all([1, 2, 3].map(() => admin.ask('POST', path, body)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    await settled(job.id, 'applying')
    expect(await it.process.app.db('customers').where({ name })).toHaveLength(1)
    const other = await read([['姓名'], ['取消']])
    expect(await admin.post(`/customer-imports/${other.id}/cancel`, { version: other.version })).toMatchObject({ state: 'cancelled' })
    const late = { policy: 'skip', version: other.version }
    await admin.expectError('POST', `/customer-imports/${other.id}/apply`, late, 409, 'import_not_ready')
    expect(await rowsOf(other)).toEqual([])
  })

  test('a phone that somebody gets between check and application is a duplicate then, and nobody has it twice', async () => {
    const phone = newPhone()
    const rows = [['姓名', '手机']]
    const job = await read([...rows, ['后来的', phone]])
    const first = await admin.post<Customer>('/customers', { name: '先到的', phone })
    expect(await apply(job, {})).toMatchObject({ result: { created: 0, updated: 0, skipped: 1, left: 0 } })
    expect((await find(phone)).map(({ id }) => id)).toEqual([first.id])
  })

  test('what dies half-way is taken over, and nothing is there twice', async () => {
    const name = unique('接手')
    const job = await read([['姓名'], ...Array.from({ length: 700 }, () => [name])])
    const { db } = it.process.app
    // As a worker leaves it that died after its first batch.
    await db('customer_import_rows').where({ import_id: job.id }).where('row', '>', 501).delete()
    await db('customer_imports')
      .where({ id: job.id })
      .update({ state: 'reading', rows: 500, leased_until: db.raw(`app_now() - interval '1 second'`) })
    await it.process.app.modules
      .flatMap(({ schedules = [] }) => schedules)
      .find((schedule) => schedule.name === 'transfers.run-imports')!
      .run(it.process.app)
    const again = await settled(job.id, 'reading')
    expect(again).toMatchObject({ state: 'ready', counts: { rows: 700 } })
    expect(await apply(again, {})).toMatchObject({ result: { created: 700 } })
  })
})
