import { useI18n } from 'vue-i18n'
import type { Conversation } from '#api/contract/conversation.ts'
import type { MessagePart } from '#api/contract/message.ts'
import { failureCode, isApiError } from '../api/http.ts'
import { clockTime, dayLabel, daysAgo, fullTime, shortDay } from './format.ts'

type Params = Record<string, unknown>

/** Turns the back end's codes into words of the reader's language; an unknown code becomes a general word, never itself. */
export const useWords = () => {
  const { t, te, locale } = useI18n()
  const worded = (group: string, code: string, params: Params = {}, other = 'other'): string =>
    te(`${group}.${code}`) ? t(`${group}.${code}`, params) : t(`${group}.${other}`, params)

  const plain = (context: Params): Params =>
    Object.fromEntries(
      Object.entries(context).map(([key, value]) => [
        key,
        typeof value === 'object' && value !== null && 'name' in value ? value.name : value,
      ]),
    )
  const errorCode = (code: string, context: Params = {}): string => {
    const words = worded('errors', code, plain(context), 'internal')
    const { platformCode } = context
    return typeof platformCode === 'string' || typeof platformCode === 'number' ? `${words} (${platformCode})` : words
  }
  const error = (thrown: unknown): string => errorCode(failureCode(thrown), isApiError(thrown) ? thrown.context : {})
  const deliveryReason = (code: string | undefined): string => worded('deliveryReason', code ?? 'rejected', {}, 'rejected')
  /** A channel's trouble may be named by either list of codes; `other` words what neither knows. */
  const failureReason = (code: string, other = t('deliveryReason.rejected')): string => {
    if (te(`errors.${code}`)) return errorCode(code)
    return te(`deliveryReason.${code}`) ? t(`deliveryReason.${code}`) : other
  }

  /** Whose list of codes a line's `reason` is from; what somebody wrote himself is no code. */
  const reasonOf = (code: string, params: Params): string => {
    const reason = typeof params['reason'] === 'string' ? params['reason'] : 'other'
    if (code === 'conversation_taken_over') return reason
    if (code.startsWith('transfer_')) return worded('transferReason', reason, params)
    return worded(code === 'conversation_closed' ? 'closeReason' : 'assignmentReason', reason, params)
  }
  const notice = (code: string, params: Params): string => {
    const { label, closedAt } = params
    const scene = typeof label === 'string' && label !== '' ? t('scene.label', { scene: label }) : ''
    const ended = typeof closedAt === 'string' ? { closedAt: fullTime(closedAt, locale.value) } : {}
    return worded('notice', code, { ...params, ...ended, scene, reason: reasonOf(code, params) })
  }
  const part = (value: MessagePart): string => {
    if (value.type === 'text') return value.text
    if (value.type === 'notice') return notice(value.code, value.params)
    const label = t(`part.${value.type}`)
    if (value.type === 'menu') return `${label} ${value.head ?? ''}`
    if (value.type === 'file') return `${label} ${value.media.name ?? ''}`
    if (value.type === 'link' || value.type === 'card') return `${label} ${value.title ?? ''}`
    if (value.type === 'location') return `${label} ${value.label ?? ''}`
    return value.type === 'template' ? `${label} ${value.preview ?? ''}` : label
  }
  const lastMessage = (conversation: Conversation): string => {
    const last = conversation.lastMessage
    if (last === null) return ''
    return last.recalled ? t('part.recalled') : part(last.part)
  }
  const customerName = (customer: { name: string | null; tail: string }): string =>
    customer.name ?? t('customer.fallback', { tail: customer.tail })
  /** Built-in roles are worded in the reader's language; custom ones have the name their maker gave. */
  const role = (value: { role: string; roleName: string }): string => (te(`role.${value.role}`) ? t(`role.${value.role}`) : value.roleName)
  const channelKind = (kind: string): string => worded('channel', kind)
  const source = (value: { kind: string; label: string | null }): string => worded('source', value.kind, { label: value.label ?? '' })

  const day = (iso: string, now: number): string => {
    const days = daysAgo(iso, now)
    return days === 0 ? t('ago.today') : days === 1 ? t('ago.yesterday') : dayLabel(iso, locale.value, now)
  }
  const listTime = (iso: string, now: number): string => {
    const days = daysAgo(iso, now)
    return days === 0 ? clockTime(iso, locale.value) : days === 1 ? t('ago.yesterday') : shortDay(iso, locale.value)
  }
  const duration = (seconds: number): string => {
    const n = Math.max(0, Math.floor(seconds))
    if (n < 60) return t('duration.seconds', { n })
    if (n < 3600) return t('duration.minutes', { n: Math.floor(n / 60) })
    return n < 86_400 ? t('duration.hours', { n: Math.floor(n / 3600) }) : t('duration.days', { n: Math.floor(n / 86_400) })
  }
  const time = (iso: string): string => clockTime(iso, locale.value)
  const moment = (iso: string): string => fullTime(iso, locale.value)
  return {
    t,
    te,
    locale,
    worded,
    error,
    errorCode,
    deliveryReason,
    failureReason,
    notice,
    part,
    lastMessage,
    customerName,
    role,
    channelKind,
    source,
    day,
    listTime,
    duration,
    time,
    moment,
  }
}
