/** What a name is found by: its characters, its 拼音 in full and in initials. Pure. */
import { pinyin } from 'pinyin-pro'

/** Of a name this much is looked for; nicknames may be as long as a sentence. */
const MAX_LETTERS = 24
const MAX_READINGS = 8
/** Below `~`, which stands for "no name" in the index that sorts. */
const MAX_SORT = 48

const HAN = /\p{Script=Han}/u

/** NFKC, lower case, letters and digits only; spaces part words. */
const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s]/gu, '')
    .split(/\s+/)
    .filter((word) => word !== '')

/** 单 at the front of a name is Shan, inside it dan: both are kept, and other readings as long as there are few. */
function readingsOf(word: string): string[][] {
  const letters = [...word]
  const asName = pinyin(word, { toneType: 'none', type: 'array', surname: 'head', nonZh: 'spaced', v: true })
  const asText = pinyin(word, { toneType: 'none', type: 'array', surname: 'off', nonZh: 'spaced', v: true })
  const perLetter = letters.map((letter, index) => {
    if (!HAN.test(letter)) return [letter]
    const every = pinyin(letter, { toneType: 'none', type: 'array', multiple: true, v: true })
    return [...new Set([asName[index] ?? letter, asText[index] ?? letter, ...every])]
  })
  let readings: string[][] = [[]]
  for (const choices of perLetter) {
    const room = Math.max(1, Math.floor(MAX_READINGS / readings.length))
    readings = choices.slice(0, room).flatMap((choice) => readings.map((reading) => [...reading, choice]))
  }
  return readings
}

const endingsOf = <T>(list: readonly T[]): T[][] => list.map((_, index) => list.slice(index))

function termsOfWord(word: string): string[] {
  const letters = [...word].slice(0, MAX_LETTERS)
  if (!letters.some((letter) => HAN.test(letter))) return [letters.join('')]
  const written = endingsOf(letters).map((ending) => ending.join(''))
  const spoken = readingsOf(letters.join('')).flatMap((reading) =>
    endingsOf(reading).flatMap((ending) => [ending.join(''), ending.map((syllable) => syllable.slice(0, 1)).join('')]),
  )
  return [...written, ...spoken]
}

/**
 * Terms of which a search compares the beginning: every ending of each word, so that a part of a name is found too.
 * 张三丰 → 张三丰 三丰 丰 zhangsanfeng sanfeng feng zsf sf f
 */
export function searchTerms(names: readonly (string | null | undefined)[]): string[] {
  const terms = names.flatMap((name) => {
    if (!name) return []
    const words = wordsOf(name).slice(0, 8)
    return [...words.flatMap(termsOfWord), ...(words.length > 1 ? termsOfWord(words.join('')) : [])]
  })
  return [...new Set(terms)].slice(0, 400)
}

/**
 * A search as a tsquery: all its words must begin a term. Quoted, so that nothing in it is an operator.
 * @returns null when there is nothing to look for
 */
export function searchQuery(text: string): string | null {
  const words = wordsOf(text).slice(0, 6)
  return words.length === 0 ? null : words.map((word) => `'${[...word].slice(0, MAX_LETTERS).join('')}':*`).join(' & ')
}

/** Ends of a phone number, from four digits on; null for anything else. */
export function phoneTail(text: string): string | null {
  const digits = text.replace(/[\s+-]/g, '')
  return /^\d{4,15}$/.test(digits) ? digits : null
}

/** Sorts by 拼音, then by the characters themselves. */
export function sortKey(name: string | null | undefined): string | null {
  const words = name ? wordsOf(name).join('') : ''
  if (words === '') return null
  const letters = [...words].slice(0, MAX_LETTERS).join('')
  const spoken = pinyin(letters, { toneType: 'none', type: 'array', surname: 'head', nonZh: 'spaced', v: true }).join('')
  return [...`${spoken} ${letters}`].slice(0, MAX_SORT).join('')
}
