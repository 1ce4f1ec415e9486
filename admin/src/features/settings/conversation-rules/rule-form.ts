import { type AutoText, type ConversationRules, type WrapField } from '#api/contract/ending.ts'
import type { SpokenText } from '#api/contract/spoken-text.ts'

/** What stands in the form; null: as for all. */
export interface RuleForm {
  idleWarnMinutes: number | null
  idleCloseMinutes: number | null
  reopenHours: number | null
  wrapUpRequired: WrapField[] | null
  closingWords: string[] | null
  texts: Record<AutoText, SpokenText | null>
}

export const TEXTS: readonly AutoText[] = ['idleWarning', 'idleClosed', 'closed', 'customerClosed', 'blocked']
export const WRAP: readonly WrapField[] = ['category', 'result', 'summary', 'tags']

export const isForAll = (rule: ConversationRules): boolean => rule.team === null && rule.channelAccount === null

const copyOf = (text: SpokenText | undefined): SpokenText | null => (text ? { ...text } : null)

export const formOf = (rule: ConversationRules): RuleForm => ({
  idleWarnMinutes: rule.idleWarnMinutes,
  idleCloseMinutes: rule.idleCloseMinutes,
  reopenHours: rule.reopenHours,
  wrapUpRequired: rule.wrapUpRequired && [...rule.wrapUpRequired],
  closingWords: rule.closingWords && [...rule.closingWords],
  texts: {
    idleWarning: copyOf(rule.texts.idleWarning),
    idleClosed: copyOf(rule.texts.idleClosed),
    closed: copyOf(rule.texts.closed),
    customerClosed: copyOf(rule.texts.customerClosed),
    blocked: copyOf(rule.texts.blocked),
  },
})

export const patchOf = (form: RuleForm) => ({
  ...form,
  texts: Object.fromEntries(Object.entries(form.texts).filter(([, text]) => text !== null)),
})
