/** How well a reply answers what somebody typed (BP-016.6). Pure; called for thousands of replies at every key. */
import { pinyin } from 'pinyin-pro'

const HAN = /\p{Script=Han}/u
export const normal = (text: string): string => text.normalize('NFKC').toLowerCase()

/** Syllables of a title, one for each character; what is no Chinese stands for itself: 退款OK → tui kuan o k. */
export const spokenTitle = (title: string): string[] => {
  const text = normal(title).replace(/[^\p{L}\p{N}]/gu, '')
  return text === '' ? [] : pinyin(text, { toneType: 'none', type: 'array', nonZh: 'spaced', v: true })
}

/** What of a reply is searched, prepared once. */
export interface Searched {
  code: string
  title: string
  spoken: readonly string[]
  text: string
}

const QUALITY = {
  code: 100,
  codeBegins: 90,
  title: 85,
  titleBegins: 80,
  titleHas: 74,
  spokenBegins: 70,
  spokenHas: 60,
  textHas: 50,
  scattered: 30,
  typo: 25,
} as const

/** The letters fall on consecutive syllables from `at`, on one or more of each: `tk`, `tuik`, `tuikuan` and `tkuan` all say 退款. */
function speaks(spoken: readonly string[], at: number, letters: string, from = 0): boolean {
  if (from === letters.length) return true
  const syllable = spoken[at]
  if (syllable === undefined) return false
  let length = 0
  while (length < syllable.length && letters[from + length] === syllable[length]) length += 1
  for (; length > 0; length -= 1) if (speaks(spoken, at + 1, letters, from + length)) return true
  return false
}

/** Its letters in this order, with gaps. */
function scattered(text: string, letters: string): boolean {
  let from = 0
  for (const letter of letters) {
    from = text.indexOf(letter, from) + 1
    if (from === 0) return false
  }
  return true
}

/** One letter wrong, missing, too many, or two exchanged. */
function almost(text: string, typed: string): boolean {
  if (Math.abs(text.length - typed.length) > 1) return false
  let start = 0
  while (start < typed.length && text[start] === typed[start]) start += 1
  const [a, b] = [text.slice(start), typed.slice(start)]
  return a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1) || (a.slice(2) === b.slice(2) && a[0] === b[1] && a[1] === b[0])
}

const codeQuality = (code: string, word: string): number => {
  if (code === '') return 0
  if (code === word) return QUALITY.code
  return code.startsWith(word) ? QUALITY.codeBegins : 0
}
const titleQuality = (title: string, word: string): number => {
  if (title === word) return QUALITY.title
  if (title.startsWith(word)) return QUALITY.titleBegins
  return title.includes(word) ? QUALITY.titleHas : 0
}
const spokenQuality = (spoken: readonly string[], word: string): number => {
  if (HAN.test(word)) return 0
  if (speaks(spoken, 0, word)) return QUALITY.spokenBegins
  return spoken.some((_, at) => at > 0 && speaks(spoken, at, word)) ? QUALITY.spokenHas : 0
}
/** Typed in haste. */
function looseQuality({ code, title, spoken }: Searched, word: string): number {
  if (word.length < 2) return 0
  const initials = spoken.map((syllable) => syllable.slice(0, 1)).join('')
  if ([title, code, initials].some((text) => scattered(text, word))) return QUALITY.scattered
  return word.length > 2 && code !== '' && almost(code, word) ? QUALITY.typo : 0
}

const wordQuality = (reply: Searched, word: string): number =>
  codeQuality(reply.code, word) ||
  titleQuality(reply.title, word) ||
  spokenQuality(reply.spoken, word) ||
  (reply.text.includes(word) ? QUALITY.textHas : 0) ||
  looseQuality(reply, word)

export const wordsOf = (query: string): string[] =>
  normal(query)
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 6)

/** 0: no answer. Every word must be found; the worst of them counts. */
export function matchQuality(reply: Searched, words: readonly string[]): number {
  let worst: number = QUALITY.code
  for (const word of words) {
    const quality = wordQuality(reply, word)
    if (quality === 0) return 0
    worst = Math.min(worst, quality)
  }
  return worst
}
export const isWholeCode = (reply: Pick<Searched, 'code'>, words: readonly string[]): boolean =>
  words.length === 1 && reply.code !== '' && reply.code === words[0]
