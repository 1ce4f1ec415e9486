/** The lines by which customers hear of their tickets, and what is filled in. Pure. */
import { TICKET_VARIABLES, type TicketTexts, type TicketVariable } from '../../../contract/ticket-ending.ts'

const VARIABLE = /\{([^{}\n]{1,20})\}/gu
const NAMES: readonly TicketVariable[] = ['number', 'title', 'text', 'solution', 'link', 'days']
/** By either name. */
const BY_NAME: ReadonlyMap<string, TicketVariable> = new Map(
  NAMES.flatMap((name) => [[name, name] as const, [TICKET_VARIABLES[name], name] as const]),
)

/** Names in braces that nobody fills in. */
export function textFaults(texts: TicketTexts): string[] {
  const all = Object.values(texts).flatMap(({ zh, en }) => [zh, en])
  const names = all.flatMap((text) => [...text.matchAll(VARIABLE)].map(([, name]) => name ?? ''))
  return [...new Set(names.filter((name) => !BY_NAME.has(name)))]
}

/** Chinese where nobody has written it in English. */
export const wordingIn = ({ zh, en }: { zh: string; en: string }, english: boolean): string => (english && en.trim() !== '' ? en : zh)

export type TextValues = Partial<Record<TicketVariable, string>>

/** What is not known is left out. A value is never read as a template. */
export const fillText = (template: string, values: TextValues): string =>
  template
    .replace(VARIABLE, (whole, name: string) => {
      const variable = BY_NAME.get(name)
      return variable === undefined ? whole : (values[variable] ?? '')
    })
    .replace(/ {2,}/g, ' ')
    .trim()
