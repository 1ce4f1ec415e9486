import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { DictionaryEntry } from '../../contract/dictionary.ts'
import type { Team, TeamMember } from '../../contract/team.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let foreign: StaffClient
let agent: StaffClient

beforeAll(async () => {
  it = await startTestApp({ roles: ['api'] })
  admin = await it.staff('admin')
  supervisor = await it.staff('supervisor', '周主管')
  foreign = await it.staff('supervisor', '钱主管')
  agent = await it.staff('agent', '林晓')
})
afterAll(() => it.stop())

const entries = (dictionary: string) => admin.get<DictionaryEntry[]>(`/dictionaries/${dictionary}`)
const newTeam = (client = supervisor, more: object = {}) => client.post<Team>('/teams', { name: unique('售后组'), ...more })
const members = (team: { id: string }, client = supervisor) => client.get<TeamMember[]>(`/teams/${team.id}/members`)
const put = (team: { id: string }, who: StaffClient, body: object, client = supervisor) =>
  client.put<TeamMember>(`/teams/${team.id}/members/${who.me.id}`, body)

describe('BP-007.1–4 a team and what it is for', () => {
  test('BP-007.1 whoever creates a team supervises it; BP-007.2 name, description and leader are as given', async () => {
    const team = await newTeam(supervisor, { description: '退换货与维修', leaderId: agent.me.id })
    expect(team).toMatchObject({
      description: '退换货与维修',
      leader: { id: agent.me.id, name: '林晓' },
      myRole: 'supervisor',
      memberCount: 2,
      status: 'active',
      openState: { open: true, changesAt: null },
      may: { manage: true, planShifts: true, relate: true },
    })
    expect((await members(team)).map(({ account, role, isLeader }) => [account.name, role, isLeader])).toEqual([
      ['林晓', 'supervisor', true],
      ['周主管', 'supervisor', false],
    ])
  })

  test('BP-007.3 BP-007.4 businesses and skills with levels are entries of the dictionaries; a list given replaces the old one', async () => {
    const [business, other] = await entries('business_type')
    const [skill] = await entries('skill')
    const team = await newTeam(supervisor, { businessTypeIds: [business!.id], skills: [{ skillId: skill!.id, level: 4 }] })
    expect(team.businessTypes.map(({ id }) => id)).toEqual([business!.id])
    expect(team.skills).toMatchObject([{ id: skill!.id, labelZh: skill!.labelZh, level: 4 }])
    const changed = await supervisor.patch<Team>(`/teams/${team.id}`, { businessTypeIds: [other!.id], version: team.version })
    expect(changed.businessTypes.map(({ id }) => id)).toEqual([other!.id])
    expect(changed.skills).toHaveLength(1)
    const found = await supervisor.get<Team[]>(`/teams?businessTypeId=${business!.id}&limit=100`)
    expect(found.map(({ id }) => id)).not.toContain(team.id)
    await supervisor.expectError(
      'PATCH',
      `/teams/${team.id}`,
      { businessTypeIds: [skill!.id], version: changed.version },
      400,
      'entry_unknown',
    )
  })

  test('a name is given once, whatever its case; two at once: one of them gets it', async () => {
    const name = unique('VIP 组')
    const answers = await Promise.all([name, name.toLowerCase()].map((each) => supervisor.ask('POST', '/teams', { name: each })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    expect(answers.find(({ status }) => status === 409)?.body.error.code).toBe('name_taken')
  })

  test('the list is paged, sorted and searched; % is a character like any other', async () => {
    const made = [await newTeam(supervisor, { name: unique('甲%组') }), await newTeam(supervisor, { name: unique('乙组') })]
    const first = await supervisor.ask('GET', '/teams?limit=1&sort=-created')
    expect(first.body.data.map(({ id }: Team) => id)).toEqual([made[1]!.id])
    const second = await supervisor.ask('GET', `/teams?limit=1&sort=-created&cursor=${first.body.nextCursor}`)
    expect(second.body.data.map(({ id }: Team) => id)).toEqual([made[0]!.id])
    const found = await supervisor.get<Team[]>(`/teams?q=${encodeURIComponent('甲%')}`)
    expect(found.map(({ id }) => id)).toEqual([made[0]!.id])
    await supervisor.expectError('GET', '/teams?sort=version;drop', undefined, 400, 'invalid_request')
  })
})

describe('BP-007.7 members', () => {
  test('adding twice adds once; a change needs the version that was seen, and of two at once one is told', async () => {
    const team = await newTeam()
    const added = await put(team, agent, { role: 'agent', maxConversations: 5 })
    expect(added).toMatchObject({ role: 'agent', maxConversations: 5, effectiveMaxConversations: 5, isLeader: false })
    expect(await put(team, agent, { role: 'agent', maxConversations: 5 })).toEqual(added)
    expect(await members(team)).toHaveLength(2)
    const path = `/teams/${team.id}/members/${agent.me.id}`
    const answers = await Promise.all(
      [7, 8].map((maxConversations) => supervisor.ask('PUT', path, { role: 'agent', maxConversations, version: added.version })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('several at once; who is there stays as he is', async () => {
    const team = await newTeam()
    const colleague = await it.staff('agent')
    await put(team, agent, { role: 'agent', maxConversations: 3 })
    const grown = await supervisor.post<Team>(`/teams/${team.id}/members`, {
      accountIds: [agent.me.id, colleague.me.id],
      role: 'supervisor',
    })
    expect(grown.memberCount).toBe(3)
    const mine = (await members(team)).find(({ account }) => account.id === agent.me.id)
    expect(mine).toMatchObject({ role: 'agent', maxConversations: 3 })
  })

  test('members are found by their presence', async () => {
    const team = await newTeam()
    const [there, away] = [await it.staff('agent'), await it.staff('agent')]
    await supervisor.post(`/teams/${team.id}/members`, { accountIds: [there.me.id, away.me.id], role: 'agent' })
    await there.put('/me/presence', { status: 'online' })
    await away.put('/me/presence', { status: 'offline' })
    const found = async (presence: string) => {
      const rows = await supervisor.get<TeamMember[]>(`/teams/${team.id}/members?presence=${presence}`)
      return rows.map((row) => [row.account.id, row.presence])
    }
    expect(await found('online')).toContainEqual([there.me.id, 'online'])
    expect(await found('online')).not.toContainEqual([away.me.id, 'online'])
    expect((await found('offline')).map(([id]) => id)).toContain(away.me.id)
    await supervisor.expectError('GET', `/teams/${team.id}/members?presence=asleep`, undefined, 400, 'invalid_request')
  })

  test('the leader stays a supervising member until another one leads', async () => {
    const team = await newTeam(supervisor, { leaderId: agent.me.id })
    const path = `/teams/${team.id}/members/${agent.me.id}`
    await supervisor.expectError('DELETE', `${path}?version=1`, undefined, 409, 'member_is_leader')
    await supervisor.expectError('PUT', path, { role: 'agent', version: 1 }, 409, 'member_is_leader')
    await supervisor.patch(`/teams/${team.id}`, { leaderId: supervisor.me.id, version: team.version })
    await supervisor.ask('DELETE', `${path}?version=1`)
    expect((await members(team)).map(({ account }) => account.id)).toEqual([supervisor.me.id])
  })

  test('who is disabled or unknown does not become a member', async () => {
    const team = await newTeam()
    const gone = await it.staff('agent')
    await it.process.app.db('accounts').where({ id: gone.me.id }).update({ status: 'disabled' })
    await supervisor.expectError('PUT', `/teams/${team.id}/members/${gone.me.id}`, { role: 'agent' }, 400, 'staff_not_active')
    await supervisor.expectError('POST', `/teams/${team.id}/members`, { accountIds: [team.id], role: 'agent' }, 400, 'staff_not_active')
  })
})

describe('BP-007.8 S22 who may', () => {
  test('S22 the supervisor of one team neither sees nor touches another', async () => {
    const team = await newTeam()
    const path = `/teams/${team.id}`
    await foreign.expectError('GET', path, undefined, 404, 'not_found')
    await foreign.expectError('PATCH', path, { name: '抢走', version: team.version }, 404, 'not_found')
    await foreign.expectError('PUT', `${path}/members/${foreign.me.id}`, { role: 'supervisor' }, 404, 'not_found')
    await foreign.expectError('DELETE', `${path}/members/${supervisor.me.id}?version=1`, undefined, 404, 'not_found')
    await foreign.expectError('GET', `${path}/members`, undefined, 404, 'not_found')
    await foreign.expectError('POST', `${path}/shift-templates`, { name: '早班', from: '08:00', to: '16:00' }, 404, 'not_found')
    expect((await foreign.get<Team[]>('/teams?limit=100')).map(({ id }) => id)).not.toContain(team.id)
    expect(await supervisor.get<Team>(path)).toEqual(team)
  })

  test('S22 an agent creates no team; a member sees his own and may change nothing, nor make himself its supervisor', async () => {
    const team = await newTeam()
    await agent.expectError('POST', '/teams', { name: unique('组') }, 403, 'forbidden')
    await agent.expectError('GET', `/teams/${team.id}`, undefined, 404, 'not_found')
    const { version } = await put(team, agent, { role: 'agent' })
    expect(await agent.get<Team>(`/teams/${team.id}`)).toMatchObject({
      myRole: 'agent',
      may: { manage: false, planShifts: false, relate: false },
    })
    await agent.expectError('PATCH', `/teams/${team.id}`, { usesShifts: true, version: team.version }, 403, 'forbidden')
    await agent.expectError('PUT', `/teams/${team.id}/members/${agent.me.id}`, { role: 'supervisor', version }, 403, 'forbidden')
  })

  test('BP-007.8 an agent with the role 主管 in a team manages that team, and only that one', async () => {
    const [mine, other] = [await newTeam(), await newTeam()]
    await put(mine, agent, { role: 'supervisor' })
    await put(other, agent, { role: 'agent' })
    expect(await agent.patch<Team>(`/teams/${mine.id}`, { description: '改过', version: mine.version })).toMatchObject({
      description: '改过',
    })
    await agent.expectError('PATCH', `/teams/${other.id}`, { description: '改过', version: other.version }, 403, 'forbidden')
    const manageable = await agent.get<Team[]>('/teams?manageable=true&limit=100')
    expect(manageable.map(({ id }) => id)).toContain(mine.id)
    expect(manageable.map(({ id }) => id)).not.toContain(other.id)
  })

  test('an administrator manages all of them', async () => {
    const team = await newTeam()
    expect(await admin.patch<Team>(`/teams/${team.id}`, { status: 'disabled', version: team.version })).toMatchObject({
      status: 'disabled',
    })
    await admin.expectError('PATCH', `/teams/${team.id}`, { status: 'active', version: team.version }, 409, 'version_conflict')
  })

  test('what was done, and by whom, stands in the audit trail', async () => {
    const team = await newTeam()
    await put(team, agent, { role: 'agent' })
    const lines = await it.process.app.db('audit_entries').where({ object_kind: 'team', object_id: team.id }).orderBy('id')
    expect(lines.map(({ action, actor_name: name }) => [action, name])).toEqual([
      ['team.created', '周主管'],
      ['team.member_added', '周主管'],
    ])
  })
})
