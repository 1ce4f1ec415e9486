/** What a spreadsheet says, row by row, with everything that is wrong with it. Nothing is changed. */
import {
  codeSchema,
  MAX_REPLY_TEXT,
  type OwnVariable,
  QUICK_REPLY_COLUMNS,
  type QuickReplyColumn,
  type QuickReplyPartInput,
  quickReplyPartInput,
  type QuickReplySheetError,
  type QuickReplySheetFault,
} from '../../contract/quick-reply.ts'
import { Invalid } from '../../core/errors.ts'
import { cellOf, type Heading, readHeading } from '../../core/spreadsheets/heading.ts'
import { readRows } from '../../core/spreadsheets/read-rows.ts'
import { MAX_DEPTH } from './categories.ts'
import { headingColumn, readPath, readState } from './sheet-columns.ts'
import { readVariables } from './sheet-variables.ts'
import { unknownVariables, withoutAliases } from './variables.ts'

export const MAX_SHEET_BYTES = 4 * 1024 * 1024
export const MAX_SHEET_ROWS = 2000
const LIMITS = { maxBytes: MAX_SHEET_BYTES, maxInflatedBytes: 64 * 1024 * 1024, maxRows: MAX_SHEET_ROWS + 1, maxColumns: 60 }
/** Between the texts of a reply that has several. */
export const NEXT_TEXT = '\n---\n'

export interface SheetReply {
  row: number
  category: string[]
  code: string | null
  title: string
  parts: QuickReplyPartInput[]
  variables: OwnVariable[]
  disabled: boolean
}
export interface ReadSheet {
  rows: SheetReply[]
  errors: QuickReplySheetError[]
  unknownColumns: string[]
}

/** @throws Invalid `spreadsheet_unreadable`, `spreadsheet_too_large`, `import_columns_missing`, `import_empty` */
export async function readSheet(data: Uint8Array): Promise<ReadSheet> {
  let heading: Heading<QuickReplyColumn> | null = null
  const sheet: ReadSheet = { rows: [], errors: [], unknownColumns: [] }
  const seen = new Map<string, number>()
  for await (const { number, cells } of readRows(data, LIMITS)) {
    if (heading === null) {
      heading = checkedHeading(cells)
      sheet.unknownColumns = heading.unknown
      continue
    }
    const { reply, errors } = readReply(number, heading, cells)
    const key = reply.code?.toLowerCase()
    const earlier = key === undefined ? undefined : seen.get(key)
    if (earlier !== undefined) errors.push(fault(number, 'code', 'repeated', { row: earlier }))
    else if (key !== undefined) seen.set(key, number)
    sheet.rows.push(reply)
    sheet.errors.push(...errors)
  }
  if (sheet.rows.length === 0) throw new Invalid('import_empty', 'the sheet has no rows')
  return sheet
}

function checkedHeading(cells: readonly string[]): Heading<QuickReplyColumn> {
  const heading = readHeading(cells, QUICK_REPLY_COLUMNS.map(headingColumn))
  const columns = (['title', 'text'] as const).filter((column) => !heading.columns.has(column))
  if (columns.length > 0) throw new Invalid('import_columns_missing', 'columns are missing', { columns })
  return heading
}

const fault = (
  row: number,
  column: QuickReplyColumn,
  name: QuickReplySheetFault,
  params: QuickReplySheetError['params'] = {},
): QuickReplySheetError => ({ row, column, fault: name, params })

function readReply(
  row: number,
  heading: Heading<QuickReplyColumn>,
  cells: readonly string[],
): { reply: SheetReply; errors: QuickReplySheetError[] } {
  const cell = (column: QuickReplyColumn) => cellOf(heading, cells, column)
  const variables = readVariables(cell('variables'))
  const state = readState(cell('state'))
  const category = readPath(cell('category'))
  const code = cell('code').replace(/^\//, '') || null
  const parts = withoutAliases(partsOf(cell), variables ?? [])
  const reply: SheetReply = {
    row,
    category,
    code,
    title: cell('title'),
    parts,
    variables: variables ?? [],
    disabled: state?.disabled ?? false,
  }
  const errors = [
    ...lengthFaults(row, cell),
    ...(code !== null && !codeSchema.safeParse(code).success ? [fault(row, 'code', 'code_invalid')] : []),
    ...(variables === null ? [fault(row, 'variables', 'variable_invalid')] : []),
    ...(variables === null ? [] : unknownVariables(parts, variables).map((name) => fault(row, 'text', 'variable_unknown', { name }))),
    ...(category.length > MAX_DEPTH ? [fault(row, 'category', 'category_too_deep', { max: MAX_DEPTH })] : []),
    ...(state === null ? [fault(row, 'state', 'state_unknown', { value: cell('state').slice(0, 20) })] : []),
    ...partFaults(row, parts),
  ]
  return { reply, errors }
}

function partsOf(cell: (column: QuickReplyColumn) => string): QuickReplyPartInput[] {
  const texts = cell('text')
    .split(NEXT_TEXT)
    .map((text) => text.trim())
    .filter((text) => text !== '')
  const url = cell('linkUrl')
  const link = { type: 'link' as const, url, title: cell('linkTitle') || cell('title') }
  return [...texts.map((text) => ({ type: 'text' as const, text })), ...(url === '' ? [] : [link])]
}

function lengthFaults(row: number, cell: (column: QuickReplyColumn) => string): QuickReplySheetError[] {
  const long = (column: QuickReplyColumn, max: number) => (cell(column).length > max ? [fault(row, column, 'too_long', { max })] : [])
  const names = readPath(cell('category')).some((name) => name.length > 40) ? [fault(row, 'category', 'too_long', { max: 40 })] : []
  const bad = QUICK_REPLY_COLUMNS.filter((column) => cell(column).includes('\u0000') || !cell(column).isWellFormed())
  return [
    ...(cell('title') === '' ? [fault(row, 'title', 'required')] : []),
    ...(cell('text') === '' && cell('linkUrl') === '' ? [fault(row, 'text', 'required')] : []),
    ...long('title', 80),
    ...long('linkTitle', 256),
    ...names,
    ...bad.map((column) => fault(row, column, 'malformed')),
  ]
}

function partFaults(row: number, parts: readonly QuickReplyPartInput[]): QuickReplySheetError[] {
  if (parts.length > 5) return [fault(row, 'text', 'too_long', { max: MAX_REPLY_TEXT })]
  return parts.flatMap((part) => {
    if (part.type === 'text' && part.text.length > MAX_REPLY_TEXT) return [fault(row, 'text', 'too_long', { max: MAX_REPLY_TEXT })]
    if (part.type === 'link' && part.title.length <= 256 && part.title !== '' && !quickReplyPartInput.safeParse(part).success)
      return [fault(row, 'linkUrl', 'link_invalid')]
    return []
  })
}
