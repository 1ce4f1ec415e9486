/** Pure decisions about ratings: which rule fits, what the question looks like, what an answer in a chat means. */
import type { MessagePart } from '../../contract/message.ts'
import type { RatingForm, RatingLevel, RatingScale, RatingSettings } from '../../contract/rating.ts'
import { inLanguage } from '../../contract/spoken-text.ts'

/** As the database computes it beside the row. */
export function levelOf(score: number, scale: RatingScale): RatingLevel {
  if (score * 5 <= scale * 2) return 'low'
  return score * 2 <= scale + 1 ? 'middle' : 'high'
}

export interface ClosedFacts {
  closeReason: string | null
  channelAccountId: string
  teamId: string | null
}
interface Conditions {
  close_reasons: readonly string[]
  channel_account_ids: readonly string[]
  team_ids: readonly string[]
  invite: boolean
}
const fits = (allowed: readonly string[], value: string | null) => allowed.length === 0 || (value !== null && allowed.includes(value))

/** The first rule that fits decides; none: nobody is asked. */
export const asksFor = (rules: readonly Conditions[], facts: ClosedFacts): boolean =>
  rules.find(
    (rule) =>
      fits(rule.close_reasons, facts.closeReason) &&
      fits(rule.channel_account_ids, facts.channelAccountId) &&
      fits(rule.team_ids, facts.teamId),
  )?.invite ?? false

/** Ends of a conversation that are no service: nobody is asked what he thinks of a row that became part of another. */
const NEVER: ReadonlySet<string> = new Set(['merged', 'split_undone', 'spam', 'blocked', 'abandoned'])
export const mayBeAsked = (row: { kind: string; close_reason: string | null }): boolean =>
  row.kind === 'direct' && !(row.close_reason !== null && NEVER.has(row.close_reason))

const WORDS: Record<'zh' | 'en', Record<RatingScale, readonly string[]>> = {
  zh: { 3: ['不满意', '一般', '满意'], 5: ['非常不满意', '不满意', '一般', '满意', '非常满意'] },
  en: { 3: ['Not satisfied', 'So-so', 'Satisfied'], 5: ['Very poor', 'Poor', 'So-so', 'Good', 'Very good'] },
}
const OPTION = /^rating:([0-9a-f-]{36}):([1-5])$/
export const optionId = (invitationId: string, score: number): string => `rating:${invitationId}:${score}`

/** A click in a menu of ours; null for any other menu. */
export function clickIn(menuOptionId: string): { invitationId: string; score: number } | null {
  const match = OPTION.exec(menuOptionId)
  return match?.[1] === undefined ? null : { invitationId: match[1], score: Number(match[2]) }
}

/** 「5」, 「【5】」, 「5分」, 「5星」: the number of an option that somebody typed instead of tapping. */
export const numberIn = (text: string): number | null => {
  const match = /^[\s【[(（]*([1-5])[\s】\])）]*[分星]?[\s。.!！]*$/.exec(text.normalize('NFKC'))
  return match ? Number(match[1]) : null
}

export interface Question {
  invitationId: string
  form: RatingForm
  scale: RatingScale
  texts: RatingSettings['texts']
  english: boolean
  url: string
}

/** Best first, so that the thumb finds it; on our own page the same part is drawn as a card. */
export function questionPart({ invitationId, form, scale, texts, english, url }: Question): MessagePart {
  const head = inLanguage(texts.invite, english)
  if (form === 'link') return { type: 'text', text: `${head}\n${url}` }
  const words = WORDS[english ? 'en' : 'zh'][scale]
  const options = words.map((word, index) => ({ id: optionId(invitationId, index + 1), text: `${index + 1} ${word}` })).toReversed()
  return {
    type: 'menu',
    head,
    options,
    ...(form === 'menu' ? { tail: english ? 'Tap one, or answer with its number.' : '点选一项，或直接回复数字。' } : {}),
  }
}

export const thanksFor = (texts: RatingSettings['texts'], level: RatingLevel, english: boolean): string =>
  inLanguage({ low: texts.thanksLow, middle: texts.thanksMiddle, high: texts.thanksHigh }[level], english)
