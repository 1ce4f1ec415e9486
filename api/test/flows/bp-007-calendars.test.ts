import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Calendar, HolidayYear, Period } from '../../contract/calendar.ts'
import type { Team } from '../../contract/team.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let foreign: StaffClient
let agent: StaffClient

beforeAll(async () => {
  it = await startTestApp({ roles: ['api'] })
  admin = await it.staff('admin')
  supervisor = await it.staff('supervisor')
  foreign = await it.staff('supervisor')
  agent = await it.staff('agent')
})
afterAll(() => it.stop())

const office: Period[] = [
  { from: '09:00', to: '12:00' },
  { from: '13:30', to: '18:00' },
]
const allDay: Period[] = [{ from: '00:00', to: '24:00' }]
const weekOf = (weekday: Period[], weekend: Period[] = []) => [weekday, weekday, weekday, weekday, weekday, weekend, weekend]
const newCalendar = (more: object = {}, client = supervisor) =>
  client.post<Calendar>('/calendars', { name: unique('工作时间'), timeZone: 'Asia/Shanghai', weekly: weekOf(office), ...more })
const newTeam = (calendarId: string, client = supervisor) => client.post<Team>('/teams', { name: unique('组'), calendarId })
/** Today on the wall in Shanghai, as the installation has it. */
const today = () => new Date(it.now() + 8 * 3_600_000).toISOString().slice(0, 10)

describe('BP-007.5 working hours', () => {
  test('several periods a day; teams share a calendar, and an exception today closes all of them', async () => {
    const calendar = await newCalendar({ weekly: weekOf(allDay, allDay) })
    const [one, two] = [await newTeam(calendar.id), await newTeam(calendar.id)]
    expect([one, two].map(({ openState }) => openState)).toEqual(Array(2).fill({ open: true, changesAt: null }))
    const exception = { day: today(), kind: 'exception', name: '停电', periods: [] }
    const changed = await supervisor.post<Calendar>(`/calendars/${calendar.id}/days`, { set: [exception], version: calendar.version })
    expect(changed).toMatchObject({ teamCount: 2, state: { open: false }, days: [{ ...exception, source: null }] })
    for (const { id } of [one, two]) {
      const { openState } = await supervisor.get<Team>(`/teams/${id}`)
      expect(openState.open).toBe(false)
      // Until midnight there.
      expect(openState.changesAt?.slice(10)).toBe('T16:00:00.000Z')
    }
    const back = await supervisor.post<Calendar>(`/calendars/${calendar.id}/days`, { remove: [exception.day], version: changed.version })
    expect(back).toMatchObject({ days: [], state: { open: true, changesAt: null } })
  })

  test('the public holidays of a year come with their source; days by hand stay, and importing again changes nothing', async () => {
    const years = await agent.get<HolidayYear[]>('/holidays')
    const year = years.find(({ id }) => id === 'cn-2026')
    expect(year).toMatchObject({ complete: true, source: { title: expect.stringContaining('国办发明电〔2025〕7号') } })
    expect(years.find(({ id }) => id === 'cn-2027')).toMatchObject({ complete: false })
    const byKind = (kind: string) => year?.days.filter((day) => day.kind === kind).map(({ day }) => day)
    expect(byKind('workday')).toEqual(['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'])
    expect(byKind('holiday')).toHaveLength(33)
    const calendar = await newCalendar()
    const own = { day: '2026-10-02', kind: 'exception', name: '值班', periods: [{ from: '10:00', to: '16:00' }] }
    const { version } = await supervisor.post<Calendar>(`/calendars/${calendar.id}/days`, { set: [own], version: calendar.version })
    const path = `/calendars/${calendar.id}/holidays`
    const first = await supervisor.post<{ calendar: Calendar; imported: number; kept: string[] }>(path, { holidays: 'cn-2026', version })
    expect(first).toMatchObject({ imported: 38, kept: ['2026-10-02'] })
    const again = await supervisor.post<typeof first>(path, { holidays: 'cn-2026', version: first.calendar.version })
    expect(again.calendar.days).toEqual(first.calendar.days)
    expect(again.calendar.days).toContainEqual({ ...own, source: null })
    await supervisor.expectError('POST', path, { holidays: 'cn-1999', version: again.calendar.version }, 404, 'not_found')
  })

  test('hours of another time zone are those of its wall clock', async () => {
    const calendar = await newCalendar({ timeZone: 'America/New_York', weekly: weekOf(allDay, allDay) })
    const day = new Date(it.now() + 86_400_000).toISOString().slice(0, 10)
    const closed = await supervisor.post<Calendar>(`/calendars/${calendar.id}/days`, {
      set: [{ day, kind: 'holiday', name: 'Holiday', periods: null }],
      version: calendar.version,
    })
    const midnight = new Date(closed.state.changesAt ?? '')
    expect(new Intl.DateTimeFormat('sv', { timeZone: 'America/New_York', dateStyle: 'short', timeStyle: 'short' }).format(midnight)).toBe(
      `${day} 00:00`,
    )
  })
})

describe('who may', () => {
  test('S22 a shared calendar is changed only by who manages every team that uses it', async () => {
    const calendar = await newCalendar()
    await newTeam(calendar.id)
    await newTeam(calendar.id, foreign)
    const seen = await supervisor.get<Calendar>(`/calendars/${calendar.id}`)
    expect([seen.teams.length, seen.teamCount]).toEqual([1, 2])
    const path = `/calendars/${calendar.id}`
    await supervisor.expectError('PATCH', path, { name: '改名', version: calendar.version }, 403, 'forbidden')
    expect((await admin.patch<Calendar>(path, { name: unique('改名'), version: calendar.version })).version).toBe(2)
  })

  test('an agent reads calendars and changes none', async () => {
    const calendar = await newCalendar()
    expect((await agent.get<Calendar>(`/calendars/${calendar.id}`)).name).toBe(calendar.name)
    const body = { name: unique('x'), timeZone: 'UTC', weekly: weekOf([]) }
    await agent.expectError('POST', '/calendars', body, 403, 'forbidden')
    await agent.expectError('DELETE', `/calendars/${calendar.id}?version=1`, undefined, 403, 'forbidden')
  })

  test('one in use cannot be removed, one that is free can; of two changes at once one is told', async () => {
    const calendar = await newCalendar()
    const team = await newTeam(calendar.id)
    await supervisor.expectError('DELETE', `/calendars/${calendar.id}?version=1`, undefined, 409, 'calendar_in_use')
    await supervisor.patch(`/teams/${team.id}`, { calendarId: null, version: team.version })
    const names = [unique('甲'), unique('乙')]
    const answers = await Promise.all(names.map((name) => supervisor.ask('PATCH', `/calendars/${calendar.id}`, { name, version: 1 })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect((await supervisor.ask('DELETE', `/calendars/${calendar.id}?version=2`)).status).toBe(200)
    await supervisor.expectError('GET', `/calendars/${calendar.id}`, undefined, 404, 'not_found')
  })
})

describe('bad input', () => {
  const refused: [string, object][] = [
    ['an unknown time zone', { timeZone: 'Asia/Atlantis' }],
    ['an offset instead of a zone', { timeZone: '+08:00' }],
    ['a period that ends before it begins', { weekly: weekOf([{ from: '18:00', to: '09:00' }]) }],
    ['a period across midnight', { weekly: weekOf([{ from: '22:00', to: '02:00' }]) }],
    [
      'periods over each other',
      {
        weekly: weekOf([
          { from: '09:00', to: '12:00' },
          { from: '11:59', to: '18:00' },
        ]),
      },
    ],
    ['25 o’clock', { weekly: weekOf([{ from: '09:00', to: '25:00' }]) }],
    ['a week of six days', { weekly: weekOf(office).slice(1) }],
    ['an unknown key', { id: '01930000-0000-7000-8000-0000000000ff' }],
  ]
  test.each(refused)('%s is refused', async (_, more) => {
    const body = { name: unique('坏'), timeZone: 'Asia/Shanghai', weekly: weekOf(office), ...more }
    await supervisor.expectError('POST', '/calendars', body, 400, 'invalid_request')
  })

  test('a day twice, a holiday with hours, an exception without are refused; what passes by the API is what the database takes', async () => {
    const calendar = await newCalendar()
    const day = { day: '2026-12-25', kind: 'holiday', name: '圣诞', periods: null }
    for (const set of [[day, day], [{ ...day, periods: office }], [{ ...day, kind: 'exception' }], [{ ...day, day: '2026-02-30' }]]) {
      await supervisor.expectError('POST', `/calendars/${calendar.id}/days`, { set, version: 1 }, 400, 'invalid_request')
    }
    const { db } = it.process.app
    const crossing = JSON.stringify(weekOf([{ from: '22:00', to: '02:00' }]))
    await expect(db('calendars').where({ id: calendar.id }).update({ weekly: crossing })).rejects.toThrow('calendars_weekly_check')
  })
})
