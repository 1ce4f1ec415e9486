import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import type { DictionaryEntry } from '../../contract/dictionary.ts'
import type { Department, HandOver, HandOverPreview, StaffMember } from '../../contract/organisation.ts'
import type { StaffRole } from '../../contract/roles.ts'
import type { Conversation, ConversationDetail } from '../../contract/conversation.ts'
import { takeBackFromDisabled } from '../../modules/conversations/leaving.ts'
import { newKey, PASSWORD, startTestApp, unique, type StaffClient, type TestApp } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let web: { id: string }
const roles = new Map<string, string>()
const roleId = (code: string): string => roles.get(code) ?? ''

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '陈默')
  web = await it.connectWeb()
  for (const role of await admin.get<StaffRole[]>('/roles')) roles.set(role.code, role.id)
}, 60_000)
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

/** A conversation that this agent holds. */
async function heldBy(agent: StaffClient): Promise<string> {
  const customer = await it.webCustomer(web.id)
  await customer.say('在吗')
  const id = (await customer.history()).conversation?.id ?? ''
  await agent.post(`/conversations/${id}/accept`)
  return id
}
const conversation = (id: string) => admin.get<ConversationDetail>(`/conversations/${id}`)
async function noticeIn(id: string, code: string) {
  const parts = (await admin.messages(id)).flatMap((message) => message.parts)
  return parts.find((part) => part.type === 'notice' && part.code === code)
}

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

describe('MOD-03 disabling', () => {
  test('MOD-03 a disabled account loses sessions and sockets at once, and its open work goes back to the queue with the reason', async () => {
    const agent = await it.staff('agent', '林晓')
    const [one, two] = [await heldBy(agent), await heldBy(agent)]
    const watcher = await admin.socket()
    const socket = await agent.socket()
    expect((await act(agent.me.id, 'disable')).body.data.status).toBe('disabled')
    await socket.cut
    await agent.expectError('GET', '/me', undefined, 401, 'unauthenticated')
    const refused = await it.anonymous().ask('POST', '/auth/login', { username: agent.me.username, password: PASSWORD })
    expect([refused.status, refused.body.error.code]).toEqual([403, 'account_disabled'])
    for (const id of [one, two]) {
      expect(await conversation(id)).toMatchObject({ status: 'queued', assignee: null })
      expect(await noticeIn(id, 'conversation_returned')).toMatchObject({ params: { name: '林晓', reason: 'staff_disabled' } })
    }
    await watcher.waitFor(
      'presence.updated',
      ({ id, patch }) => id === agent.me.id && patch.presence.status === 'offline' && patch.presence.load === 0,
    )
    expect(await actionsOn(agent.me.id)).toEqual(['staff.disabled'])
    // Once more changes nothing; he comes back with an empty desk.
    expect((await act(agent.me.id, 'disable')).status).toBe(200)
    expect(await actionsOn(agent.me.id)).toEqual(['staff.disabled'])
    expect((await act(agent.me.id, 'enable')).body.data.status).toBe('active')
    await it.logIn(agent.me.username)
  })

  test('also where the message to cut his sockets is lost, and where he took work in that very moment', async () => {
    const agent = await it.staff('agent')
    const id = await heldBy(agent)
    const socket = await agent.socket()
    await it.process.app.db('accounts').where({ id: agent.me.id }).update({ status: 'disabled' })
    await socket.cut
    await takeBackFromDisabled(it.process.app)
    expect(await conversation(id)).toMatchObject({ status: 'queued', assignee: null })
  }, 20_000)

  test('what goes back is offered to who is there, before what came later', async () => {
    const [leaving, staying] = [await it.staff('agent'), await it.staff('agent')]
    const id = await heldBy(leaving)
    await staying.be('online')
    await act(leaving.me.id, 'disable')
    const taken = await until(async () => {
      const now = await conversation(id)
      if (now.assignee?.id !== staying.me.id) throw new Error('still waiting')
      return now
    })
    expect(taken.status).toBe('open')
    await staying.be('offline')
  })

  test('two who disable the same colleague at once: one does, the other is told', async () => {
    const other = await it.staff('admin')
    const { member: made } = await hire()
    const answers = await Promise.all([admin, other].map((one) => one.ask('POST', `/staff-members/${made.id}/disable`, { version: 1 })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })
})

describe('MOD-03 the last administrator', () => {
  test('nobody disables, demotes or hands over himself', async () => {
    const { version } = await member(admin.me.id)
    const path = `/staff-members/${admin.me.id}`
    await admin.expectError('POST', `${path}/disable`, { version }, 409, 'own_account')
    await admin.expectError('POST', `${path}/reset-password`, { version }, 409, 'own_account')
    await admin.expectError('PATCH', path, { roleId: roleId('agent'), version }, 409, 'own_account')
    const { member: heir } = await hire()
    await admin.expectError('POST', `${path}/hand-over`, { to: heir.id, clientKey: newKey(), version }, 409, 'own_account')
  })

  test('of two administrators who remove each other at once one wins, and one remains', async () => {
    const alone = await startTestApp({ roles: ['api'] })
    try {
      const [one, two] = [await alone.staff('admin'), await alone.staff('admin')]
      const remove = {
        disable: (by: StaffClient, whom: StaffClient, version: number) =>
          by.ask('POST', `/staff-members/${whom.me.id}/disable`, { version }),
        demote: (by: StaffClient, whom: StaffClient, version: number) =>
          by.ask('PATCH', `/staff-members/${whom.me.id}`, { roleId: roleId('agent'), version }),
      }
      const answers = await Promise.all([remove.disable(one, two, 1), remove.demote(two, one, 1)])
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      const active = await alone.process.app.db('accounts').where({ role_id: roleId('admin'), status: 'active' })
      expect(active).toHaveLength(1)
      // Whoever is left is told why, when somebody with the same rights tries again.
      const [left] = active
      const survivor = left.id === one.me.id ? one : two
      const role = await survivor.post<StaffRole>('/roles', { name: 'Second', permissions: survivor.me.permissions, dataScope: 'all' })
      const helper = await alone.staff('agent')
      await survivor.patch(`/staff-members/${helper.me.id}`, { roleId: role.id, version: 1 })
      const { version } = await member(survivor.me.id, helper)
      await helper.expectError('POST', `/staff-members/${survivor.me.id}/disable`, { version }, 409, 'last_administrator')
      await helper.expectError('PATCH', `/staff-members/${survivor.me.id}`, { roleId: roleId('agent'), version }, 409, 'last_administrator')
      const heir = await survivor.post<Hired>('/staff-members', newPerson())
      const handOver = { to: heir.member.id, clientKey: newKey(), version }
      await helper.expectError('POST', `/staff-members/${survivor.me.id}/hand-over`, handOver, 409, 'last_administrator')
      expect((await survivor.ask('GET', '/me')).status).toBe(200)
    } finally {
      await alone.stop()
    }
  }, 60_000)
})

describe('MOD-03 离职继承', () => {
  test('MOD-03 a preview counts, one step hands over, and the same key again changes nothing', async () => {
    const [leaving, heir] = [await it.staff('agent', '王可'), await it.staff('agent', '孙悦')]
    const held = [await heldBy(leaving), await heldBy(leaving)]
    const department = await admin.post<Department>('/departments', { name: unique('部门'), parentId: null, leaderId: leaving.me.id })
    const preview = await admin.get<HandOverPreview>(`/staff-members/${leaving.me.id}/hand-over`)
    expect(preview.items).toEqual(
      expect.arrayContaining([
        { kind: 'conversations', count: 2 },
        { kind: 'departments', count: 1 },
      ]),
    )
    const heirSocket = await heir.socket()
    const { version } = await member(leaving.me.id)
    const request = { to: heir.me.id, clientKey: newKey(), version }
    const [first, again] = await Promise.all([1, 2].map(() => admin.ask('POST', `/staff-members/${leaving.me.id}/hand-over`, request)))
    expect([first?.status, again?.status]).toEqual([200, 200])
    expect(again?.body).toEqual(first?.body)
    const done = first?.body.data as HandOver
    expect(done).toMatchObject({ from: { name: '王可' }, to: { name: '孙悦' } })
    expect(done.moved).toEqual(
      expect.arrayContaining([
        { kind: 'conversations', count: 2 },
        { kind: 'departments', count: 1 },
      ]),
    )
    for (const id of held) {
      expect(await conversation(id)).toMatchObject({ status: 'open', assignee: { id: heir.me.id } })
      expect(await noticeIn(id, 'conversation_assigned')).toBeDefined()
      await heirSocket.waitFor('conversation.updated', (event) => event.id === id)
    }
    expect((await heir.get<Conversation[]>('/conversations?assignee=me')).map(({ id }) => id).sort()).toEqual(held.sort())
    expect((await admin.get<Department[]>('/departments')).find(({ id }) => id === department.id)?.leader?.id).toBe(heir.me.id)
    expect((await member(leaving.me.id)).status).toBe('left')
    await leaving.expectError('GET', '/me', undefined, 401, 'unauthenticated')
    expect((await actionsOn(leaving.me.id)).filter((action: string) => action === 'staff.handed_over')).toHaveLength(1)
    await admin.expectError(
      'POST',
      `/staff-members/${leaving.me.id}/hand-over`,
      { ...request, to: admin.me.id },
      409,
      'idempotency_mismatch',
    )
  })

  test('a successor must be there, at work and somebody else; nothing moves otherwise', async () => {
    const leaving = await it.staff('agent')
    const id = await heldBy(leaving)
    const { member: gone } = await hire()
    await act(gone.id, 'disable')
    const { version } = await member(leaving.me.id)
    for (const to of [MISSING, gone.id, leaving.me.id])
      await admin.expectError('POST', `/staff-members/${leaving.me.id}/hand-over`, { to, clientKey: newKey(), version }, 404, 'not_found')
    expect((await conversation(id)).assignee?.id).toBe(leaving.me.id)
    expect((await member(leaving.me.id)).status).toBe('active')
  })

  test('two who hand each other’s colleague over crosswise do not wait for each other for ever', async () => {
    const [one, two] = [await it.staff('agent'), await it.staff('agent')]
    const cross = (from: StaffClient, to: StaffClient) =>
      admin.ask('POST', `/staff-members/${from.me.id}/hand-over`, { to: to.me.id, clientKey: newKey(), version: 1 })
    const answers = await Promise.all([cross(one, two), cross(two, one)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404])
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
