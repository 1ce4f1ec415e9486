/** Policies: who gets what, in which order they are asked, what they refuse, and what a dry run says. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Assignment } from '../../contract/assignment.ts'
import type { Policy } from '../../contract/routing.ts'
import type { StaffMember } from '../../contract/organisation.ts'
import { type StaffClient, unique } from '../harness.ts'
import { until } from '../until.ts'
import { type House, people, startHouse } from './routing-house.ts'

let house: House
let admin: StaffClient

beforeAll(async () => {
  house = await startHouse()
  admin = house.admin
})
afterAll(() => house.it.stop())
afterEach(() => house.empty())

const online = async (staff: StaffClient[]) => {
  for (const who of staff) await who.be('online')
}
async function learn(who: StaffClient, skillId: string, level: number): Promise<void> {
  const { version } = await admin.get<StaffMember>(`/staff-members/${who.me.id}`)
  await admin.patch(`/staff-members/${who.me.id}`, { skills: [{ skillId, level }], version })
}
const history = (id: string) => admin.get<Assignment[]>(`/conversations/${id}/assignments`)
const all = (more: object = {}) => house.policy({ strategy: 'round_robin', ...more })

describe('strategies on live conversations', () => {
  test('BP-015.3 round robin: each in turn, whatever he has already; the reason names the policy', async () => {
    const staff = await people(house, 3)
    const { name } = await all()
    await online(staff)
    for (let turn = 0; turn < 6; turn++) {
      const id = await house.newcomer()
      await until(async () => expect(await house.holderOf(id)).not.toBeNull())
      if (turn === 5)
        expect((await history(id))[0]).toMatchObject({
          strategy: 'round_robin',
          policy: { name },
          reason: { code: 'round_robin', params: { policy: name } },
        })
    }
    expect(await Promise.all(staff.map(house.loadOf))).toEqual([2, 2, 2])
  })

  test('BP-015.4 fewest open: also where the turn would be another’s', async () => {
    const [busy, free] = await people(house, 2)
    await house.policy({ strategy: 'least_open' })
    await busy!.be('online')
    for (let count = 0; count < 2; count++) await house.untilHeldBy(await house.newcomer(), busy!)
    await free!.be('online')
    for (let count = 0; count < 2; count++) await house.untilHeldBy(await house.newcomer(), free!)
  })

  test('BP-015.5 skills: the best of those who have them; who lacks one waits for nobody, and a policy may say that the work waits', async () => {
    const [skill] = await house.skills()
    const [novice, expert, without] = await people(house, 3)
    await learn(novice!, skill!.id, 2)
    await learn(expert!, skill!.id, 5)
    const settings = { skills: [{ skillId: skill!.id, level: 2 }] }
    const policy = await house.policy({ strategy: 'skill_match', settings, otherwise: 'wait' })
    await without!.be('online')
    const id = await house.newcomer()
    expect(await house.dryRun({ conversationId: id })).toMatchObject({
      chosen: null,
      reason: { code: 'waits_for_policy', params: { policy: policy.name } },
      strategy: 'skill_match',
    })
    expect(await house.holderOf(id)).toBeNull()
    await online([novice!, expert!])
    await until(async () => expect([novice!.me.id, expert!.me.id]).toContain(await house.holderOf(id)))
    await house.untilHeldBy(await house.newcomer(), expert!)
    // Somebody learns it: what waits for it may be his.
    await online([novice!, expert!].map((who) => who))
    await novice!.be('offline')
    await expert!.be('offline')
    const next = await house.newcomer()
    await learn(without!, skill!.id, 3)
    await house.untilHeldBy(next, without!)
  })

  test('BP-015.6 weighted: visible points for load, skill, response and idle time, kept with the assignment', async () => {
    const [one, two] = await people(house, 2)
    await house.policy({ strategy: 'weighted', settings: { weights: { load: 100, skill: 0, response: 0, idle: 0 } } })
    await house.team([one!], { memberMaxConversations: 2 })
    await online([one!, two!])
    const held = await Promise.all([house.newcomer(), house.newcomer(), house.newcomer()])
    await until(async () =>
      expect((await Promise.all(held.map(house.holderOf))).filter((id) => id === two!.me.id).length).toBeGreaterThan(1),
    )
    const id = await house.newcomer()
    await house.untilHeldBy(id, two!)
    const [assignment] = await history(id)
    expect(assignment).toMatchObject({ strategy: 'weighted', reason: { code: 'weighted' } })
    expect(assignment!.considered[0]).toMatchObject({ account: { id: one!.me.id }, figures: { capacity: 2, parts: { skill: 0 } } })
  })

  test('familiar first: who served him before, also when he has more to do; directed: whom the policy names', async () => {
    const [known, other] = await people(house, 2)
    const customer = await house.it.webCustomer(house.web.id)
    const write = async () => {
      await customer.say('在吗')
      return (await customer.history()).conversation!.id
    }
    await known!.be('online')
    const first = await write()
    await house.untilHeldBy(first, known!)
    await house.untilHeldBy(await house.newcomer(), known!)
    await known!.post(`/conversations/${first}/close`, { reason: 'spam' })
    await other!.be('online')
    await house.policy({ strategy: 'familiar_first' })
    const again = await write()
    await house.untilHeldBy(again, known!)
    expect((await history(again))[0]?.reason).toMatchObject({ code: 'familiar', params: { days: 0 } })
    const directed = await house.policy({ strategy: 'directed', settings: { accountIds: [other!.me.id] } })
    const [{ id }, ...rest] = [directed, ...(await admin.get<Policy[]>('/routing/policies')).filter((each) => each.id !== directed.id)]
    await admin.put('/routing/policies/order', { workKind: 'conversation', ids: [id, ...rest.map((each) => each.id)] })
    await house.untilHeldBy(await house.newcomer(), other!)
  })
})

describe('BP-015.1 BP-015.8 which policy applies', () => {
  test('BP-015.1 conditions, team, order, effective time; the dry run names each that was passed over and why', async () => {
    const [who] = await people(house, 1)
    const team = await house.team([])
    await who!.be('online')
    const tomorrow = new Date(house.it.now() + 86_400_000).toISOString()
    const passed = [
      await all({ name: '停用', enabled: false }),
      await all({ name: '将来', effectiveFrom: tomorrow }),
      await all({ name: '别组', teamId: team.id }),
      await all({ name: '微信', conditions: { channelKinds: ['wechat-official'] } }),
      await house.policy({ name: '定向', strategy: 'directed', settings: { accountIds: [admin.me.id] } }),
    ]
    const rest = await all({ name: '其余' })
    const run = await house.dryRun({ channelKind: 'web' })
    expect(run).toMatchObject({ chosen: { id: who!.me.id }, policy: { id: rest.id }, strategy: 'round_robin' })
    expect(run.passed.map(({ policy, code }) => [policy.id, code])).toEqual(
      passed.map(({ id }, index) => [id, ['off', 'not_in_effect', 'other_team', 'conditions', 'nobody'][index]]),
    )
    expect((await house.dryRun({ channelKind: 'wechat-official' })).policy?.id).toBe(passed[3]!.id)
    await admin.put('/routing/policies/order', { workKind: 'conversation', ids: [rest.id, ...passed.map(({ id }) => id)] })
    expect((await house.dryRun({ channelKind: 'wechat-official' })).policy?.id).toBe(rest.id)
  })

  test('BP-015.8 switched off it decides nothing from the next message on; on again it does; both are in the trail', async () => {
    const [who] = await people(house, 1)
    await who!.be('online')
    const policy = await all()
    const off = await admin.patch<Policy>(`/routing/policies/${policy.id}`, { enabled: false, version: policy.version })
    expect(off).toMatchObject({ enabled: false, active: false })
    expect((await house.dryRun({})).policy).toBeNull()
    await admin.patch(`/routing/policies/${policy.id}`, { enabled: true, version: off.version })
    expect((await house.dryRun({})).policy?.id).toBe(policy.id)
    const lines = await house.it.process.app.db('audit_entries').where({ object_id: policy.id }).orderBy('occurred_at').pluck('action')
    expect(lines).toEqual(['policy.created', 'policy.changed', 'policy.changed'])
  })

  test('BP-015.2 tickets have policies of their own, and wait for nobody to be online', async () => {
    const [who] = await people(house, 1)
    const policy = await house.policy({ workKind: 'ticket', strategy: 'directed', settings: { accountIds: [who!.me.id] } })
    expect(await admin.get('/routing/policies')).toEqual([])
    expect(await house.dryRun({ workKind: 'ticket' })).toMatchObject({ chosen: { id: who!.me.id }, policy: { id: policy.id } })
    expect((await house.dryRun({ workKind: 'conversation' })).chosen).toBeNull()
    await admin.ask('DELETE', `/routing/policies/${policy.id}?version=1`)
  })

  test('BP-015.1 the dry run says of everybody why not, and changes nothing', async () => {
    const [chosen, full, busy, off, foreign] = await people(house, 5)
    const team = await house.team([chosen!, full!, busy!, off!])
    await house.team([full!], { memberMaxConversations: 1 })
    await full!.be('online')
    await house.untilHeldBy(await house.newcomer(), full!)
    await busy!.be('busy')
    await online([chosen!, foreign!])
    const run = await house.dryRun({ teamId: team.id })
    const verdicts = new Map(run.candidates.map(({ account, excluded }) => [account.id, excluded]))
    expect([chosen, full, busy, off, foreign].map((who) => verdicts.get(who!.me.id))).toEqual([
      null,
      'at_capacity',
      'busy',
      'offline',
      'not_in_team',
    ])
    expect(await house.loadOf(chosen!)).toBe(0)
  })

  test('BP-015.1 S22 of a conversation that is not there, or that another team serves, it says no more than that; of one’s own it names who', async () => {
    const [owner, mine] = await people(house, 2)
    const [supervisor, foreign] = [await house.it.staff('supervisor'), await house.it.staff('supervisor')]
    const team = await house.team([supervisor, owner!, mine!])
    await house.team([foreign])
    const id = await house.newcomerFor(team)
    await owner!.be('online')
    await house.untilHeldBy(id, owner!)
    const nowhere = { conversationId: '01930000-0000-7000-8000-0000000000ff' }
    await supervisor.expectError('POST', '/routing/dry-run', nowhere, 404, 'not_found')
    await foreign.expectError('POST', '/routing/dry-run', { conversationId: id }, 404, 'not_found')
    await supervisor.expectError('POST', '/routing/dry-run', { conversationId: 'all' }, 400, 'invalid_request')
    expect(await supervisor.post('/routing/dry-run', { conversationId: id })).toMatchObject({ chosen: { id: owner!.me.id } })
  })

  test('without any policy the house gives to who has least; with nobody it says so', async () => {
    expect(await house.dryRun({})).toMatchObject({ chosen: null, reason: { code: 'nobody_free' }, policy: null })
    const [who] = await people(house, 1)
    await who!.be('online')
    expect(await house.dryRun({})).toMatchObject({ chosen: { id: who!.me.id }, strategy: 'least_open', reason: { code: 'only_agent' } })
  })
})

describe('who may, and what is refused', () => {
  test('an agent may neither read nor change policies, rules and the dry run', async () => {
    const [agent] = await people(house, 1)
    for (const path of ['/routing/policies', '/routing/queue-rules', '/routing/presence-settings'])
      await agent!.expectError('GET', path, undefined, 403, 'forbidden')
    await agent!.expectError('POST', '/routing/policies', { workKind: 'conversation', name: 'x', strategy: 'least_open' }, 403, 'forbidden')
    await agent!.expectError('POST', '/routing/dry-run', {}, 403, 'forbidden')
  })

  test('who supervises a team changes the rules of his teams, not those of the house and of others; the lists say which', async () => {
    const supervisor = await house.it.staff('supervisor')
    const [mine, theirs] = [await house.team([supervisor]), await house.team([])]
    const [general, own, other] = [await all(), await all({ teamId: mine.id }), await all({ teamId: theirs.id })]
    const may = new Map((await supervisor.get<Policy[]>('/routing/policies')).map(({ id, canChange }) => [id, canChange]))
    expect([general, own, other].map(({ id }) => may.get(id))).toEqual([false, true, false])
    for (const { id, version } of [general, other]) {
      await supervisor.expectError('PATCH', `/routing/policies/${id}`, { enabled: false, version }, 403, 'forbidden')
      await supervisor.expectError('DELETE', `/routing/policies/${id}?version=${version}`, undefined, 403, 'forbidden')
    }
    const moved = { teamId: null, version: own.version }
    await supervisor.expectError('PATCH', `/routing/policies/${own.id}`, moved, 403, 'forbidden')
    const order = { workKind: 'conversation', ids: [own.id, general.id, other.id] }
    await supervisor.expectError('PUT', '/routing/policies/order', order, 403, 'forbidden')
    const fresh = { workKind: 'conversation', name: unique('新'), strategy: 'least_open' }
    await supervisor.expectError('POST', '/routing/policies', fresh, 403, 'forbidden')
    expect(await supervisor.patch(`/routing/policies/${own.id}`, { enabled: false, version: own.version })).toMatchObject({
      enabled: false,
    })
    for (const teamId of [null, theirs.id])
      await supervisor.expectError('PUT', '/routing/queue-rules', { teamId, version: teamId === null ? 1 : 0 }, 403, 'forbidden')
    expect((await supervisor.ask('PUT', '/routing/queue-rules', { teamId: mine.id, version: 0 })).status).toBe(200)
    const settings = await supervisor.get<object>('/routing/presence-settings')
    await supervisor.expectError('PUT', '/routing/presence-settings', settings, 403, 'forbidden')
    expect((await admin.get<Policy[]>('/routing/policies')).filter(({ canChange }) => canChange)).toHaveLength(3)
  })

  test('bad input: what could never choose, names nobody, or ends before it begins is refused and nothing is stored', async () => {
    const missing = '01930000-0000-7000-8000-0000000000ff'
    const bad: [object, number, string][] = [
      [{ strategy: 'directed' }, 400, 'invalid_request'],
      [{ strategy: 'directed', settings: { accountIds: [missing] } }, 400, 'staff_not_active'],
      [{ strategy: 'weighted', settings: { weights: { load: 0, skill: 0, response: 0, idle: 0 } } }, 400, 'invalid_request'],
      [{ strategy: 'skill_match', settings: { skills: [{ skillId: missing, level: 1 }] } }, 400, 'entry_unknown'],
      [{ strategy: 'least_open', teamId: missing }, 404, 'not_found'],
      [{ strategy: 'least_open', conditions: { tagIds: [missing] } }, 400, 'tag_unknown'],
      [{ strategy: 'least_open', conditions: { from: '09:00' } }, 400, 'invalid_request'],
      [{ strategy: 'least_open', effectiveFrom: '2026-12-02T00:00:00Z', effectiveUntil: '2026-12-01T00:00:00Z' }, 400, 'dates_reversed'],
      [{ strategy: 'best_of_all' }, 400, 'invalid_request'],
      [{ strategy: 'least_open', rank: 1 }, 400, 'invalid_request'],
    ]
    for (const [more, status, code] of bad) {
      const answer = await admin.ask('POST', '/routing/policies', { workKind: 'conversation', name: unique('坏'), ...more })
      expect([more, answer.status, answer.body.error.code]).toEqual([more, status, code])
    }
    expect(await admin.get('/routing/policies')).toEqual([])
  })

  test('two who change one policy at once: one does, the other is told; a name is taken once', async () => {
    const policy = await all({ name: '唯一' })
    const answers = await Promise.all(
      ['甲', '乙'].map((name) => admin.ask('PATCH', `/routing/policies/${policy.id}`, { name: unique(name), version: 1 })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    await all({ name: '唯一' })
    await admin.expectError(
      'POST',
      '/routing/policies',
      { workKind: 'conversation', name: '唯一', strategy: 'least_open' },
      409,
      'name_taken',
    )
    await admin.expectError('PUT', '/routing/policies/order', { workKind: 'conversation', ids: [policy.id] }, 409, 'version_conflict')
  })
})
