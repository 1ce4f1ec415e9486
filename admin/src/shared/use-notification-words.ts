import type { Notification } from '#api/contract/notification.ts'
import { useWords } from './use-words.ts'

const KEY_OF = (kind: Notification['kind']): string => kind.replace('.', '_')

/** What a notification says, in the reader's language; one of a newer release gets a general word. */
export const useNotificationWords = () => {
  const { t, te, locale } = useWords()
  /** Numbers stay numbers: they choose between one and many. */
  const day = (value: string | number): string | number =>
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)
      ? new Intl.DateTimeFormat(locale.value, { month: 'long', day: 'numeric' }).format(new Date(`${value}T00:00:00`))
      : value
  const faultOf = (value: string | number | undefined): string => (te(`audit.chain.fault.${value}`) ? t(`audit.chain.fault.${value}`) : '')
  const waitOf = (seconds: string | number | undefined): string =>
    Number(seconds) >= 60
      ? t('notifications.minutes', { n: Math.floor(Number(seconds) / 60) })
      : t('notifications.seconds', { n: seconds ?? 0 })
  const title = ({ kind }: Pick<Notification, 'kind'>): string =>
    te(`notifications.title.${KEY_OF(kind)}`) ? t(`notifications.title.${KEY_OF(kind)}`) : t('notifications.title.other')
  const text = ({ kind, params }: Pick<Notification, 'kind' | 'params'>): string => {
    const words = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, day(value)]))
    const more = {
      fault: faultOf(params['fault']),
      wait: waitOf(params['seconds']),
      clock: te(`slaClock.${params['clock']}`) ? t(`slaClock.${params['clock']}`) : '',
      status: te(`ticket.status.${params['status']}`) ? t(`ticket.status.${params['status']}`) : '',
      team: params['team'] || t('notifications.everybodysQueue'),
    }
    return te(`notifications.text.${KEY_OF(kind)}`) ? t(`notifications.text.${KEY_OF(kind)}`, { ...words, ...more }) : ''
  }
  return { title, text }
}
