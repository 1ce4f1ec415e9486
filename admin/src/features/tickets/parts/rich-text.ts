/** Descriptions are written as text with a few marks: **bold**, `code`, lists, quotes, headings. Read into pieces, never into HTML. Pure. */
export interface RichPiece {
  text: string
  mark: 'bold' | 'code' | null
}
export type RichLine = RichPiece[]
export type RichBlock =
  | { kind: 'paragraph' | 'quote'; lines: RichLine[] }
  | { kind: 'heading'; lines: [RichLine] }
  | { kind: 'bullets' | 'numbers'; lines: RichLine[] }
  | { kind: 'code'; text: string }

const MARKED = /\*\*([^*\n]+)\*\*|`([^`\n]+)`/g
const FENCE = '```'

export const richLine = (line: string): RichLine => {
  const pieces: RichPiece[] = []
  let from = 0
  for (const match of line.matchAll(MARKED)) {
    const [whole, bold, code] = match
    if (match.index > from) pieces.push({ text: line.slice(from, match.index), mark: null })
    pieces.push(bold === undefined ? { text: code ?? '', mark: 'code' } : { text: bold, mark: 'bold' })
    from = match.index + whole.length
  }
  if (from < line.length) pieces.push({ text: line.slice(from), mark: null })
  return pieces
}

const KINDS = [
  ['heading', /^#{1,3} +(.+)$/],
  ['bullets', /^ {0,3}[-*] +(.+)$/],
  ['numbers', /^ {0,3}\d{1,3}[.)] +(.+)$/],
  ['quote', /^> ?(.*)$/],
] as const

const kindOf = (line: string): { kind: 'paragraph' | (typeof KINDS)[number][0]; text: string } => {
  for (const [kind, pattern] of KINDS) {
    const text = pattern.exec(line)?.[1]
    if (text !== undefined) return { kind, text }
  }
  return { kind: 'paragraph', text: line }
}

/** Lines of the same kind that follow each other belong together; an empty one ends what was begun. */
export const richBlocks = (text: string): RichBlock[] => {
  const blocks: RichBlock[] = []
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  let joins = false
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const end = line.startsWith(FENCE) ? lines.indexOf(FENCE, at + 1) : -1
    if (end > 0) {
      blocks.push({ kind: 'code', text: lines.slice(at + 1, end).join('\n') })
      at = end
      joins = false
      continue
    }
    if (line.trim() === '') {
      joins = false
      continue
    }
    const { kind, text: words } = kindOf(line)
    const last = blocks.at(-1)
    if (joins && last !== undefined && last.kind === kind && last.kind !== 'heading') last.lines.push(richLine(words))
    else if (kind === 'heading') blocks.push({ kind, lines: [richLine(words)] })
    else blocks.push({ kind, lines: [richLine(words)] })
    joins = true
  }
  return blocks
}

export const RICH_MARKS = ['bold', 'code', 'bullets', 'numbers', 'quote'] as const
export type RichMark = (typeof RICH_MARKS)[number]
export interface Selected {
  text: string
  from: number
  to: number
}
const PREFIX = { bullets: () => '- ', numbers: (nth: number) => `${nth + 1}. `, quote: () => '> ' } as const

/** What is selected gets the mark; a mark of lines is given to each line that is touched. */
export const withMark = ({ text, from, to }: Selected, mark: RichMark): Selected => {
  if (mark === 'bold' || mark === 'code') {
    const sign = mark === 'bold' ? '**' : '`'
    const marked = `${sign}${text.slice(from, to)}${sign}`
    return { text: text.slice(0, from) + marked + text.slice(to), from: from + sign.length, to: to + sign.length }
  }
  const begin = text.lastIndexOf('\n', from - 1) + 1
  const next = text.indexOf('\n', to)
  const end = next < 0 ? text.length : next
  const marked = text
    .slice(begin, end)
    .split('\n')
    .map((line, nth) => `${PREFIX[mark](nth)}${line}`)
    .join('\n')
  return { text: text.slice(0, begin) + marked + text.slice(end), from: begin + marked.length, to: begin + marked.length }
}
