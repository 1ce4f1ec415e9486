/** Spreadsheets that others will open: typed cells, nothing that Excel would calculate, rows written as they come. */
import { once } from 'node:events'
import { PassThrough, type Readable, type Writable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Row, Worksheet } from 'exceljs'
import { startsFormula, toGuardedText } from './safe-text.ts'

export type SheetFormat = 'xlsx' | 'csv'
export type CellValue = string | number | boolean | null
export interface Sheet {
  /** Shown on the tab of an .xlsx. */
  name: string
  columns: readonly { title: string; width?: number }[]
  rows: Iterable<readonly CellValue[]> | AsyncIterable<readonly CellValue[]>
}

export const SHEET_TYPES: Record<SheetFormat, string> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
}

/** The sheet as a stream that ends with its last row, or breaks with the error of `rows`. */
export function sheetStream(format: SheetFormat, sheet: Sheet): Readable {
  const out = new PassThrough()
  writeSheet(out, format, sheet).catch((error: unknown) => out.destroy(error instanceof Error ? error : new Error(String(error))))
  return out
}

/** Ends `out`. Rows are asked for only as fast as they are taken. */
export const writeSheet = (out: Writable, format: SheetFormat, sheet: Sheet): Promise<void> =>
  format === 'csv' ? writeCsv(out, sheet) : writeXlsx(out, sheet)

const BATCH = 250

async function writeCsv(out: Writable, { columns, rows }: Sheet): Promise<void> {
  // Excel takes a file without the mark for the code page of the machine.
  let text = '\ufeff' + csvLine(columns.map(({ title }) => title))
  let waiting = 1
  for await (const row of rows) {
    text += csvLine(row)
    waiting += 1
    if (waiting < BATCH) continue
    await write(out, text)
    text = ''
    waiting = 0
  }
  await write(out, text)
  out.end()
}

async function write(out: Writable, text: string): Promise<void> {
  if (out.destroyed) throw new Error('the reader of the sheet went away')
  if (!out.write(text)) await drained(out)
}

/** A reader that leaves never drains. */
async function drained(out: Writable): Promise<void> {
  const stop = new AbortController()
  try {
    await Promise.race([once(out, 'drain', { signal: stop.signal }), once(out, 'close', { signal: stop.signal })])
  } finally {
    stop.abort()
  }
}

const csvLine = (cells: readonly CellValue[]): string => `${cells.map(csvCell).join(',')}\r\n`

function csvCell(value: CellValue): string {
  if (value === null) return ''
  const text = typeof value === 'string' ? toGuardedText(value) : String(value)
  return /[",\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** More would make a file that Excel calls damaged. */
const MAX_CELL = 32_767

async function writeXlsx(out: Writable, { name, columns, rows }: Sheet): Promise<void> {
  // Six hundred files, for the few processes that ever write one: loaded with the first.
  const { default: ExcelJS } = await import('exceljs')
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: out, useStyles: true, useSharedStrings: false })
  const sheet = book.addWorksheet(tabName(name), { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.columns = columns.map(({ width }) => ({ width: width ?? 18 }))
  const heading = xlsxRow(
    sheet,
    columns.map(({ title }) => title),
  )
  heading.font = { bold: true }
  heading.commit()
  let count = 0
  for await (const row of rows) {
    if (out.destroyed) throw new Error('the reader of the sheet went away')
    xlsxRow(sheet, row).commit()
    count += 1
    // The writer hands its bytes to the archive without looking whether they are taken: give both their turn.
    if (count % BATCH === 0) await (out.writableNeedDrain ? drained(out) : setImmediate())
  }
  await book.commit()
}

function xlsxRow(sheet: Worksheet, values: readonly CellValue[]): Row {
  const row = sheet.addRow(values.map((value) => (typeof value === 'string' ? xlsxText(value) : value)))
  // Text is typed as text in the file; the format keeps it so when somebody edits the cell.
  values.forEach((value, index) => {
    if (typeof value === 'string' && startsFormula(value)) row.getCell(index + 1).numFmt = '@'
  })
  return row
}

/** XML turns a bare carriage return into a line feed: the format has its own escape, which must then not appear by itself. */
const xlsxText = (text: string): string =>
  text
    .slice(0, MAX_CELL)
    .replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
    .replaceAll('\r', '_x000D_')

/** Excel allows 31 characters, and not these. */
const tabName = (name: string): string => name.replace(/[[\]*?:/\\]/g, ' ').slice(0, 31) || 'Sheet1'
