import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { DictionaryEntry } from '../../contract/dictionary.ts'
import type { Department, StaffMember } from '../../contract/organisation.ts'
import type { StaffRole } from '../../contract/roles.ts'
import { startTestApp, unique, type StaffClient, type TestApp } from '../harness.ts'

let it: TestApp
let admin: StaffClient
const roles = new Map<string, string>()
const roleId = (code: string): string => roles.get(code) ?? ''

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '陈默')
  for (const role of await admin.get<StaffRole[]>('/roles')) roles.set(role.code, role.id)
})
afterAll(() => it.stop())

type Hired = { member: StaffMember; initialPassword: string }
const newPerson = (more: object = {}) => ({ username: unique('person').toLowerCase(), name: '李娜', roleId: roleId('agent'), ...more })
const hire = (more: object = {}): Promise<Hired> => admin.post<Hired>('/staff-members', newPerson(more))
const member = (id: string, reader = admin) => reader.get<StaffMember>(`/staff-members/${id}`)
const entries = (dictionary: string) => admin.get<DictionaryEntry[]>(`/dictionaries/${dictionary}`)

describe('MOD-03 importing', () => {
  const TITLES = ['用户名*', '姓名*', '工号', '部门', '角色*', '岗位', '手机号', '邮箱', '入职日期', '语言', '技能']
  const csv = (...rows: string[][]) =>
    [TITLES, ...rows].map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n')
  const send = (data: Buffer | string, apply = false, one = admin) =>
    one.upload(`/staff-imports?apply=${apply}`, { name: 'staff.csv', data })
  const staffCount = async () => Number((await it.process.app.db('accounts').count('* as n'))[0]?.n)

  test('MOD-03 the template can be filled in and comes back without a fault', async () => {
    const template = await admin.download('/api/v1/staff-imports/template')
    expect(template.headers.get('content-type')).toContain('spreadsheetml')
    const preview = await admin.upload('/staff-imports', { name: 'staff.xlsx', data: template.data })
    expect([preview.status, preview.body.data.faults, preview.body.data.total]).toEqual([200, [], 2])
    expect(preview.body.data.rows[0]).toMatchObject({ row: 2, username: 'zhang.wei', name: '张伟', role: '客服', initialPassword: null })
  })

  test('MOD-03 a preview writes nothing; applying hires everybody, and everybody signs in with his own password', async () => {
    const top = await admin.post<Department>('/departments', { name: unique('客服中心'), parentId: null })
    const group = await admin.post<Department>('/departments', { name: '华东组', parentId: top.id })
    const [skill] = await entries('skill')
    const [one, two] = [unique('imp'), unique('imp')]
    const file = csv(
      [
        one.toUpperCase(),
        '张伟',
        unique('N'),
        `${top.name}/华东组`,
        '客服',
        '',
        '138 0013 8111',
        'zw@example.com',
        '2026/3/1',
        '',
        `${skill?.labelZh}:5`,
      ],
      [two, '王芳', '', top.name, '主管', '', '', '', '', '', ''],
    )
    const before = await staffCount()
    expect((await send(file)).body.data).toMatchObject({ total: 2, applied: false, faults: [] })
    expect(await staffCount()).toBe(before)
    const applied = (await send(file, true)).body.data
    expect(applied).toMatchObject({ total: 2, applied: true, faults: [] })
    const [first] = applied.rows
    const login = await it.anonymous().ask('POST', '/auth/login', { username: one, password: first.initialPassword })
    expect([login.status, login.body.data?.mustChangePassword]).toEqual([200, true])
    expect(await member(login.body.data.id)).toMatchObject({
      name: '张伟',
      department: { id: group.id },
      phone: '+86 138****8111',
      joinedOn: '2026-03-01',
      skills: [{ skillId: skill?.id, level: 5 }],
    })
    // The same file again: everybody is there already, and nobody is doubled.
    const again = await send(file, true)
    expect([again.status, again.body.error.code]).toEqual([409, 'import_invalid'])
    expect(again.body.error.context.faults.map(({ row, column, fault }: never) => [row, column, fault])).toEqual(
      expect.arrayContaining([
        [2, 'username', 'taken'],
        [2, 'phone', 'taken'],
        [3, 'username', 'taken'],
      ]),
    )
    expect(await staffCount()).toBe(before + 2)
  })

  test('every fault is told by row and column, and one bad row leaves nothing of the good ones behind', async () => {
    const { member: known } = await hire({ employeeNumber: unique('N') })
    const good = [unique('imp'), '好人', '', '', '客服', '', '', '', '', '', '']
    const file = csv(
      good,
      [
        known.username,
        '',
        known.employeeNumber ?? '',
        '没有的部门',
        '老板',
        '没有的岗位',
        '12345',
        'nobody',
        '2026-13-01',
        '火星语',
        '飞行:9',
      ],
      [good[0] ?? '', '重名', '', '', '', '', '', '', '', '', ''],
    )
    const before = await staffCount()
    const { faults } = (await send(file)).body.data
    const told = faults.map(({ row, column, fault }: { row: number; column: string; fault: string }) => `${row} ${column} ${fault}`)
    expect(told.sort()).toEqual(
      [
        '3 department unknown',
        '3 email malformed',
        '3 employeeNumber taken',
        '3 joinedOn malformed',
        '3 languages unknown',
        '3 name required',
        '3 phone malformed',
        '3 role unknown',
        '3 skills malformed',
        '3 title unknown',
        '3 username taken',
        '4 role required',
        '4 username repeated',
      ].sort(),
    )
    expect((await send(file, true)).status).toBe(409)
    expect(await staffCount()).toBe(before)
  })

  test('two who import the same file at once: one hires, the other is told, nobody is doubled', async () => {
    const file = csv(...Array.from({ length: 5 }, () => [unique('imp'), '张伟', '', '', '客服', '', '', '', '', '', '']))
    const before = await staffCount()
    const answers = await Promise.all([send(file, true), send(file, true)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(await staffCount()).toBe(before + 5)
  })

  test('S22 an importer hands out no role beyond his own', async () => {
    const permissions = [...new Set([...(await it.staff('agent')).me.permissions, 'staff.manage'])]
    const role = await admin.post<StaffRole>('/roles', { name: unique('Importer'), permissions, dataScope: 'all' })
    const person = await it.staff('agent')
    await admin.patch(`/staff-members/${person.me.id}`, { roleId: role.id, version: 1 })
    const { faults } = (await send(csv([unique('imp'), '张伟', '', '', 'admin', '', '', '', '', '', '']), false, person)).body.data
    expect(faults).toEqual([{ row: 2, column: 'role', fault: 'beyond_own', value: 'admin' }])
  })

  test.each([
    ['nothing at all', '', 'spreadsheet_unreadable'],
    ['a zip that is no workbook', Buffer.from('504b0304aaaaaaaa', 'hex'), 'spreadsheet_unreadable'],
    ['more rows than one import takes', csv(...Array.from({ length: 501 }, (_each, index) => [`u${index}`])), 'spreadsheet_too_large'],
  ])('bad input: %s is refused', async (_what, data, code) => {
    const answer = await send(data)
    expect([answer.status, answer.body.error.code]).toEqual([400, code])
  })

  test('bad input: a file without the columns that are needed, or without rows', async () => {
    const wrong = (await send('a,b\r\n1,2')).body.data.faults.map(({ column, fault }: { column: string; fault: string }) => [column, fault])
    expect(wrong).toEqual([
      ['username', 'missing_column'],
      ['name', 'missing_column'],
      ['role', 'missing_column'],
    ])
    expect((await send(csv())).body.data.faults).toEqual([{ row: null, column: null, fault: 'empty_file', value: '' }])
  })
})
