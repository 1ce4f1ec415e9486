/** The first visible sheet of an .xlsx (ECMA-376 part 1, 18.3 and 18.4), row by row. */
import { columnOf, dateText, isDateFormat, numberText } from './cell-values.ts'
import { type Budget, unreadable } from './limits.ts'
import type { SheetRow } from './read-rows.ts'
import { type Archive, openArchive, readPart, type XmlHandlers } from './xlsx-archive.ts'

interface Workbook {
  strings: readonly string[]
  /** By index of a cell's style. */
  dateStyles: readonly boolean[]
  from1904: boolean
  sheet: string
}

export async function* readXlsx(file: Buffer, budget: Budget): AsyncGenerator<SheetRow, void, undefined> {
  const archive = await openArchive(file, budget)
  if (!archive.has('xl/workbook.xml')) throw unreadable('not_a_spreadsheet')
  const { relation, from1904 } = await firstSheet(archive)
  const workbook: Workbook = {
    sheet: await targetOf(archive, relation),
    from1904,
    strings: await sharedStrings(archive),
    dateStyles: await dateStyles(archive),
  }
  const reader = sheetReader(workbook, budget)
  yield* archive.parse(workbook.sheet, reader.handlers, reader.rows)
}

async function firstSheet(archive: Archive): Promise<{ relation: string; from1904: boolean }> {
  let relation: string | undefined
  let from1904 = false
  await readPart(archive, 'xl/workbook.xml', {
    open(name, attributes) {
      if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attributes.date1904 ?? '')
      if (name === 'sheet' && (attributes.state ?? 'visible') === 'visible') relation ??= attributes['r:id']
    },
  })
  if (relation === undefined) throw unreadable('no_sheet')
  return { relation, from1904 }
}

async function targetOf(archive: Archive, relation: string): Promise<string> {
  let target: string | undefined
  await readPart(archive, 'xl/_rels/workbook.xml.rels', {
    open(name, attributes) {
      if (name === 'Relationship' && attributes.Id === relation) target = attributes.Target
    },
  })
  if (target === undefined) throw unreadable('no_sheet')
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`
}

/** `_x000D_` is how control characters are written in XML 1.0. */
const unescaped = (text: string): string =>
  text.includes('_x') ? text.replace(/_x([0-9a-f]{4})_/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16))) : text

async function sharedStrings(archive: Archive): Promise<string[]> {
  const strings: string[] = []
  if (!archive.has('xl/sharedStrings.xml')) return strings
  let text = ''
  let inText = false
  /** Readings above Han characters (`rPh`) are not part of the text. */
  let inReading = false
  await readPart(archive, 'xl/sharedStrings.xml', {
    open(name) {
      if (name === 'si') text = ''
      if (name === 'rPh') inReading = true
      inText = name === 't' && !inReading
    },
    text(more) {
      if (inText) text += more
    },
    close(name) {
      if (name === 'rPh') inReading = false
      if (name === 't') inText = false
      if (name === 'si') strings.push(unescaped(text))
    },
  })
  return strings
}

async function dateStyles(archive: Archive): Promise<boolean[]> {
  const styles: boolean[] = []
  if (!archive.has('xl/styles.xml')) return styles
  const codes = new Map<number, string>()
  let inCells = false
  await readPart(archive, 'xl/styles.xml', {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '')
      if (name === 'cellXfs') inCells = true
      if (name !== 'xf' || !inCells) return
      const id = Number(attributes.numFmtId ?? 0)
      styles.push(isDateFormat(id, codes.get(id)))
    },
    close(name) {
      if (name === 'cellXfs') inCells = false
    },
  })
  return styles
}

interface Cell {
  column: number
  type: string
  style: number
  text: string
}

function sheetReader(workbook: Workbook, budget: Budget): { handlers: XmlHandlers; rows: () => SheetRow[] } {
  let done: SheetRow[] = []
  let number = 0
  let cells: string[] = []
  let cell: Cell | null = null
  let inValue = false
  let nextColumn = 0

  const endCell = () => {
    const value = cell === null ? '' : valueOf(cell, workbook)
    if (cell === null || value === '') return
    budget.cell(cell.column, value.length)
    while (cells.length < cell.column) cells.push('')
    cells[cell.column] = value
  }
  const endRow = () => {
    while (cells.at(-1)?.trim() === '') cells.pop()
    if (cells.length === 0) return
    budget.row()
    done.push({ number, cells })
  }
  return {
    handlers: {
      open(name, attributes) {
        if (name === 'row') {
          number = rowNumber(attributes.r, number)
          cells = []
          nextColumn = 0
        } else if (name === 'c') {
          const column = attributes.r === undefined ? nextColumn : columnOf(attributes.r)
          nextColumn = column + 1
          cell = { column, type: attributes.t ?? 'n', style: Number(attributes.s ?? 0), text: '' }
        } else inValue = name === 'v' || name === 't'
      },
      text(more) {
        if (!inValue || !cell) return
        cell.text += more
        if (cell.text.length > budget.limits.maxCellLength) budget.cell(cell.column, cell.text.length)
      },
      close(name) {
        if (name === 'v' || name === 't') inValue = false
        if (name === 'c') {
          endCell()
          cell = null
        }
        if (name === 'row') endRow()
      },
    },
    rows() {
      const rows = done
      done = []
      return rows
    },
  }
}

/** Excel's last row. */
const LAST_ROW = 1_048_576

/** Rows come in order; one that says otherwise would stand for another. */
function rowNumber(written: string | undefined, before: number): number {
  const number = written === undefined ? before + 1 : Number(written)
  if (!Number.isInteger(number) || number <= before || number > LAST_ROW) throw unreadable('damaged')
  return number
}

function valueOf(cell: Cell, workbook: Workbook): string {
  if (cell.type === 's') return workbook.strings[Number(cell.text)] ?? ''
  if (cell.type === 'b') return cell.text === '1' ? 'TRUE' : 'FALSE'
  if (cell.type !== 'n' || cell.text === '') return unescaped(cell.text)
  const value = Number(cell.text)
  if (!Number.isFinite(value)) return cell.text
  return workbook.dateStyles[cell.style] ? dateText(value, workbook.from1904) : numberText(value)
}
