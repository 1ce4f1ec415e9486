/** Rows of a spreadsheet somebody sent us: .xlsx, or .csv in the encodings that Excel writes. */
import { z } from 'zod'
import { readCsv } from './csv.ts'
import { createBudget, DEFAULT_LIMITS, tooLarge, unreadable, type SheetLimits } from './limits.ts'
import { readXlsx } from './xlsx.ts'

export interface SheetRow {
  /** As Excel numbers it, the heading usually being 1. */
  number: number
  /** As people read them; dates as `2026-11-22` or `2026-11-22 09:30`. Without trailing empty cells. */
  cells: string[]
}

const bytesOf = z.instanceof(Uint8Array)
const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex')
const ZIP = Buffer.from('504b0304', 'hex')

/**
 * Rows that hold anything, in order. The file is held in memory (`maxBytes`), its content never: rows are made as they are asked for.
 * @throws Invalid `spreadsheet_unreadable` {reason}, `spreadsheet_too_large` {limit, max}
 */
export async function* readRows(
  source: Uint8Array | AsyncIterable<unknown>,
  limits: Partial<SheetLimits> = {},
): AsyncGenerator<SheetRow, void, undefined> {
  const budget = createBudget({ ...DEFAULT_LIMITS, ...limits })
  const file = await collect(source, budget.limits.maxBytes)
  if (file.length === 0) throw unreadable('not_a_spreadsheet')
  if (file.subarray(0, 8).equals(OLE)) throw unreadable('old_excel_or_password')
  yield* file.subarray(0, 4).equals(ZIP) ? readXlsx(file, budget) : readCsv(file, budget)
}

async function collect(source: Uint8Array | AsyncIterable<unknown>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  const keep = (chunk: Uint8Array) => {
    size += chunk.length
    if (size > maxBytes) throw tooLarge('bytes', maxBytes)
    chunks.push(chunk)
  }
  if (source instanceof Uint8Array) keep(source)
  else for await (const chunk of source) keep(bytesOf.parse(chunk))
  return Buffer.concat(chunks)
}
