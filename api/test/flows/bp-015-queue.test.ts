/** Queues: their order, what a full one does, who hears of them; agents who do not turn to what they were given. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { ConsultationSettings } from '../../contract/consultation.ts'
import type { Notification } from '../../contract/notification.ts'
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

const db = () => house.it.process.app.db
/** A page whose customers are matched with this team. */
async function pageOf(team: { id: string }): Promise<{ id: string }> {
  const web = await house.it.connectWeb()
  const { rules, version } = await admin.get<ConsultationSettings>(`/consultation/settings/${web.id}`)
  await admin.put(`/consultation/settings/${web.id}`, { rules: { ...rules, teamId: team.id }, texts: {}, version })
  return web
}
const orderOf = async (): Promise<string[]> =>
  db()('queue_entries').whereNull('left_at').orderBy(['rank_at', 'id']).pluck<string[]>('work_id')

describe('BP-015.7 the order of a queue', () => {
  test('BP-015.7 BP-003.5 VIPs have a head start worth minutes, not for ever; new rules put those who wait in their order at once', async () => {
    const tag = await admin.post<{ id: string }>('/customer-tags', { name: unique('贵宾'), color: '#ff0000' })
    const first = await house.newcomer()
    await house.it.travel(20 * 60_000)
    admin = await house.it.logIn(admin.me.username)
    house = { ...house, admin }
    const vip = await house.newcomer()
    await db()('customer_tag_links')
      .insert({ customer_id: (await admin.conversation(vip)).customer.id, tag_id: tag.id })
      .onConflict()
      .ignore()
    // He waits already: the tag counts from when he comes again, the rules for what is known.
    await db()('queue_entries')
      .where({ work_id: vip })
      .update({ facts: JSON.stringify({ tagIds: [tag.id] }) })
    const rule = { vipTagIds: [tag.id], vipPoints: 60, pointsPerMinute: 2 }
    const version = async () => (await admin.get<{ version: number }[]>('/routing/queue-rules'))[0]!.version
    await admin.put('/routing/queue-rules', { teamId: null, ...rule, version: await version() })
    expect(await orderOf()).toEqual([vip, first])
    expect([(await house.row(vip)).customer.vip, (await house.row(first)).customer.vip]).toEqual([true, false])
    // Half an hour is what 60 points at 2 a minute are worth: with 6 a minute it is ten minutes, and the other was twenty before him.
    await admin.put('/routing/queue-rules', { teamId: null, ...rule, pointsPerMinute: 6, version: await version() })
    expect(await orderOf()).toEqual([first, vip])
    // A rule that names a tag would be for nobody without it.
    const policy = await admin.post<{ id: string; version: number }>('/routing/policies', {
      ...{ name: unique('贵宾优先'), workKind: 'conversation', strategy: 'least_open' },
      conditions: { tagIds: [tag.id] },
    })
    const remove = `/customer-tags/${tag.id}?version=1&force=true`
    const { names } = await admin.expectError('DELETE', remove, undefined, 409, 'tag_asked_for')
    expect(names).toMatch(/^贵宾优先.*general queue/)
    await admin.ask('DELETE', `/routing/policies/${policy.id}?version=${policy.version}`)
    await admin.put('/routing/queue-rules', { teamId: null, version: await version() })
    expect((await admin.ask('DELETE', remove)).status).toBe(200)
  })

  test('BP-003.5 whoever has room takes the first in this order, of his own teams and the general queue only', async () => {
    const [mine, other] = await people(house, 2)
    const [here, there] = [await house.team([mine!]), await house.team([other!])]
    const theirs = await house.newcomerFor(there)
    const general = await house.newcomer()
    const ours = await house.newcomerFor(here)
    await mine!.be('online')
    await house.untilHeldBy(general, mine!)
    await house.untilHeldBy(ours, mine!)
    expect(await house.holderOf(theirs)).toBeNull()
    const waiting = async (teamId: string) =>
      (await admin.get<{ id: string }[]>(`/conversations?status=queued&teamId=${teamId}`)).map((row) => row.id)
    expect(await waiting(there.id)).toEqual([theirs])
    expect(await waiting(here.id)).toEqual([])
    // Another team's queue is not there for him: not in lists, not by its id, not to accept.
    await mine!.expectError('GET', `/conversations/${theirs}`, undefined, 404, 'not_found')
    await mine!.expectError('POST', `/conversations/${theirs}/accept`, undefined, 404, 'not_found')
    expect((await mine!.get<{ id: string }[]>('/conversations?status=queued')).map(({ id }) => id)).toEqual([])
    // Joining the team is enough.
    await admin.post(`/teams/${there.id}/members`, { accountIds: [mine!.me.id], role: 'agent' })
    await house.untilHeldBy(theirs, mine!)
  })

  test('a push about a team’s queue reaches its members and who sees all, nobody else', async () => {
    const [member, stranger] = await people(house, 2)
    const team = await house.team([member!])
    const [hears, deaf] = [await member!.socket(), await stranger!.socket()]
    const id = await house.newcomerFor(team)
    const isIt = (event: { id: string; patch: object }) => event.id === id && 'conversation' in event.patch
    await hears.waitFor('conversation.updated', (event) => isIt(event) && event.patch.conversation.team?.id === team.id)
    await deaf.waitFor('conversation.removed', (event) => event.id === id)
    await member!.post(`/conversations/${id}/accept`)
    expect((await member!.conversation(id)).assignee?.id).toBe(member!.me.id)
  })
})

describe('BP-015.7 a queue that is full, or in which somebody waits too long', () => {
  test('BP-015.7 who arrives at a full queue goes on to the next team, along a chain that ends; in a circle it cannot be saved', async () => {
    const [a, b] = [await house.team([]), await house.team([])]
    await house.rule({ teamId: a.id, maxWaiting: 1, overflow: 'team', overflowTeamId: b.id })
    const circle = { teamId: b.id, maxWaiting: 1, overflow: 'team', overflowTeamId: a.id, version: 0 }
    await admin.expectError('PUT', '/routing/queue-rules', circle, 400, 'overflow_cycle')
    const web = await pageOf(a)
    const ids = [await house.newcomer('在吗', web), await house.newcomer('在吗', web), await house.newcomer('在吗', web)]
    expect(await Promise.all(ids.map(async (id) => (await house.row(id)).team?.id))).toEqual([a.id, b.id, b.id])
  })

  test('BP-015.7 who was served, or is sent there by hand, waits in that very queue, however full: he is neither sent on nor offered the form', async () => {
    const [agent] = await people(house, 1)
    const [a, b] = [await house.team([agent!]), await house.team([])]
    await house.rule({ teamId: a.id, maxWaiting: 1, overflow: 'team', overflowTeamId: b.id })
    const ids = [await house.newcomerFor(a), await house.newcomerFor(a)]
    for (const id of ids) await agent!.post(`/conversations/${id}/accept`)
    const { version } = await admin.get<{ version: number }>(`/staff-members/${agent!.me.id}`)
    await admin.post(`/staff-members/${agent!.me.id}/disable`, { version })
    await house.rule({ teamId: a.id, maxWaiting: 1, overflow: 'form' })
    const another = await house.newcomerFor(a)
    expect(await Promise.all([...ids, another].map(async (id) => (await house.row(id)).team?.id))).toEqual([a.id, a.id, a.id])
    const waiting = await db()('queue_entries')
      .whereIn('work_id', [...ids, another])
      .whereNull('left_at')
    expect(waiting.map((entry) => [entry.overflowed_at, entry.passed_teams])).toEqual([
      [null, []],
      [null, []],
      [null, []],
    ])
  })

  test('BP-015.7 waited too long: the other team’s queue, once, with the time waited and a reason that staff can read', async () => {
    const [a, b] = [await house.team([]), await house.team([])]
    await house.rule({ teamId: a.id, maxWaitSeconds: 60, overflow: 'team', overflowTeamId: b.id })
    const id = await house.newcomerFor(a)
    await house.run('routing.overflow')
    expect((await house.row(id)).team?.id).toBe(a.id)
    await house.it.travel(61_000)
    await house.run('routing.overflow')
    // The house's own look may have it in hand at this moment.
    await until(async () => expect((await house.row(id)).team?.id).toBe(b.id))
    const line = (await admin.messages(id))
      .flatMap(({ parts }) => parts)
      .find((part) => part.type === 'notice' && part.code === 'conversation_moved' && part.params['reason'] === 'overflow_waited')
    expect(line).toMatchObject({ params: { from: a.name } })
    // Whatever the rules become: it never comes back.
    await house.rule({ teamId: a.id, maxWaitSeconds: null, overflow: 'none' })
    await house.rule({ teamId: b.id, maxWaitSeconds: 60, overflow: 'team', overflowTeamId: a.id })
    await house.it.travel(61_000)
    await house.run('routing.overflow')
    expect((await house.row(id)).team?.id).toBe(b.id)
  })

  test('two who make a circle together: one is refused; texts with an unknown variable are refused', async () => {
    const [a, b] = [await house.team([]), await house.team([])]
    const put = (from: string, to: string) =>
      admin.ask('PUT', '/routing/queue-rules', { teamId: from, maxWaiting: 1, overflow: 'team', overflowTeamId: to, version: 0 })
    const answers = await Promise.all([put(a.id, b.id), put(b.id, a.id)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
    await admin.expectError('PUT', '/routing/queue-rules', { teamId: null, texts: { queued: '{who}' }, version: 1 }, 400, 'invalid_request')
  })
})

describe('given but not taken up', () => {
  test('BP-015.7 not turned to within N seconds: the next agent, then the one after; who read it keeps it', async () => {
    const staff = await people(house, 3)
    await house.rule({ acceptSeconds: 30 })
    for (const who of staff) await who.be('online')
    const id = await house.newcomer()
    const seen = new Set<string>()
    for (let round = 0; round < 3; round++) {
      const holder = await until(async () => {
        const now = await house.holderOf(id)
        if (now === null || seen.has(now)) throw new Error('not yet')
        return now
      })
      seen.add(holder)
      const given = await house.row(id)
      expect(Date.parse(given.acceptBy!) - Date.parse(given.openedAt!)).toBe(30_000)
      if (round < 2) {
        await house.it.travel(31_000)
        await house.run('conversations.pass-on-the-unaccepted')
      }
    }
    expect(seen.size).toBe(3)
    const last = staff.find(({ me }) => me.id === [...seen].at(-1))!
    await last.post(`/conversations/${id}/read`, { seq: 1 })
    expect(await house.row(id)).toMatchObject({ acceptedAt: expect.any(String), acceptBy: null })
    await house.it.travel(31_000)
    await house.run('conversations.pass-on-the-unaccepted')
    expect(await house.holderOf(id)).toBe(last.me.id)
  })

  test('BP-015.7 when nobody is left who has not had it, it stays, the customer hears nothing, and those above are told, once', async () => {
    const [only, second] = await people(house, 2)
    const supervisor = await house.it.staff('supervisor')
    await house.team([only!, supervisor])
    await house.rule({ acceptSeconds: 30 })
    await only!.be('online')
    const id = await house.newcomer()
    await house.untilHeldBy(id, only!)
    const lines = async () => (await admin.messages(id)).length
    const told = async () =>
      (await supervisor.get<Notification[]>('/notifications')).filter(
        ({ kind, link }) => kind === 'conversation.not_accepted' && link?.endsWith(id),
      )
    const before = await lines()
    for (let round = 0; round < 3; round++) {
      await house.it.travel(31_000)
      await house.run('conversations.pass-on-the-unaccepted')
    }
    expect(await house.holderOf(id)).toBe(only!.me.id)
    expect(await lines()).toBe(before)
    expect(await told()).toEqual([expect.objectContaining({ params: expect.objectContaining({ agent: only!.me.name, seconds: 30 }) })])
    // Somebody comes who has not had it.
    await second!.be('online')
    await house.run('conversations.pass-on-the-unaccepted')
    await house.untilHeldBy(id, second!)
    expect(await told()).toHaveLength(1)
  })
})
