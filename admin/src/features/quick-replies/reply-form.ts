/** What the editor holds, what is wrong with it, and what is sent. Pure. */
import type { OwnVariable, QuickReply, QuickReplyPart, QuickReplyPartInput, VariableKind } from '#api/contract/quick-reply.ts'
import { isKnown, unknownIn } from './texts.ts'

export type PartForm = QuickReplyPart & { key: number }
export interface VariableForm {
  key: number
  name: string
  kind: VariableKind
  /** As typed: separated by commas. */
  choices: string
}
export interface ReplyForm {
  title: string
  code: string
  categoryId: string
  active: boolean
  parts: PartForm[]
  variables: VariableForm[]
}

let keys = 0
const newKey = (): number => (keys += 1)
export const MAX_PARTS = 5
export const MAX_LETTERS = 10_000

export const emptyText = (): PartForm => ({ key: newKey(), type: 'text', text: '' })
export const emptyLink = (): PartForm => ({ key: newKey(), type: 'link', url: '', title: '' })
export const withKey = (part: QuickReplyPart): PartForm => ({ ...part, key: newKey() })
export const emptyVariable = (name = ''): VariableForm => ({ key: newKey(), name, kind: 'text', choices: '' })

type Content = Pick<QuickReply, 'title' | 'code' | 'categoryId' | 'disabled' | 'parts' | 'variables'>

export const formOf = (reply: Content | null, startCategory: string): ReplyForm =>
  reply === null
    ? { title: '', code: '', categoryId: startCategory, active: true, parts: [emptyText()], variables: [] }
    : {
        title: reply.title,
        code: reply.code ?? '',
        categoryId: reply.categoryId ?? '',
        active: !reply.disabled,
        parts: reply.parts.map(withKey),
        variables: reply.variables.map(({ name, kind, choices }) => ({ key: newKey(), name, kind, choices: choices.join('，') })),
      }

export const choicesOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,，、\n]/)
      .map((choice) => choice.trim())
      .filter((choice) => choice !== ''),
  ),
]
export const ownVariables = ({ variables }: ReplyForm): OwnVariable[] =>
  variables.map(({ name, kind, choices }) => ({ name: name.trim(), kind, choices: kind === 'choice' ? choicesOf(choices) : [] }))

export interface Problems {
  title: boolean
  code: boolean
  empty: boolean
  /** By key of the part or the variable, a word of `quickReplies.form`. */
  rows: ReadonlyMap<number, string>
  unknown: string[]
}

const partProblem = (part: PartForm): string | null => {
  if (part.type === 'text') return part.text.trim() === '' ? 'textMissing' : part.text.length > MAX_LETTERS ? 'tooLong' : null
  if (part.type !== 'link') return null
  return part.title.trim() === '' || !/^https?:\/\/[^\s/]+/.test(part.url) ? 'linkWrong' : null
}
const variableProblem = (variable: VariableForm, all: readonly VariableForm[]): string | null => {
  const name = variable.name.trim()
  const repeated = all.some((other) => other.key !== variable.key && other.name.trim() === name)
  if (!/^[\p{L}\p{N}_]{1,30}$/u.test(name) || repeated || isKnown(name)) return 'nameWrong'
  return variable.kind === 'choice' && choicesOf(variable.choices).length === 0 ? 'choicesMissing' : null
}

export const problemsOf = (form: ReplyForm): Problems => {
  const rows = new Map<number, string>()
  const note = (key: number, problem: string | null): void => void (problem && rows.set(key, problem))
  form.parts.forEach((part) => note(part.key, partProblem(part)))
  form.variables.forEach((variable) => note(variable.key, variableProblem(variable, form.variables)))
  return {
    title: form.title.trim() === '',
    code: form.code.trim() !== '' && !/^[\p{L}\p{N}_.-]{1,20}$/u.test(codeOf(form) ?? ''),
    empty: form.parts.length === 0,
    rows,
    unknown: unknownIn(form.parts, ownVariables(form)),
  }
}
export const isFine = ({ title, code, empty, rows, unknown }: Problems): boolean =>
  !title && !code && !empty && rows.size === 0 && unknown.length === 0

const codeOf = ({ code }: ReplyForm): string | null => code.trim().replace(/^\//, '') || null

const inputOf = (part: PartForm): QuickReplyPartInput[] => {
  if (part.type === 'text') return [{ type: 'text', text: part.text }]
  if (part.type === 'link') {
    const description = part.description?.trim() ?? ''
    return [{ type: 'link', url: part.url.trim(), title: part.title.trim(), ...(description === '' ? {} : { description }) }]
  }
  const { attachmentId } = part.media
  return attachmentId === undefined ? [] : [{ type: part.type, attachmentId }]
}

/** The content as it is sent. */
export const contentOf = (form: ReplyForm) => ({
  title: form.title.trim(),
  code: codeOf(form),
  categoryId: form.categoryId === '' ? null : form.categoryId,
  parts: form.parts.flatMap(inputOf),
  variables: ownVariables(form),
})
