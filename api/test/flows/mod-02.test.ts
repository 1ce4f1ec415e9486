import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Department, StaffMember } from '../../contract/organisation.ts'
import type { StaffRole } from '../../contract/roles.ts'
import { startTestApp, unique, type StaffClient, type TestApp } from '../harness.ts'

let it: TestApp
let admin: StaffClient

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '陈默')
})
afterAll(() => it.stop())

const MISSING = '01930000-0000-7000-8000-0000000000ff'
const make = (parentId: string | null = null, name = unique('部门')): Promise<Department> =>
  admin.post<Department>('/departments', { name, parentId })
const all = () => admin.get<Department[]>('/departments')
const get = async (id: string): Promise<Department> => {
  const found = (await all()).find((department) => department.id === id)
  if (!found) throw new Error('no such department')
  return found
}
const childrenOf = async (parentId: string | null) => (await all()).filter((each) => each.parentId === parentId).map(({ id }) => id)
const member = (id: string) => admin.get<StaffMember>(`/staff-members/${id}`)
const put = async (id: string, departmentId: string | null): Promise<StaffMember> =>
  admin.patch<StaffMember>(`/staff-members/${id}`, { departmentId, version: (await member(id)).version })
const move = (one: StaffClient, id: string, parentId: string | null, version: number, before: string | null = null) =>
  one.ask('POST', `/departments/${id}/move`, { parentId, before, version })
const auditOf = async (id: string) =>
  (await it.process.app.db('audit_entries').where({ object_id: id }).orderBy('occurred_at')).map(({ action }: { action: string }) => action)

describe('MOD-02 departments', () => {
  test('MOD-02 a department is made, renamed, given a leader, and removed when it is empty', async () => {
    const lead = await it.staff('supervisor', '周岚')
    const made = await make(null, '客服中心')
    expect(made).toMatchObject({ name: '客服中心', parentId: null, leader: null, members: 0, version: 1 })
    const changed = await admin.patch<Department>(`/departments/${made.id}`, { name: '客户服务中心', leaderId: lead.me.id, version: 1 })
    expect(changed).toMatchObject({ name: '客户服务中心', leader: { id: lead.me.id, name: '周岚' }, version: 2 })
    expect((await admin.ask('DELETE', `/departments/${made.id}?version=2`)).status).toBe(200)
    // Once more: it is gone.
    await admin.expectError('DELETE', `/departments/${made.id}?version=2`, undefined, 404, 'not_found')
    expect(await auditOf(made.id)).toEqual(['department.created', 'department.changed', 'department.deleted'])
  })

  test('MOD-02 siblings keep the order that they are given', async () => {
    const top = await make()
    const [one, two, three] = [await make(top.id), await make(top.id), await make(top.id)]
    expect(await childrenOf(top.id)).toEqual([one.id, two.id, three.id])
    expect((await move(admin, three.id, top.id, 1, one.id)).status).toBe(200)
    expect(await childrenOf(top.id)).toEqual([three.id, one.id, two.id])
    expect((await move(admin, three.id, top.id, 2, null)).status).toBe(200)
    expect(await childrenOf(top.id)).toEqual([one.id, two.id, three.id])
    expect((await Promise.all([one, two, three].map(({ id }) => get(id)))).map(({ position }) => position)).toEqual([0, 1, 2])
  })

  test('MOD-02 a department moves with everything beneath it', async () => {
    const [east, south] = [await make(), await make()]
    const team = await make(east.id)
    const desk = await make(team.id)
    expect((await move(admin, team.id, south.id, 1)).body.data).toMatchObject({ parentId: south.id, version: 2 })
    expect((await get(desk.id)).parentId).toBe(team.id)
    expect(await childrenOf(east.id)).toEqual([])
    expect(await auditOf(team.id)).toEqual(['department.created', 'department.moved'])
  })

  test('MOD-02 merging takes people and departments along', async () => {
    const [from, into] = [await make(), await make()]
    const [child, there] = [await make(from.id), await make(into.id)]
    const person = await it.staff('agent')
    await put(person.me.id, from.id)
    const merged = await admin.post<Department>(`/departments/${from.id}/merge`, { into: into.id, version: 1 })
    expect(merged).toMatchObject({ id: into.id, members: 1 })
    expect(await childrenOf(into.id)).toEqual([there.id, child.id])
    expect((await member(person.me.id)).department?.id).toBe(into.id)
    await admin.expectError('POST', `/departments/${from.id}/merge`, { into: into.id, version: 1 }, 404, 'not_found')
  })

  test('MOD-02 staff are found by department and below', async () => {
    const top = await make()
    const [left, right] = [await make(top.id), await make(top.id)]
    const [boss, one, two] = [await it.staff('supervisor'), await it.staff('agent'), await it.staff('agent')]
    await put(boss.me.id, top.id)
    await put(one.me.id, left.id)
    await put(two.me.id, right.id)
    const list = async (query: string) => (await admin.get<StaffMember[]>(`/staff-members?${query}`)).map(({ id }) => id).sort()
    expect(await list(`departmentId=${top.id}`)).toEqual([boss.me.id, one.me.id, two.me.id].sort())
    expect(await list(`departmentId=${top.id}&below=false`)).toEqual([boss.me.id])
    expect(await list(`departmentId=${left.id}`)).toEqual([one.me.id])
    expect((await get(top.id)).members).toBe(1)
  })
})

describe('MOD-02 what a tree must not become', () => {
  test('a department goes neither beneath itself nor beneath what is beneath it, by moving or merging', async () => {
    const top = await make()
    const middle = await make(top.id)
    const leaf = await make(middle.id)
    for (const target of [top, middle, leaf]) {
      const answer = await move(admin, top.id, target.id, 1)
      expect([answer.status, answer.body.error.code]).toEqual([409, 'department_cycle'])
      await admin.expectError('POST', `/departments/${top.id}/merge`, { into: target.id, version: 1 }, 409, 'department_cycle')
    }
    expect(await childrenOf(middle.id)).toEqual([leaf.id])
  })

  test('two moves at once that are each right never make a circle together', async () => {
    const other = await it.staff('admin')
    for (let round = 0; round < 6; round++) {
      const [one, two] = [await make(), await make()]
      const answers = await Promise.all([move(admin, one.id, two.id, 1), move(other, two.id, one.id, 1)])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
      expect(answers.find(({ status }) => status === 409)?.body.error.code).toBe('department_cycle')
      const parents = [(await get(one.id)).parentId, (await get(two.id)).parentId]
      expect(parents.filter((parent) => parent === null)).toHaveLength(1)
    }
  })

  test('siblings differ in name, also when two are made at once, and after a move or a merge', async () => {
    const top = await make()
    const answers = await Promise.all(['华东组', '华东组'].map((name) => admin.ask('POST', '/departments', { name, parentId: top.id })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    const elsewhere = await make()
    const same = await make(elsewhere.id, '华东组')
    const answer = await move(admin, same.id, top.id, 1)
    expect([answer.status, answer.body.error.code]).toEqual([409, 'name_taken'])
    await admin.expectError('POST', `/departments/${elsewhere.id}/merge`, { into: top.id, version: 1 }, 409, 'name_taken')
    expect((await get(same.id)).parentId).toBe(elsewhere.id)
  })

  test('a department with people or departments in it is not removed', async () => {
    const top = await make()
    await make(top.id)
    await put((await it.staff('agent')).me.id, top.id)
    const context = await admin.expectError('DELETE', `/departments/${top.id}?version=1`, undefined, 409, 'department_not_empty')
    expect(context).toEqual({ children: 1, members: 1 })
  })

  test('somebody put into a department while it is removed: he is in it, or it is gone', async () => {
    for (let round = 0; round < 5; round++) {
      const target = await make()
      const person = await it.staff('agent')
      const [entered, removed] = await Promise.all([
        admin.ask('PATCH', `/staff-members/${person.me.id}`, { departmentId: target.id, version: 1 }),
        admin.ask('DELETE', `/departments/${target.id}?version=1`),
      ])
      expect([entered.status, removed.status]).toEqual(entered.status === 200 ? [200, 409] : [404, 200])
      expect((await member(person.me.id)).department?.id ?? null).toBe(entered.status === 200 ? target.id : null)
    }
  })

  test('two changes at once: one is told that somebody was quicker', async () => {
    const top = await make()
    const answers = await Promise.all(
      ['甲', '乙'].map((name) => admin.ask('PATCH', `/departments/${top.id}`, { name: `${name}${top.id.slice(-6)}`, version: 1 })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 409)?.body.error.code).toBe('version_conflict')
  })
})

describe('MOD-02 refusals', () => {
  test.each(['agent', 'supervisor'] as const)('S22 %s reads the tree and changes nothing in it', async (role) => {
    const person = await it.staff(role)
    const top = await make()
    expect((await person.get<Department[]>('/departments')).some(({ id }) => id === top.id)).toBe(true)
    await person.expectError('POST', '/departments', { name: 'x', parentId: null }, 403, 'forbidden')
    await person.expectError('PATCH', `/departments/${top.id}`, { name: 'x', version: 1 }, 403, 'forbidden')
    await person.expectError('POST', `/departments/${top.id}/move`, { parentId: null, version: 1 }, 403, 'forbidden')
    await person.expectError('POST', `/departments/${top.id}/merge`, { into: MISSING, version: 1 }, 403, 'forbidden')
    await person.expectError('DELETE', `/departments/${top.id}?version=1`, undefined, 403, 'forbidden')
  })

  test('S22 who reaches his own department changes that branch alone; the rest is not there for him', async () => {
    const [mine, theirs] = [await make(), await make()]
    const desk = await make(mine.id)
    const role = await admin.post<StaffRole>('/roles', {
      name: unique('Branch'),
      permissions: ['staff.read', 'departments.manage'],
      dataScope: 'department',
    })
    const person = await it.staff('agent')
    await put(person.me.id, mine.id)
    await admin.patch(`/staff-members/${person.me.id}`, { roleId: role.id, version: (await member(person.me.id)).version })
    await person.post('/departments', { name: unique('部门'), parentId: desk.id })
    await person.patch(`/departments/${desk.id}`, { name: unique('部门'), version: 1 })
    await person.expectError('POST', '/departments', { name: 'x', parentId: null }, 404, 'not_found')
    await person.expectError('POST', '/departments', { name: 'x', parentId: theirs.id }, 404, 'not_found')
    await person.expectError('PATCH', `/departments/${theirs.id}`, { name: 'x', version: 1 }, 404, 'not_found')
    await person.expectError('POST', `/departments/${desk.id}/move`, { parentId: theirs.id, version: 2 }, 404, 'not_found')
    await person.expectError('POST', `/departments/${theirs.id}/merge`, { into: desk.id, version: 1 }, 404, 'not_found')
  })

  test.each([
    ['a blank name', { name: ' ', parentId: null }],
    ['no parent said', { name: 'x' }],
    ['a parent that is no id', { name: 'x', parentId: "1' or '1'='1" }],
    ['a name of a book', { name: 'x'.repeat(61), parentId: null }],
    ['a position of its own (S17)', { name: 'x', parentId: null, position: 0 }],
  ])('bad input: %s is refused with 400', async (_what, body) => {
    await admin.expectError('POST', '/departments', body, 400, 'invalid_request')
  })

  test('bad input: a parent, a leader or a neighbour that is not there', async () => {
    const top = await make()
    await admin.expectError('POST', '/departments', { name: unique('x'), parentId: MISSING }, 404, 'not_found')
    await admin.expectError('PATCH', `/departments/${top.id}`, { leaderId: MISSING, version: 1 }, 400, 'invalid_request')
    await admin.expectError('POST', `/departments/${top.id}/move`, { parentId: null, before: MISSING, version: 1 }, 400, 'invalid_request')
  })
})
