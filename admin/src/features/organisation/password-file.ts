import type { StaffImport } from '#api/contract/organisation.ts'

/** A cell that a spreadsheet will not calculate: names come from a file that somebody filled in. */
const cell = (text: string): string => `"${(/^[\s]*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`

/** Names and initial passwords, as Excel opens it: with the mark of UTF-8. */
export const passwordFile = (rows: StaffImport['rows'], titles: readonly string[]): Blob => {
  const lines = rows.map((row) => [row.name, row.username, row.initialPassword ?? ''])
  const text = [titles, ...lines].map((line) => line.map(cell).join(',')).join('\r\n')
  return new Blob([`\ufeff${text}\r\n`], { type: 'text/csv;charset=utf-8' })
}
