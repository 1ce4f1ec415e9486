import { type AutoText, type ConversationRules, type WrapField } from '#api/contract/ending.ts'

/** What stands in the form; null: as for all. */
export interface RuleForm {
  idleWarnMinutes: number | null
  idleCloseMinutes: number | null
  reopenHours: number | null
  wrapUpRequired: WrapField[] | null
  closingWords: string[] | null
  texts: Record<AutoText, string | null>
}

export const TEXTS: readonly AutoText[] = ['idleWarning', 'idleClosed', 'closed', 'customerClosed', 'blocked']
export const WRAP: readonly WrapField[] = ['category', 'result', 'summary', 'tags']

export const isForAll = (rule: ConversationRules): boolean => rule.team === null && rule.channelAccount === null

export const formOf = (rule: ConversationRules): RuleForm => ({
  idleWarnMinutes: rule.idleWarnMinutes,
  idleCloseMinutes: rule.idleCloseMinutes,
  reopenHours: rule.reopenHours,
  wrapUpRequired: rule.wrapUpRequired && [...rule.wrapUpRequired],
  closingWords: rule.closingWords && [...rule.closingWords],
  texts: {
    idleWarning: rule.texts.idleWarning ?? null,
    idleClosed: rule.texts.idleClosed ?? null,
    closed: rule.texts.closed ?? null,
    customerClosed: rule.texts.customerClosed ?? null,
    blocked: rule.texts.blocked ?? null,
  },
})

export const patchOf = (form: RuleForm) => ({
  ...form,
  texts: Object.fromEntries(Object.entries(form.texts).filter(([, text]) => text !== null)),
})
