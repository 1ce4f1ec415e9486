/** RFC 4180, with what Excel does to it: GB18030 on Chinese Windows, UTF-16 for "Unicode text", semicolons or tabs between cells. */
import { isUtf8 } from 'node:buffer'
import { setImmediate } from 'node:timers/promises'
import { TextDecoder } from 'node:util'
import { type Budget, unreadable } from './limits.ts'
import type { SheetRow } from './read-rows.ts'
import { fromGuardedText } from './safe-text.ts'

const CHUNK_BYTES = 64 * 1024

export async function* readCsv(file: Buffer, budget: Budget): AsyncGenerator<SheetRow, void, undefined> {
  const encoding = encodingOf(file)
  const decoder = new TextDecoder(encoding, { fatal: true })
  const parser = createParser(budget)
  for (let from = 0; from < file.length; from += CHUNK_BYTES) {
    const last = from + CHUNK_BYTES >= file.length
    const text = decode(decoder, file.subarray(from, from + CHUNK_BYTES), !last)
    yield* budget.timed(() => parser.write(text, last))
    await setImmediate()
  }
}

function encodingOf(file: Buffer): string {
  const [first, second] = file
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (file.includes(0)) throw unreadable('not_a_spreadsheet')
  return isUtf8(file) ? 'utf-8' : 'gb18030'
}

function decode(decoder: TextDecoder, bytes: Buffer, more: boolean): string {
  try {
    return decoder.decode(bytes, { stream: more })
  } catch {
    throw unreadable('encoding')
  }
}

interface CsvParser {
  /** The rows that became complete with this piece of text. */
  write(text: string, last: boolean): SheetRow[]
}

/** `quoted`: inside quotes · `closing`: after a quote that ends the cell or is the first of two. */
type CellState = 'plain' | 'quoted' | 'closing'

function createParser(budget: Budget): CsvParser {
  let delimiter: string | undefined
  let state: CellState = 'plain'
  let cell = ''
  let cells: string[] = []
  let number = 1
  let afterReturn = false
  let rows: SheetRow[] = []

  const endCell = () => {
    budget.cell(cells.length, cell.length)
    cells.push(fromGuardedText(cell))
    cell = ''
    state = 'plain'
  }
  const endRow = () => {
    endCell()
    while (cells.at(-1)?.trim() === '') cells.pop()
    if (cells.length > 0) {
      budget.row()
      rows.push({ number, cells })
    }
    cells = []
    number += 1
  }
  const outside = (character: string) => {
    if (character === delimiter) endCell()
    else if (character === '\n' || character === '\r') endRow()
    else if (character === '"' && cell === '') state = 'quoted'
    else cell += character
  }
  const take = (character: string) => {
    const ignored = afterReturn && character === '\n' && state !== 'quoted'
    afterReturn = character === '\r' && state !== 'quoted'
    if (ignored) return
    if (state === 'plain') outside(character)
    else if (state === 'quoted') {
      if (character === '"') state = 'closing'
      else cell += character
    } else if (character === '"') {
      cell += '"'
      state = 'quoted'
    } else {
      state = 'plain'
      outside(character)
    }
    if (cell.length > budget.limits.maxCellLength) budget.cell(cells.length, cell.length)
  }
  return {
    write(text, last) {
      delimiter ??= delimiterOf(text)
      for (const character of text) take(character)
      if (last && (cell !== '' || cells.length > 0)) endRow()
      const complete = rows
      rows = []
      return complete
    },
  }
}

/** The one that the first line has most of; a comma when there is none. */
function delimiterOf(text: string): string {
  const line = text.slice(0, 4096).split(/[\r\n]/, 1)[0] ?? ''
  const count = (character: string) => line.split(character).length
  return [',', '\t', ';'].reduce((best, candidate) => (count(candidate) > count(best) ? candidate : best))
}
