/** What is to be done about a text, and how it looks after. Pure. */
import type { MessagePart } from '../../contract/message.ts'
import type { ModerationAction } from '../../contract/moderation.ts'
import type { Dictionary } from './lexicon.ts'

export interface Hit {
  word: string
  list: string
  action: ModerationAction
  start: number
  end: number
}

const STRENGTH: readonly ModerationAction[] = ['notify', 'mask', 'approve', 'block']
const strongest = (hits: readonly { action: ModerationAction }[]): ModerationAction | null =>
  hits.reduce<ModerationAction | null>(
    (best, { action }) => (best === null || STRENGTH.indexOf(action) > STRENGTH.indexOf(best) ? action : best),
    null,
  )

export function hitsIn(dictionary: Dictionary, text: string): Hit[] {
  return dictionary.match(text).flatMap(({ word, start, end }) => {
    const entry = dictionary.entries[word]
    return entry ? entry.lists.map(({ name, action }) => ({ word: entry.word, list: name, action, start, end })) : []
  })
}

/** One ＊ for each character that is covered; what stands between them stays. */
export function mask(text: string, hits: readonly Hit[]): string {
  const covered = hits.filter(({ action }) => action === 'mask')
  if (covered.length === 0) return text
  let result = ''
  for (let at = 0; at < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
    result += covered.some(({ start, end }) => at >= start && at < end) && character.trim() !== '' ? '＊' : character
    at += character.length
  }
  return result
}

export interface Screened {
  parts: MessagePart[]
  action: ModerationAction
  words: string[]
  lists: string[]
}

/** Each text of a message, with how to put a changed one back. */
export function screenParts(dictionary: Dictionary, parts: readonly MessagePart[]): Screened | null {
  const hits: Hit[] = []
  const look = (text: string): string => {
    const found = hitsIn(dictionary, text)
    if (found.length === 0) return text
    hits.push(...found)
    return mask(text, found)
  }
  const shown = parts.map((part) => overTexts(part, look))
  const action = strongest(hits)
  if (action === null) return null
  return { parts: shown, action, words: [...new Set(hits.map(({ word }) => word))], lists: [...new Set(hits.map(({ list }) => list))] }
}

type Look = (text: string) => string
const optional = <K extends string>(key: K, text: string | undefined, look: Look): Partial<Record<K, string>> => {
  const changed: Partial<Record<K, string>> = {}
  if (text !== undefined) changed[key] = look(text)
  return changed
}

function overTexts(part: MessagePart, look: Look): MessagePart {
  switch (part.type) {
    case 'text':
      return { ...part, text: look(part.text) }
    case 'link':
      return { ...part, title: look(part.title), ...optional('description', part.description, look) }
    case 'card':
    case 'video':
      return { ...part, ...optional('title', part.title, look), ...optional('description', part.description, look) }
    case 'menu':
      return {
        ...part,
        ...optional('head', part.head, look),
        options: part.options.map((option) => ({ ...option, text: look(option.text) })),
        ...optional('tail', part.tail, look),
      }
    case 'location':
      return { ...part, ...optional('label', part.label, look) }
    case 'audio':
      return { ...part, ...optional('transcript', part.transcript, look) }
    case 'template':
      return { ...part, data: Object.fromEntries(Object.entries(part.data).map(([key, text]) => [key, look(text)])) }
    default:
      return part
  }
}

/** As the other side would read it; null when it would not. */
export function tryText(dictionary: Dictionary | null, text: string) {
  const hits = dictionary ? hitsIn(dictionary, text) : []
  const action = strongest(hits)
  return { action, result: action === 'block' ? null : mask(text, hits), hits: hits.slice(0, 100) }
}
