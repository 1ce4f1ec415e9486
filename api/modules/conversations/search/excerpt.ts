/** Pure: is it really there, where, and what is shown of it. */
import { fold } from './fold.ts'

/** What was typed, as it is looked for: words apart by blanks, each once. */
export const termsOf = (query: string): string[] => [
  ...new Set(
    fold(query)
      .text.split(/\s+/u)
      .filter((term) => term !== ''),
  ),
]

type Range = [start: number, end: number]

function rangesOf(text: string, origin: readonly number[], term: string): Range[] {
  const found: Range[] = []
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + term.length))
    found.push([origin[at] ?? 0, origin[at + term.length] ?? 0])
  return found
}

/** Sorted, and grown together where they touch. */
function joined(ranges: readonly Range[]): Range[] {
  const result: Range[] = []
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else result.push([start, end])
  }
  return result
}

const BEFORE = 24
const LENGTH = 160
const MAX_HIGHLIGHTS = 20

export interface Excerpt {
  excerpt: string
  highlights: Range[]
}

/** A stretch around the first hit; null when one of the words is not there. */
export function excerptOf(original: string, terms: readonly string[]): Excerpt | null {
  const { text, origin } = fold(original)
  const byTerm = terms.map((term) => rangesOf(text, origin, term))
  if (byTerm.some((ranges) => ranges.length === 0)) return null
  const ranges = joined(byTerm.flat())
  const from = cutAt(original, Math.max(0, (ranges[0]?.[0] ?? 0) - BEFORE))
  const to = cutAt(original, Math.min(original.length, from + LENGTH))
  const head = from > 0 ? '…' : ''
  const inside = ranges.filter(([start, end]) => start >= from && end <= to).slice(0, MAX_HIGHLIGHTS)
  const excerpt = `${head}${original.slice(from, to)}${to < original.length ? '…' : ''}`
  return { excerpt, highlights: inside.map(([start, end]) => [start - from + head.length, end - from + head.length]) }
}

/** Never through the middle of a pair of surrogates. */
const cutAt = (text: string, place: number): number => {
  const unit = text.charCodeAt(place)
  return unit >= 0xdc00 && unit <= 0xdfff ? place - 1 : place
}
