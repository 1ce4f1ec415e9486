import type { Alert, AlertKind, BoardConversation } from '#api/contract/supervision.ts'
import { labelIn } from '../../shared/label-in.ts'
import { useWords } from '../../shared/use-words.ts'

/** What the board says in words: why somebody waits, what an alert is about, how long something takes. */
export const useBoardWords = () => {
  const words = useWords()
  const { t, te, locale, duration, worded } = words

  const reason = (value: BoardConversation['reason']): string =>
    value === null ? '' : worded('supervision.reason', value.code, value.params, 'being_assigned')
  /** Only what says more than "somebody wrote". */
  const arrival = (value: BoardConversation['arrival']): string => {
    if (value === null || value.code === 'arrived' || !te(`assignmentReason.${value.code}`)) return ''
    return t(`assignmentReason.${value.code}`, value.params)
  }
  const labels = (entries: readonly { labelZh: string; labelEn: string }[]): string =>
    entries.map((entry) => labelIn(entry, locale.value)).join(locale.value === 'en' ? ', ' : '、')
  const measure = (kind: AlertKind, value: number): string =>
    kind === 'queue_length' || kind === 'delivery_failures' ? t(`supervision.alerts.measure.${kind}`, { n: value }) : duration(value)
  const alertAbout = (alert: Pick<Alert, 'team' | 'channel'>): string =>
    alert.channel?.name ?? alert.team?.name ?? t('supervision.generalQueue')
  const alertText = (alert: Alert): string =>
    t(`supervision.alerts.text.${alert.kind}`, { count: alert.count, value: measure(alert.kind, alert.value) })
  const breakReason = (value: string | null): string => {
    if (value === null) return ''
    return te(`presence.${value}`) ? t(`presence.${value}`) : value
  }
  /** Whole seconds as `0:42`, `3:05`; nothing known is a dash. */
  const average = (seconds: number, count: number): string => (count === 0 ? '–' : duration(Math.round(seconds / count)))
  return { ...words, reason, arrival, labels, measure, alertAbout, alertText, breakReason, average }
}
