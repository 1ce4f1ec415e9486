/** How a text is read when sensitive words are looked for: half-width, lower case, without what people put between characters. Pure. */

const SEPARATOR = /[\s\p{Cf}\p{Mn}.*_\-~·•|'"`,，。、]/u
const CJK_FIRST = 0x4e00
const CJK_LAST = 0x9fff

export interface Reading {
  /** Code points as they are compared. */
  codes: number[]
  /** Where each begins in the text, in UTF-16 units. */
  starts: number[]
  /** Where each ends. */
  ends: number[]
}

/** Per character, since most of a text repeats itself; bounded by the number of characters there are. */
const known = new Map<number, readonly number[]>()

function readingOf(code: number): readonly number[] {
  const before = known.get(code)
  if (before) return before
  const character = String.fromCodePoint(code)
  const plain = SEPARATOR.test(character) ? '' : character.normalize('NFKC').toLowerCase()
  const codes = [...plain].flatMap((each) => (SEPARATOR.test(each) ? [] : [each.codePointAt(0) ?? 0]))
  if (known.size > 20_000) known.clear()
  known.set(code, codes)
  return codes
}

export function read(text: string): Reading {
  const codes: number[] = []
  const starts: number[] = []
  const ends: number[] = []
  for (let at = 0; at < text.length;) {
    const unit = text.charCodeAt(at)
    const code = unit >= 0xd800 && unit <= 0xdbff ? (text.codePointAt(at) ?? unit) : unit
    const end = at + (code > 0xffff ? 2 : 1)
    if (code >= CJK_FIRST && code <= CJK_LAST) {
      codes.push(code)
      starts.push(at)
      ends.push(end)
    } else {
      for (const each of readingOf(code)) {
        codes.push(each)
        starts.push(at)
        ends.push(end)
      }
    }
    at = end
  }
  return { codes, starts, ends }
}

/** A word as it is looked for; empty when nothing of it counts. */
export const patternOf = (word: string): string => String.fromCodePoint(...read(word.slice(0, 200)).codes)
