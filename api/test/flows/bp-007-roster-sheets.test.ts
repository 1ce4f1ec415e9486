import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import ExcelJS from 'exceljs'
import type { Roster, RosterImportPreview, ShiftTemplate, Team } from '../../contract/team.ts'
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

describe('BP-007.5 a plan as a sheet', () => {
  async function sheet(rows: string[][]): Promise<Buffer> {
    const book = new ExcelJS.Workbook()
    book.addWorksheet('排班').addRows(rows)
    return Buffer.from(await book.xlsx.writeBuffer())
  }
  const preview = async (week: string, data: Buffer, client = supervisor) =>
    client.upload(`${rosterPath(week)}/imports`, { name: '排班.xlsx', data })

  test('every fault is named by row, nothing is planned, and what is good can be', async () => {
    const week = newWeek()
    const other = await newTeam()
    await supervisor.put(rosterPath(week, other), body(0, [two, plus(week, 3), { from: '09:00', to: '10:00' }]))
    const data = await sheet([
      ['姓名', '周一', '周二', '周三', '周四'],
      ['林晓', '早班', '早班、22:00-23:00', '休', ''],
      ['王芳', '大夜班', '08:00-12:00 11:00-13:00', '10:00–12:00，11:00–13:00', '早班'],
      ['无名', '早班'],
      ['林晓', '夜班'],
    ])
    const { status, body: answer } = await preview(week, data)
    expect(status).toBe(200)
    const found: RosterImportPreview = answer.data
    expect(found.errors.map(({ row, column, problem }) => [row, column, problem])).toEqual([
      [3, week, 'shift_unknown'],
      [3, plus(week, 1), 'shift_unknown'],
      [3, plus(week, 2), 'shifts_overlap'],
      [4, null, 'person_unknown'],
      [5, null, 'person_twice'],
      [3, plus(week, 3), 'elsewhere'],
    ])
    expect((await roster(week)).shifts).toEqual([])
    const planned = await supervisor.put<Roster>(rosterPath(week), { cells: found.cells, version: 0 })
    expect(shiftsOf(one, planned).map(({ day, templateId }) => [day, templateId])).toEqual([
      [week, early.id],
      [plus(week, 1), early.id],
      [plus(week, 1), null],
    ])
  })

  test('the sheet of a week reads back as that week', async () => {
    const week = newWeek()
    const planned = await plan(week, 0, [one, week, by(early), { from: '20:00', to: '21:30' }], [two, plus(week, 6), by(night)])
    const { status, data } = await supervisor.download(`/api/v1${rosterPath(week)}/sheet`)
    expect(status).toBe(200)
    const { body: answer } = await preview(week, data)
    expect(answer.data.errors).toEqual([])
    const again = await supervisor.put<Roster>(rosterPath(week), { cells: answer.data.cells, version: planned.version })
    expect(again.shifts).toEqual(planned.shifts)
  })

  test('what is no sheet, has no headings, or comes from who may not plan is refused', async () => {
    const week = newWeek()
    expect((await preview(week, Buffer.from([0x50, 0x4b, 3, 4, 0, 0]))).body.error.code).toBe('spreadsheet_unreadable')
    expect((await preview(week, await sheet([['a', 'b']]))).body.error.context.reason).toBe('heading')
    expect((await preview(week, await sheet([['姓名', '周一']]), one)).status).toBe(403)
    expect((await preview(week, await sheet([['姓名', '周一']]), foreign)).status).toBe(404)
  })
})
