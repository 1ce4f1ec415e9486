/** An import file as lines of text, with what is wrong about the file itself. */
import { IMPORT_COLUMNS, IMPORT_ROWS_MAX, type ImportColumn, type StaffImport } from '../../../contract/organisation.ts'
import { cellOf, type Heading, readHeading } from '../../../core/spreadsheets/heading.ts'
import { readRows } from '../../../core/spreadsheets/read-rows.ts'
import { COLUMNS, isRequired } from './columns.ts'

export type Fault = StaffImport['faults'][number]
export interface Line {
  row: number
  cells: Record<ImportColumn, string>
}

const LIMITS = { maxBytes: 5 * 1024 * 1024, maxRows: IMPORT_ROWS_MAX + 1, maxColumns: 60, maxCellLength: 2000 }

/** @throws Invalid `spreadsheet_unreadable`, `spreadsheet_too_large` */
export async function readFile(file: Uint8Array): Promise<{ lines: Line[]; faults: Fault[] }> {
  let heading: Heading<ImportColumn> | null = null
  const lines: Line[] = []
  for await (const { number, cells } of readRows(file, LIMITS)) {
    if (heading) lines.push(lineOf(heading, number, cells))
    else heading = readHeading(cells, COLUMNS)
  }
  const faults: Fault[] = heading ? missingColumns(heading) : []
  if (lines.length === 0) faults.push({ row: null, column: null, fault: 'empty_file', value: '' })
  return { lines, faults }
}

const missingColumns = (heading: Heading<ImportColumn>): Fault[] =>
  IMPORT_COLUMNS.filter((column) => isRequired(column) && !heading.columns.has(column)).map((column) => ({
    row: null,
    column,
    fault: 'missing_column',
    value: '',
  }))

function lineOf(heading: Heading<ImportColumn>, row: number, cells: readonly string[]): Line {
  const cell = (column: ImportColumn) => cellOf(heading, cells, column)
  return {
    row,
    cells: {
      username: cell('username').toLowerCase(),
      name: cell('name'),
      employeeNumber: cell('employeeNumber'),
      department: cell('department'),
      role: cell('role'),
      title: cell('title'),
      phone: cell('phone'),
      email: cell('email'),
      joinedOn: cell('joinedOn'),
      languages: cell('languages'),
      skills: cell('skills'),
    },
  }
}
