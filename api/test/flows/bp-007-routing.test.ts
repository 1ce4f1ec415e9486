/** Who is offered work: limits of members and teams, and shifts. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Roster, Team } from '../../contract/team.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let web: { id: string }

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  web = await it.connectWeb()
})
afterAll(() => it.stop())

// Whoever is online gets what comes: each test begins with an empty house and an empty queue.
afterEach(async () => {
  const { db } = it.process.app
  await db('presences').update({ status: 'offline' })
  // Whoever came a moment ago may just be given what waits.
  await it.process.idle()
  const waiting: { id: string }[] = await db('conversations').select('id').where({ status: 'queued' })
  await Promise.all(waiting.map(({ id }) => admin.post(`/conversations/${id}/accept`)))
})

async function newTeam(people: StaffClient[], more: object): Promise<Team> {
  const team = await admin.post<Team>('/teams', { name: unique('组'), ...more })
  return admin.post<Team>(`/teams/${team.id}/members`, { accountIds: people.map(({ me }) => me.id), role: 'agent' })
}
const people = (count: number) => Promise.all(Array.from({ length: count }, () => it.staff('agent')))

async function waiting(): Promise<string> {
  const customer = await it.webCustomer(web.id)
  await customer.say('在吗')
  return (await customer.history()).conversation?.id ?? ''
}
const arrive = (count: number) => Promise.all(Array.from({ length: count }, waiting))

const loadOf = async ({ me }: StaffClient): Promise<number> => {
  const held: unknown[] = await it.process.app.db('assignments').where({ account_id: me.id }).whereNull('ended_at').select('id')
  return held.length
}
const loads = (staff: StaffClient[]) => Promise.all(staff.map(loadOf))
const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0)
/** Nothing more can be handed out: the queue was offered to everybody once more. */
const drain = async () => {
  const { app } = it.process
  const schedule = app.modules.flatMap(({ schedules = [] }) => schedules).find(({ name }) => name === 'conversations.hand-out-the-queue')
  await schedule?.run(app)
}

describe('BP-007.6 limits', () => {
  test('BP-007.6 a member gets no more than the lowest limit that any of his teams sets, or he himself has', async () => {
    const [one, two] = await people(2)
    const team = await newTeam([one!, two!], { memberMaxConversations: 4 })
    await newTeam([two!], { memberMaxConversations: 2 })
    await admin.put(`/teams/${team.id}/members/${one!.me.id}`, { role: 'agent', maxConversations: 1, version: 1 })
    for (const who of [one!, two!]) await who.be('online')
    expect((await one!.get<{ presence: { capacity: number } }>('/me')).presence.capacity).toBe(1)
    await arrive(6)
    await until(async () => expect(await loads([one!, two!])).toEqual([1, 2]))
    await drain()
    expect(await loads([one!, two!])).toEqual([1, 2])
  })

  test('BP-007.6 all members together get no more than the team’s limit, however many arrive at once', async () => {
    const staff = await people(3)
    const team = await newTeam(staff, { maxConversations: 4 })
    for (const who of staff) await who.be('online')
    const ids = await arrive(12)
    await until(async () => expect(sum(await loads(staff))).toBe(4))
    await drain()
    expect(sum(await loads(staff))).toBe(4)
    expect((await admin.get<Team>(`/teams/${team.id}`)).load).toBe(4)
    // One ends: exactly one more is handed out.
    const held = (await Promise.all(ids.map((id) => admin.conversation(id)))).find(({ assignee }) => assignee !== null)
    await admin.post(`/conversations/${held!.id}/close`, { reason: 'resolved' })
    await until(async () => expect(sum(await loads(staff))).toBe(4))
  })

  test('BP-007.6 F16 members who reach into the queue at once do not exceed it either', async () => {
    const staff = await people(4)
    await newTeam(staff, { maxConversations: 2 })
    const ids = await arrive(4)
    const answers = await Promise.all(staff.map((who, index) => who.ask('POST', `/conversations/${ids[index]}/accept`)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 409, 409])
    expect(answers.filter(({ status }) => status === 409).map(({ body }) => body.error.code)).toEqual(['at_capacity', 'at_capacity'])
  })

  test('a higher limit takes effect at once', async () => {
    const [who] = await people(1)
    const team = await newTeam([who!], { memberMaxConversations: 1 })
    await who!.be('online')
    await arrive(3)
    await until(async () => expect(await loadOf(who!)).toBe(1))
    const { version } = await admin.get<Team>(`/teams/${team.id}`)
    await admin.patch(`/teams/${team.id}`, { memberMaxConversations: 3, version })
    await until(async () => expect(await loadOf(who!)).toBe(3))
  })
})

describe('BP-007.5 shifts decide who is offered work', () => {
  const dayAt = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10)
  const mondayOf = (day: string) => dayAt(Date.parse(`${day}T00:00:00+08:00`) - ((new Date(day).getUTCDay() + 6) % 7) * 86_400_000)

  /** A shift of 24 hours from this midnight on. */
  async function shiftOn(team: Team, who: StaffClient, day: string): Promise<void> {
    const path = `/teams/${team.id}/rosters/${mondayOf(day)}`
    const { version } = await admin.get<Roster>(path)
    await admin.put(path, { cells: [{ accountId: who.me.id, day, shifts: [{ from: '00:00', to: '00:00' }] }], version })
  }

  test('online but not on shift gets nothing; on shift does; who is in no team with shifts is not asked for one', async () => {
    const [off, on, free] = await people(3)
    const team = await newTeam([off!, on!], { usesShifts: true })
    const today = dayAt(it.now())
    await shiftOn(team, on!, today)
    await shiftOn(team, off!, dayAt(it.now() + 86_400_000))
    for (const who of [off!, on!]) await who.be('online')
    await arrive(4)
    await until(async () => expect(await loads([off!, on!])).toEqual([0, 4]))
    await free!.be('online')
    await arrive(2)
    await until(async () => expect(await loads([off!, on!, free!])).toEqual([0, 4, 2]))
  })

  test('when his shift begins, what waits is offered to him', async () => {
    const [who] = await people(1)
    const team = await newTeam([who!], { usesShifts: true })
    await who!.be('online')
    await shiftOn(team, who!, dayAt(it.now() + 2 * 86_400_000))
    await arrive(1)
    await drain()
    expect(await loadOf(who!)).toBe(0)
    await it.travel(2 * 86_400_000)
    admin = await it.logIn(admin.me.username)
    await until(async () => {
      await drain()
      expect(await loadOf(who!)).toBe(1)
    })
  })

  test('who is not on shift may still take a conversation by hand', async () => {
    const [who] = await people(1)
    await newTeam([who!], { usesShifts: true })
    const [id] = await arrive(1)
    expect((await who!.ask('POST', `/conversations/${id}/accept`)).status).toBe(200)
  })

  test('a team that is disabled limits nobody and asks for no shift', async () => {
    const [who] = await people(1)
    const team = await newTeam([who!], { usesShifts: true, memberMaxConversations: 1 })
    await admin.patch(`/teams/${team.id}`, { status: 'disabled', version: team.version })
    await who!.be('online')
    await arrive(2)
    await until(async () => expect(await loadOf(who!)).toBe(2))
  })
})
