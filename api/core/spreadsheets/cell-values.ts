/** What a number in a cell means: Excel keeps dates as days since 1900, told apart by their format alone. */

/** Built-in formats without a format string in the file. 27–36 and 50–58 are the dates of Chinese, Japanese and Korean Excel. */
const BUILT_IN_DATES: readonly (readonly [number, number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
]

export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return BUILT_IN_DATES.some(([from, to]) => id >= from && id <= to)
  const bare = code
    .replace(/"[^"]*"|\\.|_./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
    .replace(/general/gi, '')
  return /[ymdhs]/i.test(bare)
}

const DAY_MS = 86_400_000
/** Day 0 as a time since 1970. Excel believes in a 29 February 1900; from March 1900 on, this offset is right. */
const EPOCH_1900 = Date.UTC(1899, 11, 30)
const EPOCH_1904 = Date.UTC(1904, 0, 1)
const LAST_SERIAL = 2_958_466

/** `2026-11-22`, `2026-11-22 09:30`, `09:30`; seconds only where there are any. */
export function dateText(serial: number, from1904: boolean): string {
  if (serial < 0 || serial >= LAST_SERIAL) return numberText(serial)
  const iso = new Date(Math.round(((from1904 ? EPOCH_1904 : EPOCH_1900) + serial * DAY_MS) / 1000) * 1000).toISOString()
  const time = iso.slice(17, 19) === '00' ? iso.slice(11, 16) : iso.slice(11, 19)
  if (serial < 1) return time
  return Number.isInteger(serial) ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${time}`
}

/** As Excel shows it: 15 digits, no trace of binary fractions, phone numbers in full. */
export function numberText(value: number): string {
  const rounded = Number(value.toPrecision(15))
  return Number.isInteger(rounded) && Math.abs(rounded) < 1e21 ? rounded.toFixed(0) : String(rounded)
}

/** `AB12` → 27. */
export function columnOf(reference: string): number {
  let column = 0
  for (const letter of reference.toUpperCase()) {
    const value = letter.charCodeAt(0) - 64
    if (value < 1 || value > 26) break
    column = column * 26 + value
  }
  return column - 1
}
