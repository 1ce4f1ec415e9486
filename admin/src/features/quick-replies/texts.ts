/** Texts with variables, as the screens show them. Pure. */
import type { KnownVariable, OwnVariable, QuickReplyPart } from '#api/contract/quick-reply.ts'

const TOKEN = /\{\{\s*([^{}]{1,40}?)\s*\}\}/g

export const KNOWN_VARIABLES: readonly KnownVariable[] = [
  'customer.name',
  'customer.remark',
  'customer.level',
  'agent.name',
  'agent.number',
  'team.name',
  'ticket.number',
  'queue.position',
  'company.name',
  'date.today',
]
const known: ReadonlySet<string> = new Set(KNOWN_VARIABLES)
export const isKnown = (name: string): boolean => known.has(name)
/** A dot is a step of a path to vue-i18n. */
export const wordKey = (name: string): string => name.replace('.', '_')
export const tokenOf = (name: string): string => `{{${name}}}`

export type Segment = { text: string; variable: null } | { text: string; variable: string }

/** A text as pieces: what is said, and what will be filled in. */
export const segmentsOf = (text: string): Segment[] => {
  const segments: Segment[] = []
  let from = 0
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > from) segments.push({ text: text.slice(from, match.index), variable: null })
    segments.push({ text: match[0], variable: match[1] ?? '' })
    from = match.index + match[0].length
  }
  if (from < text.length) segments.push({ text: text.slice(from), variable: null })
  return segments
}

interface Texts {
  type: string
  text?: string
  title?: string
  description?: string | undefined
}
export const variablesIn = (parts: readonly Texts[]): string[] => [
  ...new Set(
    parts.flatMap((part) =>
      [part.text ?? '', part.type === 'link' ? (part.title ?? '') : '', part.description ?? ''].flatMap((text) =>
        segmentsOf(text).flatMap(({ variable }) => variable ?? []),
      ),
    ),
  ),
]
export const unknownIn = (parts: readonly Texts[], own: readonly Pick<OwnVariable, 'name'>[]): string[] =>
  variablesIn(parts).filter((name) => !isKnown(name) && !own.some((variable) => variable.name === name))

/** One line of it for lists. */
export const oneLine = (parts: readonly QuickReplyPart[]): string =>
  parts
    .flatMap((part) => (part.type === 'text' ? [part.text] : part.type === 'link' ? [part.title] : []))
    .join(' ')
    .replace(/\s+/g, ' ')
    .slice(0, 300)
