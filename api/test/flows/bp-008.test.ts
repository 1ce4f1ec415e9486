import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Customer } from '../../contract/customer.ts'
import type { DictionaryEntry } from '../../contract/dictionary.ts'
import type { Institution } from '../../contract/institution.ts'
import type { Relation, RelationChange, ServingTeam } from '../../contract/relation.ts'
import type { Team } from '../../contract/team.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let foreign: StaffClient
let agent: StaffClient
let team: Team
let second: Team
let businesses: DictionaryEntry[]

beforeAll(async () => {
  it = await startTestApp({ roles: ['api'] })
  admin = await it.staff('admin')
  supervisor = await it.staff('supervisor', '周主管')
  foreign = await it.staff('supervisor')
  agent = await it.staff('agent')
  team = await newTeam()
  second = await newTeam()
  await supervisor.put(`/teams/${team.id}/members/${agent.me.id}`, { role: 'agent' })
  businesses = await admin.get<DictionaryEntry[]>('/dictionaries/business_type')
})
afterAll(() => it.stop())

const newTeam = (client = supervisor) => client.post<Team>('/teams', { name: unique('服务组') })
const newInstitution = () => admin.post<Institution>('/institutions', { name: unique('远山机构') })
const newCustomer = (more: object = {}) => admin.post<Customer>('/customers', { name: unique('客户'), ...more })
const businessOf = (index: number) => businesses[index]!.id
const day = (days: number) => new Date(it.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10)
const of = (customer: { id: string }) => ({ kind: 'customer', id: customer.id })
const terms = (to: Team, more: object = {}) => ({ teamId: to.id, rank: 'primary', ...more })
const body = (subject: object, ...teams: object[]) => ({ subject, teams })
const relate = (subject: object, ...teams: object[]) => supervisor.post<Relation[]>('/relations', body(subject, ...teams))
const relationsOf = (customer: { id: string }, client = supervisor) => client.get<Relation[]>(`/relations?customerId=${customer.id}`)
const serving = async (customer: { id: string }, query = '') =>
  (await admin.get<ServingTeam[]>(`/customers/${customer.id}/serving-teams${query}`)).map((each) => each.team.id)

describe('BP-008.1–6 establishing', () => {
  test('BP-008.1 BP-008.2 BP-008.3 BP-008.6 a customer gets a primary and a secondary team in one step', async () => {
    const customer = await newCustomer()
    const made = await relate(of(customer), terms(team, { note: '年度合同' }), terms(second, { rank: 'secondary' }))
    expect(made.map(({ team: to, rank, state, validFrom, validUntil }) => [to.id, rank, state, validFrom, validUntil])).toEqual([
      [team.id, 'primary', 'active', day(0), null],
      [second.id, 'secondary', 'active', day(0), null],
    ])
    expect((await relationsOf(customer)).map(({ id }) => id).sort()).toEqual(made.map(({ id }) => id).sort())
    expect(await serving(customer)).toEqual([team.id, second.id])
  })

  test('all of them or none: the second cannot be, so the first is not', async () => {
    const customer = await newCustomer()
    const context = await supervisor.expectError(
      'POST',
      '/relations',
      body(of(customer), terms(team), terms(second)),
      409,
      'relation_overlaps',
    )
    expect(context).toMatchObject({ reason: 'second_primary', other: { teamId: team.id, team: team.name } })
    expect(await relationsOf(customer)).toEqual([])
  })

  test('BP-008.4 one primary for each business: different ones stand side by side, all businesses meet any of them', async () => {
    const customer = await newCustomer()
    await relate(of(customer), terms(team, { businessTypeIds: [businessOf(0)] }), terms(second, { businessTypeIds: [businessOf(1)] }))
    expect(await serving(customer, `?businessTypeId=${businessOf(1)}`)).toEqual([second.id])
    const refused = [[businessOf(1)], [businessOf(1), businessOf(2)], []]
    const third = await newTeam()
    for (const businessTypeIds of refused) {
      await supervisor.expectError('POST', '/relations', body(of(customer), terms(third, { businessTypeIds })), 409, 'relation_overlaps')
    }
    await relate(of(customer), terms(third, { rank: 'secondary' }))
    expect(await serving(customer, `?businessTypeId=${businessOf(0)}`)).toEqual([team.id, third.id])
  })

  test('BP-008.5 one after the other is no overlap; the last day still counts', async () => {
    const customer = await newCustomer()
    const [first] = await relate(of(customer), terms(team, { validFrom: day(-10), validUntil: day(5) }))
    const next = (from: number) => body(of(customer), terms(second, { validFrom: day(from) }))
    await supervisor.expectError('POST', '/relations', next(5), 409, 'relation_overlaps')
    const [following] = await supervisor.post<Relation[]>('/relations', next(6))
    expect([first!.state, following!.state]).toEqual(['expiring', 'upcoming'])
    expect(await serving(customer)).toEqual([team.id])
  })

  test('two that add overlapping primaries at once: one wins', async () => {
    const customer = await newCustomer()
    for (const businessTypeIds of [[], [businessOf(0)]]) {
      const fresh = businessTypeIds.length === 0 ? customer : await newCustomer()
      const answers = await Promise.all(
        [team, second].map((to, index) =>
          supervisor.ask('POST', '/relations', body(of(fresh), terms(to, { businessTypeIds: index === 0 ? businessTypeIds : [] }))),
        ),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
      expect(await relationsOf(fresh)).toHaveLength(1)
    }
  })

  test('sent twice, it is refused as what it is: the same team again', async () => {
    const customer = await newCustomer()
    const twice = body(of(customer), terms(team, { rank: 'secondary' }))
    await supervisor.post('/relations', twice)
    expect(await supervisor.expectError('POST', '/relations', twice, 409, 'relation_overlaps')).toMatchObject({ reason: 'same_team' })
  })
})

describe('who serves this customer now', () => {
  test('his own relations come before his institution’s, primary before secondary, one for the business before one for all', async () => {
    const institution = await newInstitution()
    const customer = await newCustomer({ institutionId: institution.id })
    const [third, fourth] = [await newTeam(), await newTeam()]
    await relate({ kind: 'institution', id: institution.id }, terms(team), terms(second, { rank: 'secondary' }))
    expect(await serving(customer)).toEqual([team.id, second.id])
    await relate(of(customer), terms(third, { rank: 'secondary' }), terms(fourth, { rank: 'secondary', businessTypeIds: [businessOf(0)] }))
    expect(await serving(customer, `?businessTypeId=${businessOf(0)}`)).toEqual([fourth.id, third.id, team.id, second.id])
    expect(await serving(customer)).toEqual([third.id, fourth.id, team.id, second.id])
    expect(await serving(customer, `?businessTypeId=${businessOf(1)}`)).toEqual([third.id, team.id, second.id])
  })

  test('not before its first day, not after its last, not when ended, not by a team that is disabled', async () => {
    const customer = await newCustomer()
    const closing = await newTeam()
    const [ended] = await relate(of(customer), terms(team, { rank: 'secondary' }))
    await relate(of(customer), terms(second, { validFrom: day(3) }), terms(closing, { rank: 'secondary' }))
    expect(await serving(customer)).toEqual([team.id, closing.id])
    await supervisor.post(`/relations/${ended!.id}/end`, { reason: '更换服务商', version: ended!.version })
    await supervisor.patch(`/teams/${closing.id}`, { status: 'disabled', version: closing.version })
    expect(await serving(customer)).toEqual([])
  })

  test('a customer whom my team serves is within my scope, also by his institution', async () => {
    const institution = await newInstitution()
    const [own, through] = [await newCustomer(), await newCustomer({ institutionId: institution.id })]
    for (const { id } of [own, through]) await agent.expectError('GET', `/customers/${id}`, undefined, 404, 'not_found')
    await admin.post('/relations', body(of(own), terms(team)))
    await admin.post('/relations', body({ kind: 'institution', id: institution.id }, terms(team)))
    for (const { id } of [own, through]) expect((await agent.get<Customer>(`/customers/${id}`)).id).toBe(id)
  })
})

describe('BP-008.7 changing and ending', () => {
  test('BP-008.7 the change is made, and who made it stands in the history', async () => {
    const customer = await newCustomer()
    const [made] = await relate(of(customer), terms(team))
    const changed = await admin.patch<Relation>(`/relations/${made!.id}`, {
      rank: 'secondary',
      validUntil: day(90),
      version: made!.version,
    })
    expect(changed).toMatchObject({ rank: 'secondary', validUntil: day(90), version: 2 })
    await supervisor.expectError('PATCH', `/relations/${made!.id}`, { note: '迟到', version: 1 }, 409, 'version_conflict')
    const ended = await supervisor.post<Relation>(`/relations/${made!.id}/end`, { reason: '合同终止', version: 2 })
    expect(ended).toMatchObject({ state: 'ended', endReason: '合同终止', may: { change: false } })
    await supervisor.expectError('POST', `/relations/${made!.id}/end`, { reason: '再来', version: 3 }, 409, 'relation_ended')
    const history = await supervisor.get<RelationChange[]>(`/relations/${made!.id}/changes`)
    expect(history.map(({ action, actor, before, after }) => [action, actor?.id, before, after])).toEqual([
      ['ended', supervisor.me.id, null, { endReason: '合同终止' }],
      ['changed', admin.me.id, { rank: 'primary', validUntil: null }, { rank: 'secondary', validUntil: day(90) }],
      ['created', supervisor.me.id, null, expect.objectContaining({ teamId: team.id, rank: 'primary' })],
    ])
  })

  test('a change into somebody else’s place is refused and changes nothing; after ending, the place is free', async () => {
    const customer = await newCustomer()
    const [primary, other] = await relate(of(customer), terms(team), terms(second, { rank: 'secondary' }))
    const promote = { rank: 'primary', version: other!.version }
    await supervisor.expectError('PATCH', `/relations/${other!.id}`, promote, 409, 'relation_overlaps')
    await supervisor.post(`/relations/${primary!.id}/end`, { reason: '换组', version: primary!.version })
    expect(await supervisor.patch<Relation>(`/relations/${other!.id}`, promote)).toMatchObject({ rank: 'primary' })
  })
})

describe('BP-008 S22 who may', () => {
  test('S22 a foreign supervisor neither relates to nor changes relations of another team', async () => {
    const customer = await newCustomer()
    const [made] = await relate(of(customer), terms(team))
    const own = await newTeam(foreign)
    await foreign.expectError('POST', '/relations', body(of(customer), terms(second, { rank: 'secondary' })), 404, 'not_found')
    await foreign.expectError('PATCH', `/relations/${made!.id}`, { note: 'x', version: 1 }, 404, 'not_found')
    await foreign.expectError('PATCH', `/relations/${made!.id}`, { teamId: own.id, version: 1 }, 404, 'not_found')
    await foreign.expectError('POST', `/relations/${made!.id}/end`, { reason: 'x', version: 1 }, 404, 'not_found')
    expect((await relationsOf(customer))[0]).toEqual(made)
  })

  test('S22 a member of the team sees its relations and changes none; the team’s supervisor may, whatever his role in the house', async () => {
    const customer = await newCustomer()
    const [made] = await relate(of(customer), terms(team))
    expect(await agent.get<Relation>(`/relations/${made!.id}`)).toMatchObject({ may: { change: false } })
    await agent.expectError('PATCH', `/relations/${made!.id}`, { note: 'x', version: 1 }, 403, 'forbidden')
    const captain = await it.staff('agent')
    await supervisor.put(`/teams/${team.id}/members/${captain.me.id}`, { role: 'supervisor' })
    expect(await captain.patch<Relation>(`/relations/${made!.id}`, { note: '组长改', version: 1 })).toMatchObject({ note: '组长改' })
  })

  test('an agent’s list holds the relations of his teams alone', async () => {
    const customer = await newCustomer()
    await relate(of(customer), terms(second))
    const [mine] = await relate(of(await newCustomer()), terms(team))
    const listed = await agent.get<Relation[]>('/relations?limit=100')
    expect(listed.map(({ id }) => id)).toContain(mine!.id)
    expect(new Set(listed.map((each) => each.team.id))).toEqual(new Set([team.id]))
    await agent.expectError('GET', `/relations?customerId=${customer.id}`, undefined, 404, 'not_found')
  })
})

describe('bad input', () => {
  test.each<[string, () => object, string]>([
    ['dates reversed', () => ({ validFrom: day(10), validUntil: day(9) }), 'dates_reversed'],
    ['an end in the past', () => ({ validFrom: day(-9), validUntil: day(-1) }), 'dates_reversed'],
    ['no date', () => ({ validUntil: '2027-02-30' }), 'invalid_request'],
    ['an entry of another dictionary', () => ({ businessTypeIds: [team.id] }), 'entry_unknown'],
    ['a rank that is none', () => ({ rank: 'tertiary' }), 'invalid_request'],
    ['a reminder of a year and more', () => ({ remindDays: 366 }), 'invalid_request'],
    ['an unknown key', () => ({ endedAt: null }), 'invalid_request'],
  ])('%s is refused', async (_, more, code) => {
    const customer = await newCustomer()
    const answer = await supervisor.ask('POST', '/relations', body(of(customer), terms(team, more())))
    expect([answer.status, answer.body.error.code]).toEqual([400, code])
  })

  test('a change that would reverse the dates is refused by what stands, and by the database if it came that far', async () => {
    const [made] = await relate(of(await newCustomer()), terms(team, { validFrom: day(5), validUntil: day(9) }))
    await supervisor.expectError('PATCH', `/relations/${made!.id}`, { validFrom: day(10), version: 1 }, 400, 'dates_reversed')
    const row = it.process.app.db('service_relations').where({ id: made!.id })
    await expect(row.update({ valid_from: day(10) })).rejects.toThrow('service_relations_check')
  })
})
