import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { AuditEntry } from '../../contract/audit.ts'
import type { Me, Preferences } from '../../contract/identity.ts'
import type { SavedView } from '../../contract/view.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let agent: StaffClient
let teamId: string

beforeAll(async () => {
  it = await startTestApp({ roles: ['api'] })
  admin = await it.staff('admin')
  supervisor = await it.staff('supervisor')
  agent = await it.staff('agent')
  teamId = (await admin.post<{ id: string }>('/teams', { name: unique('team'), leaderId: supervisor.me.id })).id
  await admin.post(`/teams/${teamId}/members`, { accountIds: [agent.me.id], role: 'agent' })
})
afterAll(() => it.stop())

const view = (name: string, more: object = {}) => ({ page: 'conversations', name, filters: { status: 'open', tags: ['a', 'b'] }, ...more })
const namesOf = async (reader: StaffClient, page = 'conversations') =>
  (await reader.get<SavedView[]>(`/views?page=${page}`)).map(({ name }) => name)

describe('BP-004.3 saved views', () => {
  test('a view follows its owner to every device and is nobody else’s', async () => {
    const name = unique('view')
    const made = await agent.post<SavedView>('/views', view(name))
    expect(made).toMatchObject({ name, filters: { status: 'open', tags: ['a', 'b'] }, mine: true, team: null, version: 1 })
    const elsewhere = await it.logIn(agent.me.username)
    expect(await namesOf(elsewhere)).toContain(name)
    expect(await namesOf(elsewhere, 'customers')).not.toContain(name)
    expect(await namesOf(supervisor)).not.toContain(name)
    await supervisor.expectError('PATCH', `/views/${made.id}`, { name: 'x', version: 1 }, 404, 'not_found')
    await supervisor.expectError('DELETE', `/views/${made.id}?version=1`, undefined, 404, 'not_found')
  })

  test('who may shares with a team of his; the team sees it and cannot change it; the trail knows', async () => {
    const name = unique('shared')
    const shared = await supervisor.post<SavedView>('/views', view(name, { teamId }))
    expect(shared.team).toMatchObject({ id: teamId })
    const seen = (await agent.get<SavedView[]>('/views')).find(({ id }) => id === shared.id)
    expect(seen).toMatchObject({ mine: false, editable: false, owner: { id: supervisor.me.id } })
    await agent.expectError('PATCH', `/views/${shared.id}`, { name: 'x', version: 1 }, 403, 'forbidden')
    await agent.expectError('POST', '/views', view(unique('mine'), { teamId }), 403, 'forbidden')
    const stranger = await it.staff('supervisor')
    await stranger.expectError('POST', '/views', view(unique('theirs'), { teamId }), 403, 'team_not_yours')
    const alone = await supervisor.ask('PATCH', `/views/${shared.id}`, { teamId: null, version: 1 })
    expect(alone.body.data).toMatchObject({ team: null, version: 2 })
    expect(await namesOf(agent)).not.toContain(name)
    const trail = await admin.get<AuditEntry[]>('/audit-entries')
    expect(trail.filter(({ object }) => object.id === shared.id).map(({ action }) => action)).toEqual([
      'saved_view.changed',
      'saved_view.shared',
    ])
  })

  test('two that save one name at once, an old version, a foreign order and bad input are refused', async () => {
    const name = unique('race')
    const both = await Promise.all([1, 2].map(() => agent.ask('POST', '/views', view(name))))
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
    expect(both.find(({ status }) => status === 409)?.body.error.code).toBe('name_taken')
    const own = (await agent.get<SavedView[]>('/views?page=conversations')).filter(({ mine }) => mine)
    const last = own.at(-1)!
    await agent.expectError('PATCH', `/views/${last.id}`, { name: 'x', version: 9 }, 409, 'version_conflict')
    await agent.expectError('PUT', '/views/order', { page: 'conversations', ids: [last.id] }, 409, 'version_conflict')
    const turned = own.map(({ id }) => id).toReversed()
    const { body } = await agent.ask('PUT', '/views/order', { page: 'conversations', ids: turned })
    expect(body.data.filter(({ mine }: SavedView) => mine).map(({ id }: SavedView) => id)).toEqual(turned)
    for (const bad of [
      view(''),
      view('x', { page: 'No Page' }),
      view('x', { filters: { a: 'x'.repeat(501) } }),
      view('x', { filters: { a: 1 } }),
    ])
      await agent.expectError('POST', '/views', bad, 400, 'invalid_request')
  })
})

describe('personal settings', () => {
  test('they are kept in the account: another device has them, another person does not', async () => {
    const changed = await agent.ask('PATCH', '/me/preferences', {
      density: 'compact',
      enterToSend: false,
      layout: { 'panels.open': 'no', columns: ['a', 'b'] },
    })
    expect(changed.body.data).toMatchObject({ density: 'compact', enterToSend: false, sound: true, layout: { 'panels.open': 'no' } })
    const elsewhere = await it.logIn(agent.me.username)
    expect((await elsewhere.get<Me>('/me')).preferences).toEqual(changed.body.data)
    expect(await supervisor.get('/me/preferences')).toMatchObject({ density: 'comfortable', layout: {} })
  })

  test('what two devices change at once both counts; null forgets a key; nonsense is refused', async () => {
    const elsewhere = await it.logIn(agent.me.username)
    await Promise.all([
      agent.ask('PATCH', '/me/preferences', { layout: { one: 1 } }),
      elsewhere.ask('PATCH', '/me', { preferences: { layout: { two: true } } }),
    ])
    expect((await agent.get<Preferences>('/me/preferences')).layout).toMatchObject({ one: 1, two: true, 'panels.open': 'no' })
    await agent.ask('PATCH', '/me/preferences', { layout: { one: null } })
    expect((await agent.get<Preferences>('/me/preferences')).layout).not.toHaveProperty('one')
    const many = Object.fromEntries(Array.from({ length: 61 }, (_each, index) => [`key${index}`, index]))
    for (const bad of [{ density: 'tiny' }, { layout: { a: 'x'.repeat(2001) } }, { layout: { a: {} } }, { unknown: 1 }, { layout: many }])
      await agent.expectError('PATCH', '/me/preferences', bad, 400, 'invalid_request')
  })
})
