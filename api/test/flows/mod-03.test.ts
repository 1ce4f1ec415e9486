import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import type { DictionaryEntry } from '../../contract/dictionary.ts'
import type { Department, StaffMember } from '../../contract/organisation.ts'
import type { StaffRole } from '../../contract/roles.ts'
import { PASSWORD, startTestApp, unique, type StaffClient, type TestApp } from '../harness.ts'

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
const MISSING = '01930000-0000-7000-8000-0000000000ff'
const newPerson = (more: object = {}) => ({ username: unique('person').toLowerCase(), name: '李娜', roleId: roleId('agent'), ...more })
const hire = (more: object = {}): Promise<Hired> => admin.post<Hired>('/staff-members', newPerson(more))
const member = (id: string, reader = admin) => reader.get<StaffMember>(`/staff-members/${id}`)
const act = async (id: string, action: string, one = admin) =>
  one.ask('POST', `/staff-members/${id}/${action}`, { version: (await member(id)).version })
const entries = (dictionary: string) => admin.get<DictionaryEntry[]>(`/dictionaries/${dictionary}`)
const auditOf = (id: string) => it.process.app.db('audit_entries').where({ object_id: id }).orderBy('occurred_at')
const actionsOn = async (id: string): Promise<string[]> =>
  (await auditOf(id)).map(({ action }: { action: string }) => action).filter((action: string) => action.startsWith('staff.'))

describe('MOD-03 keeping staff', () => {
  test('MOD-03 a new colleague is made with an initial password, and everything that is known of him', async () => {
    const [skill] = await entries('skill')
    const [language] = await entries('language')
    const [title] = await entries('job_title')
    const department = await admin.post<Department>('/departments', { name: unique('部门'), parentId: null })
    const known = {
      employeeNumber: 'YS0042',
      titleId: title?.id,
      phone: '138 0013 8042',
      email: 'li.na@example.com',
      joinedOn: '2026-03-01',
      note: '试用期',
      skills: [{ skillId: skill?.id, level: 4 }],
      languages: [language?.id],
    }
    const input = newPerson({ ...known, departmentId: department.id })
    const { member: made, initialPassword } = await admin.post<Hired>('/staff-members', input)
    expect(made).toMatchObject({
      ...known,
      username: input.username,
      name: '李娜',
      role: { code: 'agent' },
      department: { id: department.id },
      phone: '+86 138****8042',
      status: 'active',
      mustChangePassword: true,
      version: 1,
    })
    expect(initialPassword).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){2}$/)
    const login = await it.anonymous().ask('POST', '/auth/login', { username: input.username, password: initialPassword })
    expect([login.status, login.body.data?.mustChangePassword]).toEqual([200, true])
    const [line] = await auditOf(made.id)
    expect(line).toMatchObject({ action: 'staff.created', actor_id: admin.me.id })
    expect(JSON.stringify(line)).not.toMatch(/13800138042|138 0013 8042/)
    expect(JSON.stringify(line)).not.toContain(initialPassword)
    expect(it.log.join('')).not.toMatch(/13800138042/)
  })

  test('MOD-03 what is changed changes, what is left out stays, and the trail shows both sides', async () => {
    const { member: made } = await hire({ employeeNumber: unique('E'), email: 'old@example.com' })
    const changed = await admin.patch<StaffMember>(`/staff-members/${made.id}`, { name: '李娜娜', email: null, version: made.version })
    expect(changed).toMatchObject({ name: '李娜娜', email: null, employeeNumber: made.employeeNumber, version: made.version + 1 })
    const lines = await auditOf(made.id)
    expect(lines[1]).toMatchObject({
      action: 'staff.changed',
      before: { name: '李娜', email: 'old@example.com' },
      after: { name: '李娜娜', email: null },
    })
  })

  test('MOD-03 lists are filtered, sorted by pinyin and paged without gaps', async () => {
    const department = await admin.post<Department>('/departments', { name: unique('部门'), parentId: null })
    const names = ['张伟', '王芳', '李强', '赵敏', '陈静']
    for (const name of names) await hire({ name, departmentId: department.id })
    const base = `departmentId=${department.id}`
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await admin.ask('GET', `/staff-members?${base}&limit=2${cursor}`)
      seen.push(...page.body.data.map(({ name }: StaffMember) => name))
      cursor = page.body.nextCursor === null ? '' : `&cursor=${page.body.nextCursor}`
    } while (cursor !== '')
    expect(seen).toEqual(['陈静', '李强', '王芳', '张伟', '赵敏'])
    const found = async (query: string) => (await admin.get<StaffMember[]>(`/staff-members?${base}&${query}`)).map(({ name }) => name)
    expect(await found('sort=-name')).toEqual([...seen].reverse())
    expect(await found(`q=${encodeURIComponent('王')}`)).toEqual(['王芳'])
    expect(await found('q=zhaom')).toEqual(['赵敏'])
    expect(await found('q=%25')).toEqual([])
    expect(await found('q=_')).toEqual([])
    expect(await found('status=disabled')).toEqual([])
    expect(await found(`roleId=${roleId('agent')}`)).toHaveLength(5)
  })

  test('MOD-03 the whole phone number is a read of its own and leaves a line', async () => {
    const { member: made } = await hire({ phone: '13800138077' })
    expect((await admin.get<StaffMember[]>(`/staff-members?q=8077`)).map(({ id }) => id)).toEqual([made.id])
    expect(await admin.get<StaffMember[]>(`/staff-members?q=00138`)).toEqual([])
    expect(await admin.post(`/staff-members/${made.id}/read-phone`)).toEqual({ phone: '+8613800138077' })
    expect(await actionsOn(made.id)).toEqual(['staff.created', 'staff.phone_read'])
  })

  test('MOD-03 a reset password ends every session and must be changed', async () => {
    const person = await it.staff('agent')
    const socket = await person.socket()
    const answer = await act(person.me.id, 'reset-password')
    await socket.cut
    await person.expectError('GET', '/me', undefined, 401, 'unauthenticated')
    const logIn = (password: string) => it.anonymous().ask('POST', '/auth/login', { username: person.me.username, password })
    expect((await logIn(PASSWORD)).status).toBe(401)
    expect((await logIn(answer.body.data.initialPassword)).body.data.mustChangePassword).toBe(true)
  })

  test('MOD-03 a picture is given, seen by colleagues, and taken away; what is none is refused', async () => {
    const { member: made } = await hire()
    const data = await sharp({ create: { width: 300, height: 300, channels: 3, background: '#2f6fed' } })
      .png()
      .toBuffer()
    const answer = await admin.upload(`/staff-members/${made.id}/avatar`, { name: 'face.png', data })
    expect(answer.status).toBe(200)
    const { avatarUrl } = answer.body.data as StaffMember
    const colleague = await it.staff('agent')
    expect((await colleague.download(avatarUrl ?? '')).headers.get('content-type')).toBe('image/jpeg')
    const text = await admin.upload(`/staff-members/${made.id}/avatar`, { name: 'face.png', data: 'not a picture' })
    expect([text.status, text.body.error.code]).toEqual([400, 'file_type_refused'])
    const gone = await admin.ask('DELETE', `/staff-members/${made.id}/avatar`)
    expect(gone.body.data.avatarUrl).toBeNull()
    expect((await colleague.download(avatarUrl ?? '')).status).toBe(404)
  })
})

describe('MOD-03 refusals', () => {
  test.each(['agent', 'supervisor'] as const)('S22 %s manages no staff', async (role) => {
    const person = await it.staff(role)
    const path = `/staff-members/${admin.me.id}`
    await person.expectError('POST', '/staff-members', newPerson(), 403, 'forbidden')
    await person.expectError('PATCH', path, { name: 'x', version: 1 }, 403, 'forbidden')
    for (const action of ['disable', 'enable', 'reset-password', 'read-phone', 'hand-over'])
      await person.expectError('POST', `${path}/${action}`, action === 'read-phone' ? undefined : { version: 1 }, 403, 'forbidden')
    expect((await person.upload('/staff-imports?apply=true', { name: 'a.csv', data: 'x' })).status).toBe(403)
    expect((await person.upload(`${path}/avatar`, { name: 'a.png', data: 'x' })).status).toBe(403)
  })

  test('S22 an agent’s list of staff holds himself alone, others are not there for him', async () => {
    const agent = await it.staff('agent')
    expect((await agent.get<StaffMember[]>('/staff-members')).map(({ id }) => id)).toEqual([agent.me.id])
    await agent.expectError('GET', `/staff-members/${admin.me.id}`, undefined, 404, 'not_found')
  })

  test('S22 who reaches his own department manages the people in it and below, and hires nobody elsewhere', async () => {
    const [mine, theirs] = [0, 1].map(() => admin.post<Department>('/departments', { name: unique('部门'), parentId: null }))
    const [here, there] = [await mine, await theirs]
    const desk = await admin.post<Department>('/departments', { name: unique('部门'), parentId: here?.id })
    const permissions = [...new Set([...(await it.staff('agent')).me.permissions, 'staff.manage'])]
    const role = await admin.post<StaffRole>('/roles', { name: unique('HR'), permissions, dataScope: 'department' })
    const { member: manager, initialPassword } = await hire({ departmentId: here?.id, roleId: role.id })
    await it.process.app.db('accounts').where({ id: manager.id }).update({ must_change_password: false })
    const login = await it.anonymous().ask('POST', '/auth/login', { username: manager.username, password: initialPassword })
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
    const one = it.anonymous()
    one.headers.cookie = cookie
    const [inside, outside] = [await hire({ departmentId: desk.id }), await hire({ departmentId: there?.id })]
    const visible = (await one.get<StaffMember[]>('/staff-members')).map(({ id }) => id)
    expect(visible.sort()).toEqual([manager.id, inside.member.id].sort())
    await one.patch(`/staff-members/${inside.member.id}`, { name: '新名字', version: 1 })
    await one.expectError('PATCH', `/staff-members/${outside.member.id}`, { name: 'x', version: 1 }, 404, 'not_found')
    await one.expectError('POST', `/staff-members/${outside.member.id}/disable`, { version: 1 }, 404, 'not_found')
    // Nor does he move himself or others to where he would see more.
    for (const departmentId of [there?.id, null]) {
      await one.expectError('PATCH', `/staff-members/${manager.id}`, { departmentId, version: 1 }, 404, 'not_found')
      await one.expectError('POST', '/staff-members', newPerson({ departmentId }), 404, 'not_found')
    }
    await one.post('/staff-members', newPerson({ departmentId: desk.id }))
  })

  test('names, numbers and phones belong to one; of two at once one gets it', async () => {
    const { member: first } = await hire({ employeeNumber: 'YS0900', phone: '13800138090' })
    await admin.expectError('POST', '/staff-members', newPerson({ username: first.username }), 409, 'username_taken')
    await admin.expectError('POST', '/staff-members', newPerson({ employeeNumber: 'ys0900' }), 409, 'employee_number_taken')
    await admin.expectError('POST', '/staff-members', newPerson({ phone: '+86 13800138090' }), 409, 'phone_taken')
    const same = newPerson()
    const answers = await Promise.all([1, 2].map(() => admin.ask('POST', '/staff-members', same)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  test('two changes at once: one is told that somebody was quicker', async () => {
    const { member: made } = await hire()
    const answers = await Promise.all(['甲', '乙'].map((name) => admin.ask('PATCH', `/staff-members/${made.id}`, { name, version: 1 })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test.each([
    ['a user name with spaces', { username: 'li na' }],
    ['no name', { name: ' ' }],
    ['a status of its own (S17)', { status: 'disabled' }],
    ['a password of its own (S17)', { password: 'secret' }],
    ['a date that is none', { joinedOn: '2026-02-30' }],
    ['a level of nine', { skills: [{ skillId: MISSING, level: 9 }] }],
    ['an address without an at', { email: 'nobody' }],
    ['a phone of elsewhere', { phone: '+1 202 555 0123' }],
    ['a skill that is none', { skills: [{ skillId: MISSING, level: 3 }] }],
  ])('bad input: %s is refused with 400', async (_what, wrong) => {
    expect((await admin.ask('POST', '/staff-members', newPerson(wrong))).status).toBe(400)
  })

  test.each(['sort=password_hash', 'sort=name;drop table accounts', 'limit=0', 'limit=-1', 'cursor=xx', 'roleId=x', 'surprise=1'])(
    'S18 the list refuses %s',
    async (query) => {
      await admin.expectError('GET', `/staff-members?${encodeURI(query)}`, undefined, 400, 'invalid_request')
    },
  )
})
