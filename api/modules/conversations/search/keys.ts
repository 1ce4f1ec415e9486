/** Pure: what of a message is indexed, and under which keys. Pairs of neighbouring characters, so that 退款 is found in 我要退款 without a dictionary. */
import type { MessagePart } from '../../../contract/message.ts'
import { fold } from './fold.ts'

const RUN = /[\p{L}\p{N}]+/gu
const DAY_MS = 86_400_000

export const dayOf = (at: Date): number => Math.floor(at.getTime() / DAY_MS)
export const startOf = (day: number): Date => new Date(day * DAY_MS)

/** Pairs of characters that stand beside each other; punctuation and blanks part. Each once. */
export function pairsOf(text: string): string[] {
  const pairs = new Set<string>()
  for (const [run] of fold(text).text.matchAll(RUN)) {
    let before = ''
    for (const character of run) {
      if (before !== '') pairs.add(before + character)
      before = character
    }
  }
  return [...pairs]
}

/** FNV-1a of the day and the pair as a signed 32-bit number. Collisions only bring candidates, which are looked at before they are shown. */
export function keyOf(day: number, pair: string): number {
  let hash = Math.imul(0x811c9dc5 ^ day, 0x01000193)
  for (let index = 0; index < pair.length; index++) hash = Math.imul(hash ^ pair.charCodeAt(index), 0x01000193)
  return hash ^ (hash >>> 15)
}

const MAX_CHARACTERS = 20_000

/** Everything that can be read in a message, a line each. */
export function wordsOf(parts: readonly MessagePart[]): string {
  return parts
    .flatMap((part): (string | undefined)[] => {
      switch (part.type) {
        case 'text':
          return [part.text]
        case 'audio':
          return [part.media.name, part.transcript]
        case 'video':
          return [part.media.name, part.title, part.description]
        case 'image':
        case 'file':
          return [part.media.name]
        case 'location':
          return [part.label]
        case 'link':
        case 'card':
          return [part.title, part.description]
        case 'menu':
          return [part.head, ...part.options.map(({ text }) => text), part.tail]
        case 'template':
          return [part.preview]
        default:
          return []
      }
    })
    .filter((text): text is string => text !== undefined && text !== '')
    .join('\n')
    .slice(0, MAX_CHARACTERS)
}

export const keysOf = (at: Date, parts: readonly MessagePart[]): number[] => {
  const day = dayOf(at)
  const keys = new Set<number>()
  for (const pair of pairsOf(wordsOf(parts))) keys.add(keyOf(day, pair))
  return [...keys]
}
