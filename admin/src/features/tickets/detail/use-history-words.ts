import type { TicketEvent } from '#api/contract/ticket-history.ts'
import { useWords } from '../../../shared/use-words.ts'
import { useValueWords } from './use-value-words.ts'
import { changeRows, valueWords } from './value-words.ts'

const textIn = (params: TicketEvent['params'], name: string): string => {
  const value = params[name]
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}
const isReason = (value: unknown): value is { code: string; params?: Record<string, unknown> } =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string'

/** One line of the history in words. */
export const useHistoryWords = (customer: () => string) => {
  const { t, te, worded } = useWords()
  const { values, fieldName } = useValueWords()

  const who = (event: TicketEvent): string => {
    if (event.actor === null) return t('ticket.system')
    return event.actor.kind === 'customer' ? customer() : (event.actor.name ?? t('ticket.system'))
  }
  const what = (event: TicketEvent): string => {
    const key = `ticketEvent.${event.kind}`
    const plain = Object.fromEntries(
      Object.entries(event.params).filter(([, value]) => typeof value === 'string' || typeof value === 'number'),
    )
    return te(key) ? t(key, plain) : t('ticketEvent.other')
  }
  const listed = (event: TicketEvent, name: string): string => valueWords(name, event.params[name], values.value)
  /** Which others, which files, which colleagues. */
  const about = (event: TicketEvent): string => {
    if (event.kind !== 'related' && event.kind !== 'unrelated')
      return ['texts', 'files', 'people'].map((name) => (Array.isArray(event.params[name]) ? listed(event, name) : '')).join('')
    const role = `ticketRelation.role.${textIn(event.params, 'role')}`
    return `${te(role) ? t(role) : ''} ${textIn(event.params, 'number')}`.trim()
  }
  /** What it was about, what somebody wrote to it, and why routing chose as it did. */
  const remark = (event: TicketEvent): string => {
    const { reason } = event.params
    const why = isReason(reason) ? worded('assignmentReason', reason.code, reason.params ?? {}) : textIn(event.params, 'reason')
    return [about(event), why, textIn(event.params, 'note')].filter((words) => words !== '').join('\n')
  }
  const rows = (event: TicketEvent) =>
    changeRows(event.before, event.after, values.value).map((row) => ({ ...row, name: fieldName(row.field) }))
  return { who, what, remark, rows, known: (kind: string) => te(`ticketEvent.${kind}`) }
}
