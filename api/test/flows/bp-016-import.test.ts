import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import ExcelJS from 'exceljs'
import type { QuickReply, QuickReplyCategory, SheetPreview } from '../../contract/quick-reply.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient

beforeAll(async () => {
  it = await startTestApp({ roles: ['api'] })
  admin = await it.staff('admin')
  agent = await it.staff('agent')
})
afterAll(() => it.stop())

const HEADING = ['分类', '快捷编码', '标题', '内容', '链接标题', '链接地址', '自定义变量', '状态']
async function sheet(rows: (string | null)[][], heading = HEADING): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  book.addWorksheet('话术').addRows([heading, ...rows])
  return Buffer.from(await book.xlsx.writeBuffer())
}
const send = (client: StaffClient, path: string, data: Buffer, name = '话术.xlsx') =>
  client.upload(`/quick-reply-sheets${path}`, { name, data })
const repliesOf = (client: StaffClient, scope: string) => client.get<QuickReply[]>(`/quick-replies?scope=${scope}&limit=100`)

describe('BP-016.4 replies from a spreadsheet', () => {
  test('BP-016.4 what it would do is shown first and changes nothing; applied, it is all there with its tree', async () => {
    const owner = await it.staff('agent')
    const data = await sheet([
      ['售后 / 退款', '/tk1', '退款进度', '{{客户姓名}}您好，退款 {{金额}} 元已提交', '', '', '金额:数字', '启用'],
      ['售后', '', '换货说明', '十五天内可换', '换货须知', 'https://www.example.com/swap', '', '停用'],
    ])
    const { status, body } = await send(owner, '/preview?scope=personal', data)
    const preview: SheetPreview = body.data
    expect([status, preview.errors, preview.counts]).toEqual([200, [], { create: 2, update: 0, skip: 0, refused: 0, categories: 2 }])
    expect(await repliesOf(owner, 'personal')).toEqual([])
    const applied = await send(owner, '?scope=personal', data)
    expect(applied.body.data).toEqual({ created: 2, updated: 0, skipped: 0, categories: 2 })
    const made = await repliesOf(owner, 'personal')
    expect(made).toMatchObject([
      {
        code: 'tk1',
        categoryPath: ['售后', '退款'],
        parts: [{ type: 'text', text: '{{customer.name}}您好，退款 {{金额}} 元已提交' }],
        variables: [{ name: '金额', kind: 'number' }],
        disabled: false,
      },
      { code: null, categoryPath: ['售后'], parts: [{ type: 'text' }, { type: 'link', title: '换货须知' }], disabled: true },
    ])
    const categories = await owner.get<QuickReplyCategory[]>('/quick-reply-categories?scope=personal')
    expect(categories.map(({ name }) => name).sort()).toEqual(['售后', '退款'])
  })

  test('BP-016.4 every fault is named by row, and only what is good is taken, when asked', async () => {
    const owner = await it.staff('agent')
    await owner.post('/quick-replies', { scope: 'personal', title: '已有', code: 'old', parts: [{ type: 'text', text: '在' }] })
    const data = await sheet([
      ['', 'good', '好的', '可以'],
      ['', 'old', '占用了', '您好'],
      ['', 'GOOD', '重复了', '您好'],
      ['', '有 空格', '编码不对', '您好'],
      ['', '', '', '没有标题'],
      ['', '', '没有内容', ''],
      ['', '', '变量不明', '{{某某}}'],
      ['', '', '变量写错', '您好', '', '', '快递:选项'],
      ['', '', '链接不对', '您好', '', 'javascript:alert(1)'],
      ['一/二/三/四/五', '', '太深', '您好'],
      ['', '', '状态不明', '您好', '', '', '', '也许'],
      ['', '', '太长', '长'.repeat(10_001)],
    ])
    const { body } = await send(owner, '/preview?scope=personal', data)
    const preview: SheetPreview = body.data
    expect(preview.errors.map(({ row, column, fault }) => [row, column, fault])).toEqual([
      [3, 'code', 'code_taken'],
      [4, 'code', 'repeated'],
      [5, 'code', 'code_invalid'],
      [6, 'title', 'required'],
      [7, 'text', 'required'],
      [8, 'text', 'variable_unknown'],
      [9, 'variables', 'variable_invalid'],
      [10, 'linkUrl', 'link_invalid'],
      [11, 'category', 'category_too_deep'],
      [12, 'state', 'state_unknown'],
      [13, 'text', 'too_long'],
    ])
    expect((await send(owner, '?scope=personal', data)).body.error).toMatchObject({ code: 'import_has_errors', context: { refused: 11 } })
    const applied = await send(owner, '?scope=personal&leaveBad=true', data)
    expect(applied.body.data).toMatchObject({ created: 1, skipped: 11 })
  })

  test('BP-016.4 the same sheet again is refused, left out, or changes what is there, as asked', async () => {
    const owner = await it.staff('agent')
    const row = (text: string) => sheet([['', 'again', '同一条', text]])
    await send(owner, '?scope=personal', await row('第一次'))
    expect((await send(owner, '?scope=personal', await row('第二次'))).body.error.code).toBe('import_has_errors')
    expect((await send(owner, '?scope=personal&taken=skip', await row('第二次'))).body.data).toMatchObject({ created: 0, skipped: 1 })
    expect((await send(owner, '?scope=personal&taken=update', await row('第二次'))).body.data).toMatchObject({ updated: 1 })
    const [reply, ...more] = await repliesOf(owner, 'personal')
    expect(more).toEqual([])
    expect(reply).toMatchObject({ parts: [{ type: 'text', text: '第二次' }], version: 2 })
    const versions = await owner.get<{ reason: string }[]>(`/quick-replies/${reply!.id}/versions`)
    expect(versions.map(({ reason }) => reason)).toEqual(['imported', 'imported'])
  })

  test('BP-016.4 two imports of one sheet at once: its codes are there once', async () => {
    const data = await sheet([['', unique('once'), '只一次', '您好']])
    const answers = await Promise.all([1, 2].map(() => send(admin, '?scope=global', data)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('BP-016.1 an agent imports nothing into the house; what is no such sheet is refused', async () => {
    const data = await sheet([['', '', '标题', '内容']])
    for (const path of ['/preview?scope=global', '?scope=global']) expect((await send(agent, path, data)).status).toBe(403)
    expect((await send(agent, '/preview?scope=personal', Buffer.from('no sheet'))).body.error.code).toMatch(
      /import_columns_missing|unreadable/,
    )
    const without = await sheet([['x']], ['分类'])
    expect((await send(agent, '/preview?scope=personal', without)).body.error).toMatchObject({
      code: 'import_columns_missing',
      context: { columns: ['title', 'text'] },
    })
    expect((await send(agent, '/preview?scope=personal', await sheet([]))).body.error.code).toBe('import_empty')
  })
})

describe('BP-016.4 replies as a spreadsheet', () => {
  test('BP-016.4 an export read back changes nothing, and no cell of it is a formula', async () => {
    const owner = await it.staff('agent')
    const texts = ['=cmd|calc!A1', '+1 您好', '第一段\n---\n第二段', '@客户，"引号"与,逗号']
    for (const [index, text] of texts.entries()) {
      const parts = text.split('\n---\n').map((piece) => ({ type: 'text', text: piece }))
      const variables = [{ name: '快递', kind: 'choice', choices: ['顺丰', '中通'] }]
      await owner.post('/quick-replies', { scope: 'personal', title: `=条目${index}`, code: `e${index}`, parts, variables })
    }
    const before = await repliesOf(owner, 'personal')
    for (const format of ['csv', 'xlsx']) {
      const { status, data } = await owner.download(`/api/v1/quick-reply-sheets?scope=personal&format=${format}`)
      expect(status).toBe(200)
      if (format === 'csv') expect(data.toString()).not.toMatch(/(^|,)"?[=+@]/m)
      expect((await send(owner, '?scope=personal&taken=update', data, `话术.${format}`)).body.data).toMatchObject({
        updated: 4,
        created: 0,
      })
      const after = await repliesOf(owner, 'personal')
      expect(after.map(({ title, parts, variables }) => ({ title, parts, variables }))).toEqual(
        before.map(({ title, parts, variables }) => ({ title, parts, variables })),
      )
    }
  })

  test('BP-016.4 the template has the headings and no row', async () => {
    const { status, data } = await agent.download('/api/v1/quick-reply-sheets/template?format=csv')
    expect([status, data.toString().replace('\ufeff', '').trim().split(',')]).toEqual([200, HEADING])
  })
})
