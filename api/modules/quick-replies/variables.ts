/** Variables in the texts of a reply (BP-016.5). Pure. */
import {
  KNOWN_VARIABLES,
  type KnownVariable,
  type MissingVariable,
  type OwnVariable,
  type QuickReplyPart,
  type QuickReplyPartInput,
} from '../../contract/quick-reply.ts'

const TOKEN = /\{\{\s*([^{}]{1,40}?)\s*\}\}/g

/** How people write ours in a spreadsheet. */
const ALIASES: Readonly<Record<string, KnownVariable>> = {
  客户姓名: 'customer.name',
  客户备注名: 'customer.remark',
  客户等级: 'customer.level',
  客服姓名: 'agent.name',
  客服工号: 'agent.number',
  团队名称: 'team.name',
  工单编号: 'ticket.number',
  排队位置: 'queue.position',
  公司名称: 'company.name',
  今天日期: 'date.today',
}
const KNOWN: ReadonlySet<string> = new Set(KNOWN_VARIABLES)
export const isKnown = (name: string): name is KnownVariable => KNOWN.has(name)

type TextBearing = Extract<QuickReplyPart | QuickReplyPartInput, { type: 'text' | 'link' }>
const bearsText = (part: QuickReplyPart | QuickReplyPartInput): part is TextBearing => part.type === 'text' || part.type === 'link'

const textsOf = (part: QuickReplyPart | QuickReplyPartInput): string[] => {
  if (part.type === 'text') return [part.text]
  return part.type === 'link' ? [part.title, part.description ?? ''] : []
}

const mapText = <P extends QuickReplyPart | QuickReplyPartInput>(part: P, change: (text: string) => string): P => {
  if (!bearsText(part)) return part
  if (part.type === 'text') return { ...part, text: change(part.text) }
  return { ...part, title: change(part.title), ...(part.description === undefined ? {} : { description: change(part.description) }) }
}

/** 客户姓名 between braces means `customer.name`, unless the reply has a variable of that name. */
export const withoutAliases = <P extends QuickReplyPart | QuickReplyPartInput>(parts: readonly P[], own: readonly OwnVariable[]): P[] => {
  const names = new Set(own.map(({ name }) => name))
  const rename = (text: string) =>
    text.replace(TOKEN, (whole, name: string) => {
      const known = names.has(name) ? undefined : ALIASES[name]
      return known === undefined ? whole : `{{${known}}}`
    })
  return parts.map((part) => mapText(part, rename))
}

/** Names in the order of their first appearance. */
export const variablesIn = (parts: readonly (QuickReplyPart | QuickReplyPartInput)[]): string[] => [
  ...new Set(parts.flatMap((part) => textsOf(part).flatMap((text) => [...text.matchAll(TOKEN)].map(([, name = '']) => name)))),
]

/** Names that neither we nor the reply define. */
export function unknownVariables(parts: readonly (QuickReplyPart | QuickReplyPartInput)[], own: readonly OwnVariable[]): string[] {
  const names = new Set(own.map(({ name }) => name))
  return variablesIn(parts).filter((name) => !isKnown(name) && !names.has(name))
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const isDay = (text: string): boolean => DAY.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)

/** Whether a value may stand for it. A queue position given by hand is a text like any other. */
export function fits(variable: Pick<MissingVariable, 'kind' | 'choices'>, value: string): boolean {
  switch (variable.kind) {
    case 'number':
      return /^[-+]?\d{1,15}([.,]\d{1,6})?$/.test(value)
    case 'date':
      return isDay(value)
    case 'choice':
      return variable.choices.includes(value)
    case 'text':
      return value.trim() !== ''
  }
}

/** What a variable asks for where nobody knows it. */
export function questionFor(name: string, own: readonly OwnVariable[]): MissingVariable {
  const variable = own.find((each) => each.name === name)
  return variable
    ? { name, known: false, kind: variable.kind, choices: variable.choices }
    : { name, known: true, kind: 'text', choices: [] }
}

/** Every variable by its value, in one pass: what a customer calls himself is text, whatever it looks like. */
export const filled = (parts: readonly QuickReplyPart[], values: ReadonlyMap<string, string>): QuickReplyPart[] =>
  parts.map((part) => mapText(part, (text) => text.replace(TOKEN, (whole, name: string) => values.get(name) ?? whole)))
