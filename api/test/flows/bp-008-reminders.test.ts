/** Reminders before the end, bulk changes, and what becomes of relations when people merge or leave. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Customer } from '../../contract/customer.ts'
import type { CustomerMerge } from '../../contract/merge.ts'
import type { Notification } from '../../contract/notification.ts'
import type { Relation, RelationChange } from '../../contract/relation.ts'
import type { Team, TeamMember } from '../../contract/team.ts'
import type { App } from '../../core/app.ts'
import { newKey, type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let foreign: StaffClient
let leader: StaffClient
let owner: StaffClient

beforeAll(async () => {
  it = await startTestApp({ roles: ['api'] })
  admin = await it.staff('admin')
  supervisor = await it.staff('supervisor', '周主管')
  foreign = await it.staff('supervisor')
  leader = await it.staff('agent', '组长')
  owner = await it.staff('agent', '专属客服')
})
afterAll(() => it.stop())

const newTeam = (more: object = {}) => supervisor.post<Team>('/teams', { name: unique('服务组'), ...more })
const newCustomer = (more: object = {}) => admin.post<Customer>('/customers', { name: unique('客户'), ...more })
const of = ({ id }: { id: string }) => ({ kind: 'customer', id })
const terms = (to: Team, more: object = {}) => ({ teamId: to.id, rank: 'primary', ...more })
const relate = (customer: { id: string }, ...teams: object[]) => admin.post<Relation[]>('/relations', { subject: of(customer), teams })
const relationsOf = (customer: { id: string }) => admin.get<Relation[]>(`/relations?customerId=${customer.id}`)
const DAY = 86_400_000
const day = (days: number) => new Date(it.now() + 8 * 3_600_000 + days * DAY).toISOString().slice(0, 10)

/** What the clock would do by and by, now. */
async function remind(app: App = it.process.app): Promise<void> {
  const schedule = app.modules.flatMap(({ schedules = [] }) => schedules).find(({ name }) => name === 'teams.remind-of-relations')
  if (!schedule) throw new Error('no schedule')
  await schedule.run(app)
}
const newsFor = async (reader: StaffClient, kind: string, customer: { name: string | null }) => {
  const client = await it.logIn(reader.me.username)
  return (await client.get<Notification[]>('/notifications?limit=100')).filter(
    (each) => each.kind === kind && each.params['customer'] === customer.name,
  )
}

describe('BP-008.8 reminders', () => {
  test('BP-008.8 so many days before the last one, leader, supervisors and the customer’s own agent are told, once', async () => {
    const team = await newTeam({ leaderId: leader.me.id })
    const customer = await newCustomer({ ownerId: owner.me.id })
    await relate(customer, terms(team, { validUntil: day(10), remindDays: 7 }))
    await remind()
    expect(await newsFor(leader, 'relation.expiring', customer)).toEqual([])
    const until = day(10)
    await it.travel(3 * DAY)
    // Two processes at once, and again later.
    const other = await it.start(['api'])
    await Promise.all([remind(), remind(other.app), remind(), remind(other.app)])
    await remind()
    await other.stop()
    for (const reader of [leader, supervisor, owner]) {
      expect(await newsFor(reader, 'relation.expiring', customer)).toMatchObject([
        { params: { customer: customer.name, team: team.name, day: until, days: 7 }, link: `/customers/${customer.id}` },
      ])
    }
    expect(await newsFor(foreign, 'relation.expiring', customer)).toEqual([])
  })

  test('after an outage it is told at once; once more only for another last day', async () => {
    ;[admin, supervisor] = [await it.logIn(admin.me.username), await it.logIn(supervisor.me.username)]
    const team = await newTeam()
    const customer = await newCustomer()
    const [relation] = await relate(customer, terms(team, { validUntil: day(20), remindDays: 7 }))
    await it.travel(25 * DAY)
    await remind()
    await remind()
    expect(await newsFor(supervisor, 'relation.expired', customer)).toMatchObject([{ params: { days: 5 } }])
    ;[admin, supervisor] = [await it.logIn(admin.me.username), await it.logIn(supervisor.me.username)]
    await admin.patch(`/relations/${relation!.id}`, { validUntil: day(3), version: 1 })
    await remind()
    await remind()
    expect(await newsFor(supervisor, 'relation.expiring', customer)).toMatchObject([{ params: { days: 3 } }])
  })

  test('a team without leader or supervisor: its members are told; without members, who established the relation', async () => {
    ;[admin, supervisor] = [await it.logIn(admin.me.username), await it.logIn(supervisor.me.username)]
    const [staffed, empty] = [await newTeam(), await newTeam()]
    const [one, other] = [await newCustomer({ ownerId: null }), await newCustomer({ ownerId: null })]
    await relate(one, terms(staffed, { validUntil: day(2) }))
    await relate(other, terms(empty, { validUntil: day(2) }))
    const { db } = it.process.app
    await db('team_members').where({ team_id: staffed.id }).update({ account_id: leader.me.id, role: 'agent' })
    await db('team_members').where({ team_id: empty.id }).delete()
    await remind()
    expect(await newsFor(leader, 'relation.expiring', one)).toHaveLength(1)
    expect(await newsFor(admin, 'relation.expiring', one)).toEqual([])
    expect(await newsFor(admin, 'relation.expiring', other)).toHaveLength(1)
  })

  test('one without a reminder, and one that was ended, tell nobody', async () => {
    ;[admin, supervisor] = [await it.logIn(admin.me.username), await it.logIn(supervisor.me.username)]
    const team = await newTeam()
    const [silent, ended] = [await newCustomer(), await newCustomer()]
    await relate(silent, terms(team, { validUntil: day(2), remindDays: null }))
    const [relation] = await relate(ended, terms(team, { validUntil: day(2) }))
    await admin.post(`/relations/${relation!.id}/end`, { reason: '终止', version: 1 })
    await remind()
    for (const customer of [silent, ended]) expect(await newsFor(supervisor, 'relation.expiring', customer)).toEqual([])
  })
})

describe('BP-008.7 many at once', () => {
  interface Result {
    done: number
    failed: number
    rows: { id: string; relationId: string | null; error: { code: string } | null }[]
  }
  const bulk = (body: object, client = supervisor) => client.post<Result>('/relation-changes', body)
  const codes = ({ rows }: Result) => rows.map(({ error }) => error?.code ?? null)

  beforeAll(async () => {
    ;[admin, supervisor] = [await it.logIn(admin.me.username), await it.logIn(supervisor.me.username)]
    foreign = await it.logIn(foreign.me.username)
  })

  test('each row stands or falls by itself and says why', async () => {
    const [team, rival] = [await newTeam(), await newTeam()]
    const [free, taken] = [await newCustomer(), await newCustomer()]
    await relate(taken, terms(rival))
    const missing = { kind: 'customer', id: team.id }
    const made = await bulk({ action: 'create', subjects: [of(taken), of(free), missing], ...terms(team) })
    expect({ done: made.done, failed: made.failed, codes: codes(made) }).toEqual({
      done: 1,
      failed: 2,
      codes: ['relation_overlaps', null, 'not_found'],
    })
    const [theirs] = await relationsOf(taken)
    const ids = [made.rows[1]!.relationId!, theirs!.id]
    const moved = await bulk({ action: 'change', relationIds: ids, change: { validUntil: day(100), note: '续签' } })
    expect(codes(moved)).toEqual([null, null])
    const ended = await bulk({ action: 'end', relationIds: [...ids, ids[0]], reason: '业务调整' })
    expect(codes(ended)).toEqual([null, null])
    expect(codes(await bulk({ action: 'end', relationIds: ids, reason: '再一次' }))).toEqual(['relation_ended', 'relation_ended'])
  })

  test('two runs over the same rows in opposite orders wait for each other: both are done, or told why, row by row', async () => {
    const team = await newTeam()
    const customers = await Promise.all(Array.from({ length: 6 }, () => newCustomer()))
    const subjects = customers.map(of)
    const create = { action: 'create', ...terms(team) }
    const made = await Promise.all([bulk({ ...create, subjects }), bulk({ ...create, subjects: [...subjects].reverse() })])
    expect(made.map(({ done, failed }) => done + failed)).toEqual([6, 6])
    // Whoever came second found every place taken.
    expect(made.map(({ done }) => done).sort()).toEqual([0, 6])
    const ids = made.flatMap(({ rows }) => rows.flatMap(({ relationId }) => relationId ?? []))
    const change = (note: string, relationIds: string[]) => bulk({ action: 'change', relationIds, change: { note } })
    const changed = await Promise.all([change('甲', ids), change('乙', [...ids].reverse())])
    expect(changed.map(({ done }) => done)).toEqual([6, 6])
    expect(changed[1].rows.map(({ id }) => id)).toEqual([...ids].reverse())
    const notes = await Promise.all(customers.map(async (customer) => (await relationsOf(customer))[0]!.note))
    expect(new Set(notes).size).toBe(1)
  })

  test('BP-008.8 what ends within so many days is found, whatever its reminder says', async () => {
    const team = await newTeam()
    const ends = [0, 7, 8, null]
    for (const days of ends)
      await relate(await newCustomer(), terms(team, { validUntil: days === null ? null : day(days), remindDays: null }))
    const within = async (days: number) =>
      (await admin.get<Relation[]>(`/relations?teamId=${team.id}&endsWithinDays=${days}&sort=expiry`)).map(({ validUntil }) => validUntil)
    expect(await within(0)).toEqual([day(0)])
    expect(await within(7)).toEqual([day(0), day(7)])
    const [first] = await admin.get<Relation[]>(`/relations?teamId=${team.id}&endsWithinDays=0`)
    await admin.post(`/relations/${first!.id}/end`, { reason: '提前结束', version: first!.version })
    expect(await within(30)).toEqual([day(7), day(8)])
    await admin.expectError('GET', '/relations?endsWithinDays=-1', undefined, 400, 'invalid_request')
  })

  test('S22 what is not the caller’s stays as it is', async () => {
    const customer = await newCustomer()
    const [relation] = await relate(customer, terms(await newTeam()))
    expect(codes(await bulk({ action: 'end', relationIds: [relation!.id], reason: 'x' }, foreign))).toEqual(['not_found'])
    expect(await relationsOf(customer)).toEqual([relation])
    await foreign.expectError('POST', '/relation-changes', { action: 'delete', relationIds: [relation!.id] }, 400, 'invalid_request')
  })
})

describe('when people become one, or leave', () => {
  test('relations follow a merge; what meets gives way, and all of it comes back with the undo', async () => {
    const [a, b, c] = [await newTeam(), await newTeam(), await newTeam()]
    const [from, into] = [await newCustomer(), await newCustomer()]
    const before = await relate(from, terms(a), terms(b, { rank: 'secondary' }))
    await relate(into, terms(c), terms(b, { rank: 'secondary' }))
    const merge = await admin.post<CustomerMerge>(`/customers/${into.id}/merges`, {
      from: from.id,
      fromVersion: from.version,
      version: into.version,
    })
    const after = await relationsOf(into)
    const stateOf = (team: Team) => after.filter((each) => each.team.id === team.id).map(({ rank, state }) => [rank, state])
    expect([stateOf(a), stateOf(b).sort(), stateOf(c)]).toEqual([
      [['secondary', 'active']],
      [
        ['secondary', 'active'],
        ['secondary', 'ended'],
      ],
      [['primary', 'active']],
    ])
    await admin.post(`/customer-merges/${merge.id}/undo`)
    const back = await relationsOf(from)
    const facts = (each: Relation) => [each.id, each.team.id, each.rank, each.state]
    expect(back.map(facts).sort()).toEqual(before.map(facts).sort())
    expect(await relationsOf(into)).toHaveLength(2)
    const history = await admin.get<RelationChange[]>(`/relations/${before[0]!.id}/changes`)
    expect(history.map(({ action }) => action)).toEqual(['moved_back', 'moved', 'created'])
    expect(history[1]).toMatchObject({ before: { rank: 'primary' }, after: { rank: 'secondary' } })
  })

  test('MOD-03 a successor leads the teams of who leaves, and joins those he was in', async () => {
    const [leaving, successor] = [await it.staff('agent'), await it.staff('agent')]
    const [led, joined] = [await newTeam({ leaderId: leaving.me.id }), await newTeam()]
    for (const who of [leaving, successor]) await supervisor.put(`/teams/${joined.id}/members/${who.me.id}`, { role: 'agent' })
    const path = `/staff-members/${leaving.me.id}`
    const preview = await admin.get<{ items: { kind: string; count: number }[] }>(`${path}/hand-over`)
    expect(preview.items).toEqual(
      expect.arrayContaining([
        { kind: 'team_leaderships', count: 1 },
        { kind: 'memberships', count: 2 },
      ]),
    )
    const { version } = await admin.get<{ version: number }>(path)
    await admin.post(`${path}/hand-over`, { to: successor.me.id, clientKey: newKey(), version })
    expect((await admin.get<Team>(`/teams/${led.id}`)).leader?.id).toBe(successor.me.id)
    const members = await admin.get<TeamMember[]>(`/teams/${joined.id}/members`)
    expect(members.map(({ account }) => account.id).sort()).toEqual([supervisor.me.id, successor.me.id].sort())
  })
})
