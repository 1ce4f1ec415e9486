import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Me, Permission, Staff } from '../../contract/identity.ts'
import type { StaffMember } from '../../contract/organisation.ts'
import type { PermissionGroupEntry, StaffRole } from '../../contract/roles.ts'
import { startTestApp, unique, type StaffClient, type TestApp } from '../harness.ts'

let it: TestApp
let admin: StaffClient

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '陈默')
})
afterAll(() => it.stop())

const roleBody = (permissions: Permission[], more: Partial<{ name: string; dataScope: StaffRole['dataScope'] }> = {}) => ({
  name: unique('Role'),
  description: '',
  permissions,
  dataScope: 'own' as const,
  ...more,
})
const makeRole = (permissions: Permission[], dataScope: StaffRole['dataScope'] = 'own'): Promise<StaffRole> =>
  admin.post<StaffRole>('/roles', roleBody(permissions, { dataScope }))
const memberOf = (id: string): Promise<StaffMember> => admin.get<StaffMember>(`/staff-members/${id}`)
const giveRole = async (id: string, roleId: string): Promise<StaffMember> =>
  admin.patch<StaffMember>(`/staff-members/${id}`, { roleId, version: (await memberOf(id)).version })

/** Somebody with a role of his own. */
async function somebodyWith(permissions: Permission[], dataScope: StaffRole['dataScope'] = 'own') {
  const role = await makeRole(permissions, dataScope)
  const person = await it.staff('agent')
  await giveRole(person.me.id, role.id)
  return { person, role }
}

const auditOf = (objectId: string) => it.process.app.db('audit_entries').where({ object_id: objectId }).orderBy('occurred_at')

describe('MOD-01 roles', () => {
  test('MOD-01 the built-in roles are there, with their names, scopes and grants', async () => {
    const roles = await admin.get<StaffRole[]>('/roles')
    expect(roles.filter(({ builtIn }) => builtIn).map(({ code, name, dataScope }) => [code, name, dataScope])).toEqual([
      ['agent', '客服', 'own'],
      ['supervisor', '主管', 'team'],
      ['admin', '管理员', 'all'],
    ])
    const points = (await admin.get<PermissionGroupEntry[]>('/permissions')).flatMap(({ permissions }) => permissions)
    const [, , administrator] = roles
    expect([...(administrator?.permissions ?? [])].sort()).toEqual([...points].sort())
    expect(new Set(points).size).toBe(points.length)
  })

  test('MOD-01 everybody is named to who may see staff; more is told only of those within his data scope', async () => {
    const [{ person }, stranger] = [await somebodyWith(['staff.read']), await it.staff('agent')]
    const seenBy = async (reader: StaffClient, id: string) => (await reader.get<Staff[]>('/staff')).find((one) => one.id === id)
    expect(await seenBy(person, stranger.me.id)).toEqual({
      id: stranger.me.id,
      name: stranger.me.name,
      avatarUrl: null,
      status: 'active',
      reached: null,
    })
    expect((await seenBy(person, person.me.id))?.reached).toMatchObject({ username: person.me.username })
    expect((await seenBy(admin, stranger.me.id))?.reached).toMatchObject({ role: 'agent', presence: { accountId: stranger.me.id } })
    const team = await admin.post<{ id: string }>('/teams', { name: unique('同组') })
    const supervisor = await it.staff('supervisor')
    for (const { me } of [stranger, supervisor]) await admin.put(`/teams/${team.id}/members/${me.id}`, { role: 'agent' })
    expect((await seenBy(supervisor, stranger.me.id))?.reached).not.toBeNull()
    expect((await seenBy(supervisor, person.me.id))?.reached).toBeNull()
    const { person: nobody } = await somebodyWith(['conversations.read'])
    await nobody.expectError('GET', '/staff', undefined, 403, 'forbidden')
  })

  test('MOD-01 colleagues are chosen from pages without gaps, found by name, 拼音 and, within reach, user name, and named by id', async () => {
    const mark = unique('甄')
    const made = [await it.staff('agent', `${mark}一`), await it.staff('agent', `${mark}二`), await it.staff('agent', `${mark}三`)]
    const ids = made.map(({ me }) => me.id)
    const named = async (reader: StaffClient, query: string) => (await reader.get<Staff[]>(`/staff?${query}`)).map(({ id }) => id).sort()
    const seen: string[] = []
    for (let cursor = ''; ;) {
      const { body } = await admin.ask('GET', `/staff?q=${encodeURIComponent(mark)}&limit=2${cursor}`)
      seen.push(...(body.data as Staff[]).map(({ id }) => id))
      if (body.nextCursor === null) break
      cursor = `&cursor=${body.nextCursor}`
    }
    expect([seen.length, [...seen].sort()]).toEqual([3, [...ids].sort()])
    const [first, second] = made
    expect(await named(admin, `q=${encodeURIComponent(`${mark}一`)}`)).toEqual([first!.me.id])
    expect(await named(admin, 'q=zhen&limit=200')).toEqual(expect.arrayContaining(ids))
    expect(await named(admin, `q=${encodeURIComponent('%')}`)).toEqual([])
    expect(await named(admin, `q=${first!.me.username}`)).toEqual([first!.me.id])
    const { person } = await somebodyWith(['staff.read'])
    expect(await named(person, `q=${first!.me.username}`)).toEqual([])
    expect(await named(person, `ids=${ids.join(',')}`)).toEqual([...ids].sort())
    const { version } = await admin.get<{ version: number }>(`/staff-members/${second!.me.id}`)
    await admin.post(`/staff-members/${second!.me.id}/disable`, { version })
    expect(await named(admin, `q=${encodeURIComponent(mark)}&status=active`)).toHaveLength(2)
    for (const query of ['limit=0', 'limit=1000', 'cursor=xx', 'ids=x', 'status=left', 'surprise=1'])
      await admin.expectError('GET', `/staff?${query}`, undefined, 400, 'invalid_request')
  })

  test('MOD-01 a custom role is made, given, and holds from the next request; taking it away does too', async () => {
    const { person, role } = await somebodyWith(['staff.read', 'audit.read'])
    const me = await person.get<Me>('/me')
    expect(me).toMatchObject({ role: role.code, roleName: role.name, dataScope: 'own' })
    expect([...me.permissions].sort()).toEqual(['audit.read', 'staff.read'])
    await person.get('/roles')
    await person.expectError('GET', '/conversations', undefined, 403, 'forbidden')
    await giveRole(person.me.id, (await builtIn('agent')).id)
    await person.get('/conversations')
    expect((await auditOf(role.id)).map(({ action }) => action)).toEqual(['role.created'])
    expect((await auditOf(person.me.id)).filter(({ action }) => action === 'staff.changed')).toHaveLength(2)
  })

  test('MOD-01 changing a role acts on live sessions at once, and their sockets come back with the new rights', async () => {
    const { person, role } = await somebodyWith(['staff.read', 'conversations.read'])
    const socket = await person.socket()
    await person.get('/conversations')
    const changed = await admin.patch<StaffRole>(`/roles/${role.id}`, {
      permissions: ['staff.read'],
      dataScope: 'all',
      version: role.version,
    })
    expect(changed).toMatchObject({ permissions: ['staff.read'], dataScope: 'all', accounts: 1, version: role.version + 1 })
    await socket.cut
    await person.expectError('GET', '/conversations', undefined, 403, 'forbidden')
    expect((await person.get<Me>('/me')).dataScope).toBe('all')
    await person.socket()
  })

  test('MOD-01 a new name alone cuts nobody off', async () => {
    const { person, role } = await somebodyWith(['staff.read'])
    const socket = await person.socket()
    await admin.patch(`/roles/${role.id}`, { name: unique('Renamed'), version: role.version })
    await person.get('/me')
    expect(socket.socket.connected).toBe(true)
  })

  test('MOD-01 a role that somebody has is not removed; one that nobody has is gone, also the second time', async () => {
    const { person, role } = await somebodyWith(['staff.read'])
    expect(await admin.expectError('DELETE', `/roles/${role.id}?version=${role.version}`, undefined, 409, 'role_in_use')).toEqual({
      accounts: 1,
    })
    await giveRole(person.me.id, (await builtIn('agent')).id)
    expect((await admin.ask('DELETE', `/roles/${role.id}?version=${role.version}`)).status).toBe(200)
    await admin.expectError('DELETE', `/roles/${role.id}?version=${role.version}`, undefined, 404, 'not_found')
    expect((await auditOf(role.id)).map(({ action }) => action)).toEqual(['role.created', 'role.deleted'])
  })
})

const builtIn = async (code: string): Promise<StaffRole> => {
  const role = (await admin.get<StaffRole[]>('/roles')).find((each) => each.code === code)
  if (!role) throw new Error(`no role ${code}`)
  return role
}

describe('MOD-01 refusals', () => {
  test('built-in roles stay as they are', async () => {
    for (const code of ['agent', 'supervisor', 'admin']) {
      const role = await builtIn(code)
      await admin.expectError('PATCH', `/roles/${role.id}`, { name: 'Mine', version: role.version }, 409, 'role_built_in')
      await admin.expectError('DELETE', `/roles/${role.id}?version=${role.version}`, undefined, 409, 'role_built_in')
    }
  })

  test.each(['agent', 'supervisor'] as const)('S22 %s makes, changes and removes no roles', async (code) => {
    const person = await it.staff(code)
    const role = await makeRole(['staff.read'])
    await person.expectError('POST', '/roles', roleBody(['staff.read']), 403, 'forbidden')
    await person.expectError('PATCH', `/roles/${role.id}`, { name: 'Mine', version: 1 }, 403, 'forbidden')
    await person.expectError('DELETE', `/roles/${role.id}?version=1`, undefined, 403, 'forbidden')
    await person.expectError(
      'PATCH',
      `/staff-members/${person.me.id}`,
      { roleId: (await builtIn('admin')).id, version: 1 },
      403,
      'forbidden',
    )
  })

  test('S22 nobody grants what he has not: not in a new role, not by changing one, not by giving one away', async () => {
    const { person } = await somebodyWith(['roles.manage', 'staff.read', 'staff.manage'], 'all')
    await person.expectError('POST', '/roles', roleBody(['staff.read', 'audit.read']), 403, 'role_beyond_own')
    const own = await person.post<StaffRole>('/roles', roleBody(['staff.read']))
    await person.expectError('PATCH', `/roles/${own.id}`, { permissions: ['settings.manage'], version: 1 }, 403, 'role_beyond_own')
    const stronger = await makeRole(['audit.read'])
    await person.expectError('PATCH', `/roles/${stronger.id}`, { permissions: [], version: 1 }, 403, 'role_beyond_own')
    await person.expectError('DELETE', `/roles/${stronger.id}?version=1`, undefined, 403, 'role_beyond_own')
    const weak = await somebodyWith(['staff.read'])
    const { version } = await person.get<StaffMember>(`/staff-members/${weak.person.me.id}`)
    const path = `/staff-members/${weak.person.me.id}`
    await person.expectError('PATCH', path, { roleId: stronger.id, version }, 403, 'role_beyond_own')
    await person.expectError('PATCH', path, { roleId: (await builtIn('admin')).id, version }, 403, 'role_beyond_own')
    expect((await person.patch<StaffMember>(path, { roleId: own.id, version })).role.id).toBe(own.id)
  })

  test('S22 a wider data scope than one’s own is not given either', async () => {
    const { person } = await somebodyWith(['roles.manage', 'staff.read'], 'team')
    await person.expectError('POST', '/roles', roleBody(['staff.read'], { dataScope: 'department' }), 403, 'role_beyond_own')
    await person.post('/roles', roleBody(['staff.read'], { dataScope: 'team' }))
  })

  test('S22 nobody changes his own role, also not an administrator', async () => {
    const { version } = await memberOf(admin.me.id)
    const { id } = await builtIn('agent')
    await admin.expectError('PATCH', `/staff-members/${admin.me.id}`, { roleId: id, version }, 409, 'own_account')
    const { person } = await somebodyWith(['roles.manage', 'staff.manage', 'staff.read'], 'all')
    const own = await person.get<StaffMember>(`/staff-members/${person.me.id}`)
    await person.expectError('PATCH', `/staff-members/${person.me.id}`, { roleId: id, version: own.version }, 409, 'own_account')
  })

  test('S22 who manages staff does not reach accounts above him: no password, no disabling, no change', async () => {
    const { person } = await somebodyWith(['staff.manage', 'staff.read'], 'all')
    const boss = await it.staff('admin')
    const { version } = await memberOf(boss.me.id)
    for (const action of ['reset-password', 'disable', 'enable'])
      await person.expectError('POST', `/staff-members/${boss.me.id}/${action}`, { version }, 403, 'role_beyond_own')
    await person.expectError('PATCH', `/staff-members/${boss.me.id}`, { name: 'Other', version }, 403, 'role_beyond_own')
    await person.expectError('POST', `/staff-members/${boss.me.id}/read-phone`, undefined, 403, 'role_beyond_own')
    expect((await person.get<StaffMember>(`/staff-members/${boss.me.id}`)).manageable).toBe(false)
  })
})

describe('MOD-01 races and bad input', () => {
  test('two administrators who change a role at once: one is told that it changed', async () => {
    const role = await makeRole(['staff.read'])
    const other = await it.staff('admin')
    const answers = await Promise.all(
      [admin, other].map((one, index) => one.ask('PATCH', `/roles/${role.id}`, { description: `by ${index}`, version: role.version })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 409)?.body.error).toMatchObject({ code: 'version_conflict', context: { version: 2 } })
  })

  test('a role that is removed while it is given: either nobody has it, or it is still there', async () => {
    for (let round = 0; round < 5; round++) {
      const role = await makeRole(['staff.read'])
      const person = await it.staff('agent')
      const { version } = await memberOf(person.me.id)
      const [given, removed] = await Promise.all([
        admin.ask('PATCH', `/staff-members/${person.me.id}`, { roleId: role.id, version }),
        admin.ask('DELETE', `/roles/${role.id}?version=1`),
      ])
      expect([given.status, removed.status]).toEqual(given.status === 200 ? [200, 409] : [404, 200])
      await person.get('/me')
    }
  })

  test('of two roles with one name made at once there is one', async () => {
    const body = roleBody(['staff.read'])
    const answers = await Promise.all([
      admin.ask('POST', '/roles', body),
      admin.ask('POST', '/roles', { ...body, name: body.name.toUpperCase() }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    expect(answers.find(({ status }) => status === 409)?.body.error.code).toBe('name_taken')
  })

  test.each([
    ['an unknown permission', { permissions: ['root'] }],
    ['a permission twice', { permissions: ['staff.read', 'staff.read'] }],
    ['an unknown scope', { dataScope: 'galaxy' }],
    ['a blank name', { name: '   ' }],
    ['a code of its own (S17)', { code: 'admin' }],
    ['the built-in flag (S17)', { builtIn: true }],
    ['a NUL in the name', { name: 'a\u0000b' }],
  ])('bad input: %s is refused with 400', async (_what, wrong) => {
    await admin.expectError('POST', '/roles', { ...roleBody(['staff.read']), ...wrong }, 400, 'invalid_request')
  })

  test('S17 a body that reaches for the prototype changes nothing', async () => {
    const text = JSON.stringify(roleBody(['staff.read'])).replace('{', '{"__proto__":{"builtIn":true},')
    expect((await admin.ask('POST', '/roles', text, { 'content-type': 'application/json' })).status).toBe(400)
    expect(({} as Record<string, unknown>).builtIn).toBeUndefined()
  })
})
