/** Variables of a reply's own as one cell: `订单号；发货日期:日期；快递:选项=顺丰|中通`. */
import type { Locale } from '../../contract/identity.ts'
import { type OwnVariable, ownVariableSchema, type VariableKind } from '../../contract/quick-reply.ts'

const WORDS: Record<VariableKind, Record<Locale, string>> = {
  text: { 'zh-CN': '文本', en: 'text' },
  number: { 'zh-CN': '数字', en: 'number' },
  date: { 'zh-CN': '日期', en: 'date' },
  choice: { 'zh-CN': '选项', en: 'choice' },
}
const KIND_OF = new Map<string, VariableKind>([
  ['文本', 'text'],
  ['text', 'text'],
  ['数字', 'number'],
  ['number', 'number'],
  ['日期', 'date'],
  ['date', 'date'],
  ['选项', 'choice'],
  ['choice', 'choice'],
])

/** @returns null for what cannot be understood */
export function readVariables(cell: string): OwnVariable[] | null {
  const found: OwnVariable[] = []
  for (const word of cell.split(/[;；\n]/).map((each) => each.trim())) {
    if (word === '') continue
    const [head = '', choices = ''] = word.split(/[=＝]/)
    const [name = '', kindWord = '文本'] = head.split(/[:：]/).map((each) => each.trim())
    const variable = ownVariableSchema.safeParse({
      name,
      kind: KIND_OF.get(kindWord.toLowerCase()),
      choices: choices
        .split(/[|｜]/)
        .map((each) => each.trim())
        .filter((each) => each !== ''),
    })
    if (!variable.success || found.some((each) => each.name === variable.data.name)) return null
    found.push(variable.data)
  }
  return found.length > 20 ? null : found
}

export const writeVariables = (variables: readonly OwnVariable[], locale: Locale): string =>
  variables
    .map(({ name, kind, choices }) => `${name}:${WORDS[kind][locale]}${kind === 'choice' ? `=${choices.join('|')}` : ''}`)
    .join(locale === 'en' ? '; ' : '；')
