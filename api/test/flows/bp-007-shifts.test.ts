import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Notification } from '../../contract/notification.ts'
import type { MyShift, Roster, ShiftSwap, ShiftTemplate, Team, TeamMember } from '../../contract/team.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let supervisor: StaffClient
let foreign: StaffClient
let one: StaffClient
let two: StaffClient
let team: Team
let early: ShiftTemplate
let night: ShiftTemplate

beforeAll(async () => {
  it = await startTestApp({ roles: ['api'] })
  supervisor = await it.staff('supervisor', '周主管')
  foreign = await it.staff('supervisor')
  one = await it.staff('agent', '林晓')
  two = await it.staff('agent', '王芳')
  team = await newTeam()
  early = await template(team, '早班', '08:00', '16:00')
  night = await template(team, '夜班', '22:00', '06:00')
})
afterAll(() => it.stop())

async function newTeam(client = supervisor): Promise<Team> {
  const made = await client.post<Team>('/teams', { name: unique('排班组') })
  return client.post<Team>(`/teams/${made.id}/members`, { accountIds: [one.me.id, two.me.id], role: 'agent' })
}
const template = (of: Team, name: string, from: string, to: string) =>
  supervisor.post<ShiftTemplate>(`/teams/${of.id}/shift-templates`, { name, from, to })

/** Mondays far from now, each used by one test. */
let weeks = 0
const WEEK = 7 * 86_400_000
/** 1970-01-05 was a Monday. */
const firstWeek = Math.floor(Date.now() / WEEK) * WEEK + 4 * 86_400_000 + 52 * WEEK
const newWeek = () => new Date(firstWeek + 2 * WEEK * weeks++).toISOString().slice(0, 10)
const plus = (day: string, days: number) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
const rosterPath = (week: string, of = team) => `/teams/${of.id}/rosters/${week}`
const roster = (week: string, of = team) => supervisor.get<Roster>(rosterPath(week, of))
type Cell = [who: StaffClient, day: string, ...shifts: object[]]
const body = (version: number, ...cells: Cell[]) => ({
  version,
  cells: cells.map(([who, day, ...shifts]) => ({ accountId: who.me.id, day, shifts })),
})
const plan = (week: string, version: number, ...cells: Cell[]) => supervisor.put<Roster>(rosterPath(week), body(version, ...cells))
const by = (each: ShiftTemplate) => ({ templateId: each.id })
const shiftsOf = (who: StaffClient, from: Roster) => from.shifts.filter(({ accountId }) => accountId === who.me.id)
const shiftOf = (who: StaffClient, from: Roster) => {
  const [shift] = shiftsOf(who, from)
  if (!shift) throw new Error('no shift')
  return shift
}

describe('BP-007.5 planning a week', () => {
  test('several shifts a day, one past midnight, one with times of its own; a cell named is replaced, others stay', async () => {
    const week = newWeek()
    const first = await plan(week, 0, [one, week, by(early), by(night)], [two, week, { from: '10:00', to: '12:30' }])
    expect(shiftsOf(one, first).map(({ startsAt, endsAt }) => [startsAt, endsAt])).toEqual([
      [`${week}T00:00:00.000Z`, `${week}T08:00:00.000Z`],
      [`${week}T14:00:00.000Z`, `${week}T22:00:00.000Z`],
    ])
    const second = await plan(week, first.version, [one, week, by(early)])
    // What stays as it is keeps its id.
    expect(shiftsOf(one, second)).toEqual([shiftsOf(one, first)[0]])
    expect(shiftsOf(two, second)).toEqual(shiftsOf(two, first))
    expect((await two.get<MyShift[]>(`/me/shifts?week=${week}`)).map(({ team: of, templateName }) => [of.id, templateName])).toEqual([
      [team.id, null],
    ])
  })

  test('BP-007.5 nobody is in two places at once: the database refuses it, across teams and across weeks', async () => {
    const week = newWeek()
    const planned = await plan(week, 0, [one, plus(week, 6), by(night)])
    await supervisor.expectError(
      'PUT',
      rosterPath(week),
      body(planned.version, [two, week, by(early), { from: '15:59', to: '17:00' }]),
      409,
      'shift_overlaps',
    )
    const other = await newTeam()
    const overnight = body(0, [one, plus(week, 6), { from: '23:00', to: '23:30' }])
    expect(await supervisor.expectError('PUT', rosterPath(week, other), overnight, 409, 'shift_overlaps')).toEqual({
      conflicts: [{ accountId: one.me.id, day: plus(week, 6) }],
    })
    const monday = body(0, [one, plus(week, 7), { from: '05:00', to: '09:00' }])
    await supervisor.expectError('PUT', rosterPath(plus(week, 7)), monday, 409, 'shift_overlaps')
    expect((await roster(week, other)).shifts).toEqual([])
  })

  test('of two who plan the same person at once in two teams, one is refused', async () => {
    const week = newWeek()
    const other = await newTeam()
    const answers = await Promise.all(
      [team, other].map((of) => supervisor.ask('PUT', rosterPath(week, of), body(0, [one, week, { from: '09:00', to: '18:00' }]))),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('of two who plan the same week at once, the second is told; the same again changes nothing', async () => {
    const week = newWeek()
    const answers = await Promise.all([one, two].map((who) => supervisor.ask('PUT', rosterPath(week), body(0, [who, week, by(early)]))))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 409)?.body.error.code).toBe('version_conflict')
    const now = await roster(week)
    const again = await supervisor.put<Roster>(rosterPath(week), {
      version: now.version,
      cells: now.shifts.map(({ accountId, day }) => ({ accountId, day, shifts: [by(early)] })),
    })
    expect(again.shifts).toEqual(now.shifts)
  })

  test('a week is copied; onto one that has shifts only when told so; who left is skipped', async () => {
    const [week, next] = [newWeek(), newWeek()]
    const leaver = await it.staff('agent', '离职者')
    await supervisor.put(`/teams/${team.id}/members/${leaver.me.id}`, { role: 'agent' })
    await plan(week, 0, [one, week, by(early)], [two, plus(week, 2), by(night)], [leaver, week, by(early)])
    // His shift lies in the past by then, so it stays on record.
    await it.process.app.db('team_members').where({ account_id: leaver.me.id }).delete()
    const copy = { from: week, to: next, version: 0 }
    const result = await supervisor.post<{ roster: Roster; copied: number; skipped: { id: string }[] }>(
      `/teams/${team.id}/roster-copies`,
      copy,
    )
    expect({ copied: result.copied, skipped: result.skipped.map(({ id }) => id) }).toEqual({ copied: 2, skipped: [leaver.me.id] })
    expect(result.roster.shifts.map(({ accountId, day }) => [accountId, day])).toEqual([
      [one.me.id, next],
      [two.me.id, plus(next, 2)],
    ])
    const again = { ...copy, version: result.roster.version }
    await supervisor.expectError('POST', `/teams/${team.id}/roster-copies`, again, 409, 'week_not_empty')
    const replaced = await supervisor.post<typeof result>(`/teams/${team.id}/roster-copies`, { ...again, replace: true })
    expect(replaced.roster.shifts).toEqual(result.roster.shifts)
  })

  test('a member who is removed leaves no shift behind that is still to come', async () => {
    const week = newWeek()
    const leaver = await it.staff('agent')
    const member = await supervisor.put<TeamMember>(`/teams/${team.id}/members/${leaver.me.id}`, { role: 'agent' })
    const { version } = await plan(week, 0, [leaver, week, by(early)])
    await supervisor.ask('DELETE', `/teams/${team.id}/members/${leaver.me.id}?version=${member.version}`)
    const after = await roster(week)
    expect([after.shifts, after.version > version]).toEqual([[], true])
    await supervisor.expectError('PUT', rosterPath(week), body(after.version, [leaver, week, by(early)]), 400, 'not_a_member')
  })

  test('bad input: not a Monday, a day of another week, a shift of another team, a cell twice', async () => {
    const week = newWeek()
    const foreignTemplate = await supervisor.post<ShiftTemplate>(`/teams/${(await newTeam()).id}/shift-templates`, {
      name: '早',
      from: '08:00',
      to: '09:00',
    })
    await supervisor.expectError('GET', rosterPath(plus(week, 1)), undefined, 400, 'invalid_request')
    const bad: Cell[][] = [
      [[one, plus(week, 7), by(early)]],
      [[one, week, by(foreignTemplate)]],
      [
        [one, week, by(early)],
        [one, week],
      ],
    ]
    for (const cells of bad) await supervisor.expectError('PUT', rosterPath(week), body(0, ...cells), 400, 'invalid_request')
  })

  test('S22 a member reads the plan and does not change it; to a foreign supervisor it does not exist', async () => {
    const week = newWeek()
    expect((await one.get<Roster>(rosterPath(week))).members.map(({ id }) => id)).toContain(two.me.id)
    await one.expectError('PUT', rosterPath(week), body(0, [one, week, by(early)]), 403, 'forbidden')
    await foreign.expectError('PUT', rosterPath(week), body(0, [one, week, by(early)]), 404, 'not_found')
    await foreign.expectError('GET', rosterPath(week), undefined, 404, 'not_found')
  })
})

describe('BP-007.5 swapping', () => {
  const swaps = (of = team) => `/teams/${of.id}/shift-swaps`
  const facts = (shift: { id: string; version: number }) => ({ id: shift.id, version: shift.version })

  test('one asks, the others hear of it, the supervisor approves: both have the other’s shift', async () => {
    const week = newWeek()
    const planned = await plan(week, 0, [one, week, by(early)], [two, plus(week, 1), by(night)])
    const [mine, his] = [shiftOf(one, planned), shiftOf(two, planned)]
    const asked = await one.post<ShiftSwap>(swaps(), {
      shift: facts(mine),
      toAccountId: two.me.id,
      inReturn: facts(his),
      reason: '家中有事',
    })
    expect(asked).toMatchObject({ state: 'requested', may: { decide: false, cancel: true } })
    for (const reader of [two, supervisor]) {
      const [news] = await reader.get<Notification[]>('/notifications?unread=true')
      expect(news).toMatchObject({ kind: 'shift.swap_requested', params: { by: '林晓', day: week } })
    }
    await one.expectError('POST', swaps(), { shift: facts(mine), toAccountId: two.me.id }, 409, 'conflict')
    await one.expectError('POST', `${swaps()}/${asked.id}/decision`, { decision: 'approve', version: 1 }, 403, 'forbidden')
    const decision = { decision: 'approve', version: asked.version }
    const answers = await Promise.all([1, 2].map(() => supervisor.ask('POST', `${swaps()}/${asked.id}/decision`, decision)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 409)?.body.error.code).toBe('swap_decided')
    const after = await roster(week)
    expect([shiftOf(one, after).id, shiftOf(two, after).id]).toEqual([his.id, mine.id])
  })

  test('two swap one shift at once: one wins', async () => {
    const week = newWeek()
    const three = await it.staff('agent')
    await supervisor.put(`/teams/${team.id}/members/${three.me.id}`, { role: 'agent' })
    const shift = shiftOf(one, await plan(week, 0, [one, week, by(early)]))
    const answers = await Promise.all(
      [two, three].map((to) => supervisor.ask('POST', swaps(), { shift: facts(shift), toAccountId: to.me.id, direct: true })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    expect(answers.find(({ status }) => status === 409)?.body.error.code).toBe('shift_changed')
    expect((await roster(week)).shifts).toHaveLength(1)
  })

  test('shifts that overlap can be swapped for each other, but not onto a third', async () => {
    const week = newWeek()
    const planned = await plan(week, 0, [one, week, by(early)], [two, week, { from: '12:00', to: '20:00' }])
    const [mine, his] = [shiftOf(one, planned), shiftOf(two, planned)]
    const swap = { shift: facts(mine), toAccountId: two.me.id, direct: true }
    await supervisor.expectError('POST', swaps(), swap, 409, 'shift_overlaps')
    expect(await supervisor.post<ShiftSwap>(swaps(), { ...swap, inReturn: facts(his) })).toMatchObject({ state: 'approved' })
    expect(shiftOf(one, await roster(week)).id).toBe(his.id)
  })

  test('a request whose shift is planned away is void; the other one may refuse, the one who asked cancel', async () => {
    const week = newWeek()
    const planned = await plan(week, 0, [one, week, by(early)], [one, plus(week, 1), by(early)], [one, plus(week, 2), by(early)])
    const [first, second, third] = await Promise.all(
      shiftsOf(one, planned).map((shift) => one.post<ShiftSwap>(swaps(), { shift: facts(shift), toAccountId: two.me.id })),
    )
    await plan(week, planned.version, [one, first!.shift.day])
    const decide = (client: StaffClient, swap: ShiftSwap, decision: string) =>
      client.post<ShiftSwap>(`${swaps()}/${swap.id}/decision`, { decision, version: swap.version })
    expect((await supervisor.get<ShiftSwap[]>(`${swaps()}?state=void`)).map(({ id }) => id)).toContain(first!.id)
    expect(await decide(two, second!, 'refuse')).toMatchObject({ state: 'refused' })
    expect(await decide(one, third!, 'cancel')).toMatchObject({ state: 'cancelled' })
  })

  test('S22 nobody swaps what is not his, does it by himself, or reaches into a foreign team', async () => {
    const week = newWeek()
    const shift = facts(shiftOf(two, await plan(week, 0, [two, week, by(early)])))
    await one.expectError('POST', swaps(), { shift, toAccountId: one.me.id }, 403, 'forbidden')
    await two.expectError('POST', swaps(), { shift, toAccountId: one.me.id, direct: true }, 403, 'forbidden')
    await two.expectError('POST', swaps(), { shift, toAccountId: foreign.me.id }, 400, 'not_a_member')
    await foreign.expectError('POST', swaps(), { shift, toAccountId: one.me.id, direct: true }, 404, 'not_found')
    await two.expectError('POST', swaps(), { shift: { ...shift, version: 9 }, toAccountId: one.me.id }, 409, 'shift_changed')
  })
})
