/** Pure: lines of an import file against what is known. All faults are found, not the first one. */
import type { z } from 'zod'
import { type ImportColumn, staffCreate } from '../../../contract/organisation.ts'
import { readPhone } from '../../../core/phone.ts'
import { isRequired } from './columns.ts'
import { keyOf, type Known, type Names } from './known.ts'
import type { Fault, Line } from './read-file.ts'

export interface Candidate {
  row: number
  input: z.output<typeof staffCreate>
  /** As the file names them, for the preview. */
  department: string | null
  role: string
}

type Told = (column: ImportColumn, fault: Fault['fault'], value?: string) => null

export function checkLines(lines: readonly Line[], known: Known): { candidates: Candidate[]; faults: Fault[] } {
  const faults: Fault[] = []
  const seen = { username: new Map<string, number>(), employeeNumber: new Map<string, number>(), phone: new Map<string, number>() }
  const candidates = lines.flatMap((line) => {
    const before = faults.length
    const tell: Told = (column, fault, value = line.cells[column]) => {
      faults.push({ row: line.row, column, fault, value: value.slice(0, 100) })
      return null
    }
    const candidate = candidateOf(line, known, tell)
    checkTaken(line, known, tell)
    checkRepeated(line, seen, tell)
    return candidate && faults.length === before ? [candidate] : []
  })
  return { candidates, faults }
}

function candidateOf(line: Line, known: Known, tell: Told): Candidate | null {
  const { cells, row } = line
  for (const column of ['username', 'name', 'role'] as const) if (isRequired(column) && cells[column] === '') tell(column, 'required')
  const phone = cells.phone === '' ? null : readPhone(cells.phone)
  if (cells.phone !== '' && phone === null) tell('phone', 'malformed')
  const draft = {
    username: cells.username,
    name: cells.name,
    roleId: roleOf(cells.role, known, tell),
    departmentId: departmentOf(cells.department, known, tell),
    employeeNumber: cells.employeeNumber || null,
    titleId: cells.title === '' ? null : oneOf(known.titles, cells.title, 'title', tell),
    phone,
    email: cells.email || null,
    joinedOn: cells.joinedOn === '' ? null : dateOf(cells.joinedOn),
    languages: listOf(cells.languages).flatMap((text) => oneOf(known.languages, text, 'languages', tell) ?? []),
    skills: listOf(cells.skills).flatMap((text) => skillOf(text, known, tell) ?? []),
  }
  const parsed = staffCreate.safeParse(draft)
  if (parsed.success) return { row, input: parsed.data, department: cells.department || null, role: cells.role }
  tellIssues(parsed.error, cells, tell)
  return null
}

const SHAPED: readonly ImportColumn[] = ['username', 'name', 'employeeNumber', 'email', 'joinedOn', 'languages', 'skills']

/** What the contract refuses; what was told already (unknown, required) is not told again. */
function tellIssues(error: z.ZodError, cells: Line['cells'], tell: Told): void {
  for (const column of SHAPED) {
    const issue = error.issues.find(({ path }) => path[0] === column)
    if (issue && cells[column] !== '') tell(column, issue.code === 'too_big' ? 'too_long' : 'malformed')
  }
}

function oneOf(names: Names, text: string, column: ImportColumn, tell: Told): string | null {
  const ids = [...(names.get(keyOf(text)) ?? [])]
  if (ids.length > 1) return tell(column, 'ambiguous', text)
  return ids[0] ?? tell(column, 'unknown', text)
}

function roleOf(text: string, known: Known, tell: Told): string | null {
  if (text === '') return null
  const id = oneOf(known.roles, text, 'role', tell)
  return id !== null && known.beyond.has(id) ? tell('role', 'beyond_own', text) : id
}

function departmentOf(text: string, known: Known, tell: Told): string | null {
  if (text === '') return known.reachable === null ? null : tell('department', 'required', text)
  const id = oneOf(known.departments, text.replace(/\s*[/／>＞]\s*/g, '/'), 'department', tell)
  return id !== null && known.reachable !== null && !known.reachable.has(id) ? tell('department', 'beyond_own', text) : id
}

const listOf = (text: string): string[] =>
  text
    .split(/[,，、;；\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '')

/** `退换货:4`, or without a level, which is 3. */
function skillOf(text: string, known: Known, tell: Told): { skillId: string; level: number } | null {
  const [, name = text, digits] = /^(.+?)\s*[:：]\s*(\d+)$/.exec(text) ?? []
  const level = digits === undefined ? 3 : Number(digits)
  if (level < 1 || level > 5) return tell('skills', 'malformed', text)
  const skillId = oneOf(known.skills, name, 'skills', tell)
  return skillId === null ? null : { skillId, level }
}

/** `2026/3/1` and `2026-03-01 00:00` are dates, too. */
function dateOf(text: string): string {
  const [, year, month = '', day = ''] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?$/.exec(text) ?? []
  return year === undefined ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

function checkTaken({ cells }: Line, { taken }: Known, tell: Told): void {
  if (cells.username !== '' && taken.usernames.has(cells.username)) tell('username', 'taken')
  if (cells.employeeNumber !== '' && taken.employeeNumbers.has(keyOf(cells.employeeNumber))) tell('employeeNumber', 'taken')
  const phone = cells.phone === '' ? null : readPhone(cells.phone)
  if (phone !== null && taken.phones.has(phone)) tell('phone', 'taken')
}

function checkRepeated({ cells, row }: Line, seen: Record<'username' | 'employeeNumber' | 'phone', Map<string, number>>, tell: Told): void {
  const values = { username: cells.username, employeeNumber: keyOf(cells.employeeNumber), phone: readPhone(cells.phone) ?? '' }
  for (const column of ['username', 'employeeNumber', 'phone'] as const) {
    const value = values[column]
    if (value === '') continue
    if (seen[column].has(value)) tell(column, 'repeated')
    else seen[column].set(value, row)
  }
}
