/** A week's plan as a spreadsheet: read back with every fault by row, or written to be filled in. */
import { z } from 'zod'
import type { ROSTER_IMPORT_PROBLEMS, RosterImportPreview } from '../../../contract/team.ts'
import { addDays, minuteOf, momentIn } from '../../../core/business-time/index.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Invalid } from '../../../core/errors.ts'
import { cellOf, type Heading, type HeadingColumn, readHeading } from '../../../core/spreadsheets/heading.ts'
import { readRows, type SheetRow } from '../../../core/spreadsheets/read-rows.ts'
import { teamFor } from '../policy.ts'
import { zoneOfTeam } from './load-shifts.ts'
import type { ShiftTemplateRow } from './model.ts'
import { elsewhere } from './plan-shifts.ts'
import { templatesOf } from './templates.ts'

type Cells = RosterImportPreview['cells']
type Planned = Cells[number]['shifts'][number]
type Problem = (typeof ROSTER_IMPORT_PROBLEMS)[number]
type Fault = RosterImportPreview['errors'][number]

const LIMITS = { maxBytes: 2 * 1024 * 1024, maxInflatedBytes: 32 * 1024 * 1024, maxRows: 1001, maxColumns: 60 }
const WEEKDAYS = ['一', '二', '三', '四', '五', '六', '日'] as const
const ENGLISH = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const
const NOTHING = new Set(['', '休', '休息', '-', '—', '/', 'off', '无'])

/** What may stand above the columns: the days by date or by name. */
export function columnsOf(week: string): HeadingColumn<string>[] {
  const days = WEEKDAYS.map((name, index) => {
    const day = addDays(week, index)
    const [, month = '', date = ''] = day.split('-')
    const short = `${Number(month)}月${Number(date)}日`
    const english = ENGLISH[index] ?? ''
    return {
      key: day,
      titles: [day, `${day}周${name}`, `周${name}`, `星期${name}`, short, `${month}-${date}`, english, english.slice(0, 3)],
    }
  })
  return [{ key: 'name', titles: ['姓名', '员工', 'name'] }, { key: 'username', titles: ['用户名', '账号', 'username'] }, ...days]
}

interface Person {
  id: string
  name: string
  username: string
}
interface Reading {
  week: string
  heading: Heading<string>
  members: readonly Person[]
  templates: ReadonlyMap<string, ShiftTemplateRow>
  seen: Set<string>
  errors: Fault[]
}

/** Nothing is changed. @throws NotFound, Forbidden; Invalid `spreadsheet_unreadable`, `spreadsheet_too_large` (reason `heading`: none that we know) */
export async function previewRoster(ctx: Ctx<StaffActor>, teamId: string, week: string, file: Buffer): Promise<RosterImportPreview> {
  const team = await teamFor(ctx, teamId, 'planShifts')
  const people = z.array(z.object({ id: z.string(), name: z.string(), username: z.string() }))
  const found: unknown = await ctx
    .trx('team_members as m')
    .join('accounts as a', 'a.id', 'm.account_id')
    .where('m.team_id', teamId)
    .select('a.id', 'a.name', 'a.username')
  const templates = (await templatesOf(ctx, teamId)).filter((row) => row.disabled_at === null)
  const shared = { week, members: people.parse(found), templates: new Map(templates.map((row) => [row.name, row])) }
  let reading: Reading | null = null
  const rowOf = new Map<string, number>()
  const cells: Cells = []
  let rows = 0
  for await (const row of readRows(file, LIMITS)) {
    if (!reading) {
      reading = { ...shared, heading: headingOf(row, week), seen: new Set(), errors: [] }
      continue
    }
    rows += 1
    for (const cell of readPerson(reading, row)) {
      cells.push(cell)
      rowOf.set(cell.accountId, row.number)
    }
  }
  if (!reading) throw new Invalid('spreadsheet_unreadable', 'the sheet is empty', { reason: 'empty' })
  const { errors, templates: byName } = reading
  const kept = await withoutConflicts(ctx, { cells, byName, zone: await zoneOfTeam(ctx, team), teamId }, (accountId, day) =>
    errors.push({ row: rowOf.get(accountId) ?? 1, column: day, problem: 'elsewhere', value: day }),
  )
  return { week, rows, cells: kept, errors }
}

function headingOf(row: SheetRow, week: string): Heading<string> {
  const heading = readHeading(row.cells, columnsOf(week))
  const person = heading.columns.has('name') || heading.columns.has('username')
  if (!person || heading.columns.size < 2) {
    throw new Invalid('spreadsheet_unreadable', 'the first row names 姓名 or 用户名, and days of this week', {
      reason: 'heading',
      unknown: heading.unknown,
    })
  }
  return heading
}

function readPerson(reading: Reading, row: SheetRow): Cells {
  const { heading, seen, errors, week } = reading
  const fault = (problem: Problem, value: string, column: string | null = null) => {
    errors.push({ row: row.number, column, problem, value: value.slice(0, 60) })
    return []
  }
  const [name, username] = [cellOf(heading, row.cells, 'name'), cellOf(heading, row.cells, 'username')]
  const matches = reading.members.filter((member) => (username === '' ? member.name === name : member.username === username.toLowerCase()))
  const [person, second] = matches
  if (!person) return fault('person_unknown', username || name)
  if (second) return fault('person_ambiguous', name)
  if (seen.has(person.id)) return fault('person_twice', username || name)
  seen.add(person.id)
  return WEEKDAYS.flatMap((_, index) => {
    const day = addDays(week, index)
    if (!heading.columns.has(day)) return []
    const text = cellOf(heading, row.cells, day)
    const shifts = readCell(text, reading.templates)
    if (!shifts) return fault('shift_unknown', text, day)
    if (overlapping(shifts, reading.templates)) return fault('shifts_overlap', text, day)
    return [{ accountId: person.id, day, shifts }]
  })
}

/** `早班、20:00-23:00`; null: something in it is no shift. */
export function readCell(text: string, templates: ReadonlyMap<string, unknown>): Planned[] | null {
  if (NOTHING.has(text.toLowerCase())) return []
  if (isTemplate(text, templates)) return [{ templateId: idOf(templates.get(text)) }]
  const shifts: Planned[] = []
  for (const word of text.split(/[、,，;；+\n]|\s\/\s/).map((part) => part.trim())) {
    if (word === '') continue
    const times = /^(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})$/.exec(word)
    if (isTemplate(word, templates)) shifts.push({ templateId: idOf(templates.get(word)) })
    else if (times) {
      const [from, to] = [`${times[1]?.padStart(2, '0')}:${times[2]}`, `${times[3]?.padStart(2, '0')}:${times[4]}`]
      if (![from, to].every((time) => /^([01]\d|2[0-3]):[0-5]\d$/.test(time))) return null
      shifts.push({ from, to })
    } else return null
  }
  return shifts.length > 6 ? null : shifts
}

const isTemplate = (name: string, templates: ReadonlyMap<string, unknown>): boolean => templates.has(name)
const idOf = (template: unknown): string => z.object({ id: z.string() }).parse(template).id

function spanOf(shift: Planned, templates: ReadonlyMap<string, ShiftTemplateRow>): { starts: number; ends: number } {
  const template = 'templateId' in shift ? [...templates.values()].find((row) => row.id === shift.templateId) : undefined
  const starts = 'from' in shift ? minuteOf(shift.from) : (template?.starts_minute ?? 0)
  const ends = 'to' in shift ? minuteOf(shift.to) : (template?.ends_minute ?? 0)
  return { starts, ends: ends <= starts ? ends + 1440 : ends }
}

function overlapping(shifts: readonly Planned[], templates: ReadonlyMap<string, ShiftTemplateRow>): boolean {
  const spans = shifts.map((shift) => spanOf(shift, templates)).sort((a, b) => a.starts - b.starts)
  return spans.some((span, index) => span.starts < (spans[index - 1]?.ends ?? 0))
}

interface Draft {
  cells: Cells
  byName: ReadonlyMap<string, ShiftTemplateRow>
  zone: string
  teamId: string
}

/** Cells whose people are planned elsewhere at that time are left out: the database would refuse the whole. */
async function withoutConflicts(
  ctx: Ctx,
  { cells, byName, zone, teamId }: Draft,
  tell: (accountId: string, day: string) => void,
): Promise<Cells> {
  const shifts = cells.flatMap(({ accountId, day, shifts: planned }) =>
    planned.map((shift) => {
      const { starts, ends } = spanOf(shift, byName)
      return {
        id: accountId,
        account_id: accountId,
        day,
        template_id: null,
        starts_at: momentIn(zone, day, starts).toISOString(),
        ends_at: momentIn(zone, day, ends).toISOString(),
      }
    }),
  )
  // What the sheet itself replaces is no conflict.
  const replaced = await replacedBy(ctx, teamId, cells)
  const conflicts = await elsewhere(ctx, shifts, replaced)
  for (const { accountId, day } of conflicts) tell(accountId, day)
  return cells.filter((cell) => !conflicts.some(({ accountId, day }) => accountId === cell.accountId && day === cell.day))
}

const idRows = z.object({ rows: z.array(z.object({ id: z.string() })) })

async function replacedBy(ctx: Ctx, teamId: string, cells: Cells): Promise<string[]> {
  const answer: unknown = await ctx.trx.raw(
    `select s.id from json_to_recordset(?::json) as t("accountId" uuid, day date)
     join shifts s on s.account_id = t."accountId" and s.day = t.day where s.team_id = ?`,
    [JSON.stringify(cells), teamId],
  )
  return idRows.parse(answer).rows.map(({ id }) => id)
}
