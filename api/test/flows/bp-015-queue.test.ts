/** Queues: their order, what a full one does, who hears of them; agents who are gone, idle, or do not turn to what they were given. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Presence } from '../../contract/identity.ts'
import type { PresenceLog } from '../../contract/presence.ts'
import { noteConnected } from '../../modules/routing/presence/watch.ts'
import { type StaffClient, unique } from '../harness.ts'
import { until } from '../until.ts'
import { type House, people, startHouse } from './routing-house.ts'

let house: House
let admin: StaffClient

beforeAll(async () => {
  house = await startHouse()
  admin = house.admin
}, 60_000)
afterAll(() => house.it.stop())
afterEach(() => house.empty())

const db = () => house.it.process.app.db
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
    // Half an hour is what 60 points at 2 a minute are worth: with 6 a minute it is ten minutes, and the other was twenty before him.
    await admin.put('/routing/queue-rules', { teamId: null, ...rule, pointsPerMinute: 6, version: await version() })
    expect(await orderOf()).toEqual([first, vip])
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
  test('BP-015.7 over its limit it goes on to the next team, along a chain that ends; in a circle it cannot be saved', async () => {
    const [a, b] = [await house.team([]), await house.team([])]
    await house.rule({ teamId: a.id, maxWaiting: 1, overflow: 'team', overflowTeamId: b.id })
    const circle = { teamId: b.id, maxWaiting: 1, overflow: 'team', overflowTeamId: a.id, version: 0 }
    await admin.expectError('PUT', '/routing/queue-rules', circle, 400, 'overflow_cycle')
    const [agent] = await people(house, 1)
    await admin.post(`/teams/${a.id}/members`, { accountIds: [agent!.me.id], role: 'agent' })
    const ids = [await house.newcomer(), await house.newcomer()]
    for (const id of ids) await agent!.post(`/conversations/${id}/accept`)
    await db()('conversations').whereIn('id', ids).update({ team_id: a.id })
    const { version } = await admin.get<{ version: number }>(`/staff-members/${agent!.me.id}`)
    await admin.post(`/staff-members/${agent!.me.id}/disable`, { version })
    const teams = await Promise.all(ids.map(async (id) => (await house.row(id)).team?.id))
    expect(teams.sort()).toEqual([a.id, b.id].sort())
  })

  test('BP-015.7 waited too long: the other team’s queue, once, with the time waited and a reason that staff can read', async () => {
    const [a, b] = [await house.team([]), await house.team([])]
    await house.rule({ teamId: a.id, maxWaitSeconds: 60, overflow: 'team', overflowTeamId: b.id })
    const id = await house.newcomerFor(a)
    await house.run('routing.overflow')
    expect((await house.row(id)).team?.id).toBe(a.id)
    await house.it.travel(61_000)
    await house.run('routing.overflow')
    expect((await house.row(id)).team?.id).toBe(b.id)
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

describe('given but not taken up, gone, idle', () => {
  test('BP-015.7 not turned to within N seconds: the next agent, then the one after, then the first again; who read it keeps it', async () => {
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
      if (round < 2) {
        await house.it.travel(31_000)
        await house.run('conversations.pass-on-the-unaccepted')
      }
    }
    expect(seen.size).toBe(3)
    const last = staff.find(({ me }) => me.id === [...seen].at(-1))!
    await last.post(`/conversations/${id}/read`, { seq: 1 })
    expect((await house.row(id)).acceptedAt).not.toBeNull()
    await house.it.travel(31_000)
    await house.run('conversations.pass-on-the-unaccepted')
    expect(await house.holderOf(id)).toBe(last.me.id)
  })

  test('an agent whose browser is gone without a word: grace, then his work goes back with a reason; our own outage makes nobody absent', async () => {
    const [gone, there] = await people(house, 2)
    const { app } = house.it.process
    const socket = await gone!.socket()
    await gone!.be('online')
    const id = await house.newcomer()
    await house.untilHeldBy(id, gone!)
    await there!.be('online')
    socket.close()
    const serve = async (ms: number, accounts: string[] = []) => {
      // Every process says so every ten seconds, as this one does while the clock is moved.
      for (let passed = 0; passed < ms; passed += 30_000) {
        await house.it.travel(30_000)
        await noteConnected(app, accounts)
      }
    }
    await serve(240_000)
    await house.run('routing.dismiss-the-absent')
    expect(await house.holderOf(id)).toBe(gone!.me.id)
    // Nobody could be connected for an hour: the grace begins anew.
    await house.it.travel(3_600_000)
    await noteConnected(app, [])
    await house.run('routing.dismiss-the-absent')
    expect(await house.holderOf(id)).toBe(gone!.me.id)
    await serve(330_000)
    await house.run('routing.dismiss-the-absent')
    await house.untilHeldBy(id, there!)
    const row = await db()('presences').where({ account_id: gone!.me.id }).first()
    expect([row.status, row.cause]).toEqual(['offline', 'absent'])
    const back = (await admin.messages(id)).flatMap(({ parts }) => parts)
    expect(back).toContainEqual(
      expect.objectContaining({ code: 'conversation_returned', params: expect.objectContaining({ reason: 'agent_absent' }) }),
    )
  })

  test('with two tabs he is there until the last is closed, and idle is not gone: away, and back with the first thing he does', async () => {
    const [who] = await people(house, 1)
    const { app } = house.it.process
    const [one] = [await who!.socket(), await who!.socket()]
    await who!.be('online')
    one.close()
    for (let minutes = 0; minutes < 32; minutes++) {
      await house.it.travel(60_000)
      await noteConnected(app, [who!.me.id])
    }
    await house.run('routing.dismiss-the-absent')
    await house.run('routing.send-away-the-idle')
    const presence = async () => (await db()('presences').where({ account_id: who!.me.id }).first()) as { status: string; cause: string }
    expect(await presence()).toMatchObject({ status: 'break', cause: 'idle' })
    const back = await house.it.logIn(who!.me.username)
    await until(async () => {
      await back.ask('PUT', `/me/presence`, { status: 'online' })
      expect(await presence()).toMatchObject({ status: 'online', cause: 'self' })
    })
  })

  test('BP-012.2 the log of a day: periods with reasons and sums; a supervisor’s change is in it with his note, and in the trail', async () => {
    const [who, colleague] = await people(house, 2)
    const supervisor = await house.it.staff('supervisor')
    await house.team([who!, supervisor])
    await who!.put('/me/presence', { status: 'online' })
    await house.it.travel(60_000)
    const again = await house.it.logIn(who!.me.username)
    await again.put('/me/presence', { status: 'break', reason: '午休' })
    await house.it.travel(30_000)
    const changed = await supervisor.put<Presence>(`/staff/${who!.me.id}/presence`, { status: 'busy', note: '请处理投诉' })
    expect(changed).toMatchObject({ status: 'busy', cause: 'supervisor', note: '请处理投诉' })
    const log = await again.get<PresenceLog>('/me/presence/log')
    expect(log.periods.map(({ status, reason, cause, note }) => [status, reason, cause, note])).toEqual([
      ['online', null, 'self', null],
      ['break', '午休', 'self', null],
      ['busy', null, 'supervisor', '请处理投诉'],
    ])
    expect(log.totals.online).toBeGreaterThanOrEqual(60)
    expect(log.totals.break).toBeGreaterThanOrEqual(30)
    expect(await db()('audit_entries').where({ action: 'presence.changed', object_id: who!.me.id })).toHaveLength(1)
    await colleague!.expectError('PUT', `/staff/${who!.me.id}/presence`, { status: 'busy', note: 'x' }, 403, 'forbidden')
    await supervisor.expectError('PUT', `/staff/${colleague!.me.id}/presence`, { status: 'busy', note: 'x' }, 404, 'not_found')
    await supervisor.expectError('PUT', `/staff/${who!.me.id}/presence`, { status: 'busy', note: '' }, 400, 'invalid_request')
  })
})
