/** Finds any of many words in one pass over a text (Aho and Corasick, 1975). Pure. */
import { read, type Reading } from './normalise.ts'

export interface Match {
  /** Which of the words, by their order. */
  word: number
  /** Place in the text, in UTF-16 units, end excluded. */
  start: number
  end: number
}
export type Matcher = (text: string) => Match[]

/** Numbers by number in two flat arrays: a lookup touches a place or two, where a Map of tens of thousands costs several times as much. */
class Edges {
  private keys: Int32Array
  private values: Int32Array
  private readonly mask: number
  /** @param count how many there will be at most */
  constructor(count: number) {
    const size = 2 ** Math.ceil(Math.log2(count * 2 + 2))
    this.keys = new Int32Array(size).fill(-1)
    this.values = new Int32Array(size)
    this.mask = size - 1
  }
  private place(key: number): number {
    let at = Math.imul(key, 0x9e3779b1) >>> 3
    while (this.keys[at & this.mask] !== -1 && this.keys[at & this.mask] !== key) at++
    return at & this.mask
  }
  /** 0 where there is none: no edge leads back to the root. */
  get(key: number): number {
    return this.values[this.place(key)] ?? 0
  }
  set(key: number, value: number): void {
    const at = this.place(key)
    this.keys[at] = key
    this.values[at] = value
  }
}

interface Automaton {
  /** Code point → small number; 0 for what no word holds. */
  letters: Uint16Array
  size: number
  /** node × size + letter → node. */
  next: Edges
  fail: number[]
  /** Word that ends here, or −1; and the next node up the failures where one ends, or 0. */
  ends: number[]
  shorter: number[]
}

function lettersOf(words: readonly number[][]): { letters: Uint16Array; size: number } {
  const letters = new Uint16Array(0x110000)
  let size = 1
  for (const word of words) for (const code of word) if (letters[code] === 0) letters[code] = size++
  return { letters, size }
}

function build(words: readonly number[][]): Automaton {
  const { letters, size } = lettersOf(words)
  const next = new Edges(words.reduce((sum, word) => sum + word.length, 0))
  const automaton: Automaton = { letters, size, next, fail: [0], ends: [-1], shorter: [0] }
  const { fail, ends, shorter } = automaton
  // Nodes by depth: a node's failure lies nearer the root and is known before.
  const levels: { node: number; parent: number; letter: number }[][] = []
  for (const [index, word] of words.entries()) {
    let node = 0
    for (const [depth, code] of word.entries()) {
      const letter = letters[code] ?? 0
      let child = next.get(node * size + letter)
      if (child === 0) {
        child = fail.push(0) - 1
        ends.push(-1)
        shorter.push(0)
        next.set(node * size + letter, child)
        ;(levels[depth] ??= []).push({ node: child, parent: node, letter })
      }
      node = child
    }
    ends[node] = index
  }
  for (const { node, parent, letter } of levels.flat()) {
    const target = parent === 0 ? 0 : step(automaton, fail[parent] ?? 0, letter)
    fail[node] = target
    shorter[node] = (ends[target] ?? -1) >= 0 ? target : (shorter[target] ?? 0)
  }
  return automaton
}

function step({ next, size, fail }: Automaton, from: number, letter: number): number {
  for (let node = from; ; node = fail[node] ?? 0) {
    const child = next.get(node * size + letter)
    if (child !== 0 || node === 0) return child
  }
}

/** @param patterns as `patternOf` makes them, none empty */
export function createMatcher(patterns: readonly string[]): Matcher {
  const words = patterns.map((pattern) => [...pattern].map((each) => each.codePointAt(0) ?? 0))
  const automaton = build(words)
  const { letters, ends, shorter } = automaton
  return (text) => {
    const reading = read(text)
    const { codes } = reading
    const found: Match[] = []
    let node = 0
    for (let at = 0; at < codes.length; at++) {
      const letter = letters[codes[at] ?? 0] ?? 0
      node = letter === 0 ? 0 : step(automaton, node, letter)
      for (let end = node; end !== 0; end = shorter[end] ?? 0) {
        const word = ends[end] ?? -1
        if (word >= 0) keep(found, reading, { word, codes: words[word] ?? [], last: at })
      }
    }
    return found
  }
}

function keep(found: Match[], reading: Reading, { word, codes, last }: { word: number; codes: readonly number[]; last: number }): void {
  const first = last - codes.length + 1
  const start = reading.starts[first]
  const end = reading.ends[last]
  if (start !== undefined && end !== undefined && standsAlone(reading, first, last)) found.push({ word, start, end })
}

const isLatin = (code: number | undefined): boolean =>
  code !== undefined && ((code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39))

/**
 * Latin words count as words: neither inside another ("ass" in "class") nor pieced together across two ("ass" in "as soon"); written with a gap after
 * every letter they count again.
 */
function standsAlone({ codes, starts, ends }: Reading, first: number, last: number): boolean {
  const touches = (at: number) => isLatin(codes[at]) && isLatin(codes[at + 1]) && ends[at] === starts[at + 1]
  if (touches(first - 1) || touches(last)) return false
  let gaps = 0
  let pairs = 0
  for (let at = first; at < last; at++) {
    if (!isLatin(codes[at]) || !isLatin(codes[at + 1])) continue
    pairs++
    if (ends[at] !== starts[at + 1]) gaps++
  }
  return gaps === 0 || gaps === pairs
}
