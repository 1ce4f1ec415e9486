/** Who is there: gone, idle, back; what one says oneself; the log of a day (BP-012.2, BP-015.7). */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Knex } from 'knex'
import type { Presence, PresenceStatus } from '../../contract/identity.ts'
import type { PresenceLog } from '../../contract/presence.ts'
import { noteConnected } from '../../modules/routing/presence/watch.ts'
import type { StaffClient } from '../harness.ts'
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
const presence = (who: StaffClient): Promise<unknown> => db()('presences').where({ account_id: who.me.id }).first('status', 'cause')
/** Every process says every ten seconds who is connected, as this one does while the clock is moved. */
async function serve(ms: number, accounts: string[] = []): Promise<void> {
  for (let passed = 0; passed < ms; passed += 30_000) {
    await house.it.travel(30_000)
    await noteConnected(house.it.process.app, accounts)
  }
}
/** Half an hour without a word; his sign-in, and so his first deed, are new. */
async function leftIdle(who: StaffClient): Promise<StaffClient> {
  await admin.put(`/staff/${who.me.id}/presence`, { status: 'online', note: '请接待' })
  await serve(32 * 60_000, [who.me.id])
  admin = await house.it.logIn(admin.me.username)
  house = { ...house, admin }
  await house.run('routing.send-away-the-idle')
  expect(await presence(who)).toEqual({ status: 'break', cause: 'idle' })
  return house.it.logIn(who.me.username)
}
/** Runs `sweep` while `hold` has its locks, and ends `hold` once the sweep waits for them. */
async function meanwhile(
  hold: (trx: Knex.Transaction) => Promise<unknown>,
  sweep: () => Promise<void>,
  then = async () => undefined as unknown,
) {
  const trx = await db().transaction()
  try {
    await hold(trx)
    const swept = sweep()
    await until(async () => {
      const { rows } = await db().raw(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query !~ 'pg_stat_activity'`,
      )
      if (rows.length === 0) throw new Error('nobody waits yet')
    })
    await then()
    await trx.commit()
    await swept
  } finally {
    if (!trx.isCompleted()) await trx.rollback()
  }
}

describe('gone and idle', () => {
  test('an agent whose browser is gone without a word: grace, then his work goes back with a reason; our own outage makes nobody absent', async () => {
    const [gone, there] = await people(house, 2)
    const { app } = house.it.process
    const socket = await gone!.socket()
    await gone!.be('online')
    const id = await house.newcomer()
    await house.untilHeldBy(id, gone!)
    await there!.be('online')
    socket.close()
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

  test('who connects again while the absent are dismissed keeps his work', async () => {
    const [who] = await people(house, 1)
    await who!.be('online')
    const id = await house.newcomer()
    await house.untilHeldBy(id, who!)
    await noteConnected(house.it.process.app, [who!.me.id])
    await serve(270_000)
    await meanwhile(
      (trx) => trx('conversations').where({ id }).forUpdate().select('id'),
      // His grace ends only while the row is held: a look of the house's own, before that, would have dismissed him.
      async () => {
        await serve(60_000)
        await house.run('routing.dismiss-the-absent')
      },
      () => noteConnected(house.it.process.app, [who!.me.id]),
    )
    expect(await house.holderOf(id)).toBe(who!.me.id)
    expect(await presence(who!)).toMatchObject({ status: 'online' })
  })

  test('with two tabs he is there until the last is closed, and idle is not gone: away, and back with the first thing he does', async () => {
    const [who] = await people(house, 1)
    const [one] = [await who!.socket(), await who!.socket()]
    one.close()
    const back = await leftIdle(who!)
    await house.run('routing.dismiss-the-absent')
    expect(await presence(who!)).toEqual({ status: 'break', cause: 'idle' })
    const id = await house.newcomer()
    await back.post(`/conversations/${id}/accept`)
    await until(async () => expect(await presence(who!)).toEqual({ status: 'online', cause: 'self' }))
  })

  test('a page that connects again and watches what it shows brings nobody back; who types does', async () => {
    const [who] = await people(house, 1)
    const id = await house.newcomer()
    const back = await leftIdle(who!)
    const socket = await back.socket()
    for (const [command, input] of [
      ['watch', { conversationId: id }],
      ['unwatch', { conversationId: id }],
    ] as const)
      expect(await socket.say(command, input)).toEqual({ ok: true })
    await house.newcomer()
    expect(await presence(who!)).toEqual({ status: 'break', cause: 'idle' })
    expect(await socket.say('typing', { conversationId: id, typing: true })).toEqual({ ok: true })
    await until(async () => expect(await presence(who!)).toEqual({ status: 'online', cause: 'self' }))
  })

  test.each<PresenceStatus>(['offline', 'busy', 'break'])(
    'who was away and says %s himself is that, and is given nothing',
    async (status) => {
      const [who] = await people(house, 1)
      const back = await leftIdle(who!)
      // Saying it is also the first thing he does: the two meet at his row.
      await meanwhile(
        (trx) => trx('presence_periods').where({ account_id: who!.me.id }).forUpdate().select('id'),
        async () => void (await back.be(status)),
      )
      const id = await house.newcomer()
      await house.it.process.idle()
      expect(await presence(who!)).toEqual({ status, cause: 'self' })
      expect(await house.holderOf(id)).toBeNull()
    },
  )

  test('who says how he is while the idle are sent away is what he says', async () => {
    const [who] = await people(house, 1)
    await admin.put(`/staff/${who!.me.id}/presence`, { status: 'online', note: '请接待' })
    await serve(28 * 60_000, [who!.me.id])
    await meanwhile(
      (trx) => trx('presences').where({ account_id: who!.me.id }).update({ status: 'busy', cause: 'self' }),
      // Idle for long enough only while his row is held: a look of the house's own, before that, would have sent him away.
      async () => {
        await house.it.travel(4 * 60_000)
        await house.run('routing.send-away-the-idle')
      },
    )
    expect(await presence(who!)).toEqual({ status: 'busy', cause: 'self' })
  })

  test('BP-012.2 the log of a day: periods with reasons and sums; a supervisor’s change is in it with his note, and in the trail', async () => {
    // All of it on one day of the house.
    const left = 86_400_000 - ((house.it.now() + 8 * 3_600_000) % 86_400_000)
    if (left < 300_000) await house.it.travel(left)
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
