/** What a spreadsheet from outside may cost. A file of a few kilobytes can hold gigabytes; nothing is believed before it is counted. */
import { Invalid } from '../errors.ts'

export interface SheetLimits {
  /** Of the file as it was sent. */
  maxBytes: number
  /** Of all parts that are read, once inflated. */
  maxInflatedBytes: number
  /** Inflated to compressed, per part; parts under a megabyte are not judged by it. */
  maxRatio: number
  /** Rows that hold anything, the heading included. */
  maxRows: number
  maxColumns: number
  /** Characters of one cell; Excel itself allows 32,767. */
  maxCellLength: number
  /** Milliseconds spent on reading, without what the caller does with the rows. */
  maxMilliseconds: number
}
export const DEFAULT_LIMITS: SheetLimits = {
  maxBytes: 20 * 1024 * 1024,
  maxInflatedBytes: 256 * 1024 * 1024,
  maxRatio: 200,
  maxRows: 100_001,
  maxColumns: 200,
  maxCellLength: 32_767,
  maxMilliseconds: 60_000,
}

export type LimitName = 'bytes' | 'inflated_bytes' | 'ratio' | 'rows' | 'columns' | 'cell_length' | 'time'
export type UnreadableReason = 'not_a_spreadsheet' | 'old_excel_or_password' | 'damaged' | 'encoding' | 'no_sheet'

export const tooLarge = (limit: LimitName, max: number): Invalid =>
  new Invalid('spreadsheet_too_large', `the spreadsheet is past the limit on ${limit}`, { limit, max })
export const unreadable = (reason: UnreadableReason): Invalid =>
  new Invalid('spreadsheet_unreadable', `the spreadsheet cannot be read: ${reason}`, { reason })

/** Counts what one reading has cost so far. @throws Invalid `spreadsheet_too_large` from every method past its limit */
export interface Budget {
  limits: SheetLimits
  part(inflated: number, compressed: number): void
  row(): void
  cell(column: number, length: number): void
  /** Runs the work and counts its time. */
  timed<T>(work: () => T): T
}

const SMALL_PART = 1024 * 1024

export function createBudget(limits: SheetLimits): Budget {
  let inflatedBytes = 0
  let rows = 0
  let milliseconds = 0
  return {
    limits,
    part(inflated, compressed) {
      if (inflated > SMALL_PART && inflated / Math.max(compressed, 1) > limits.maxRatio) throw tooLarge('ratio', limits.maxRatio)
      inflatedBytes += inflated
      if (inflatedBytes > limits.maxInflatedBytes) throw tooLarge('inflated_bytes', limits.maxInflatedBytes)
    },
    row() {
      rows += 1
      if (rows > limits.maxRows) throw tooLarge('rows', limits.maxRows)
    },
    cell(column, length) {
      if (column >= limits.maxColumns) throw tooLarge('columns', limits.maxColumns)
      if (length > limits.maxCellLength) throw tooLarge('cell_length', limits.maxCellLength)
    },
    timed(work) {
      const started = performance.now()
      const result = work()
      milliseconds += performance.now() - started
      if (milliseconds > limits.maxMilliseconds) throw tooLarge('time', limits.maxMilliseconds)
      return result
    },
  }
}
