import { computed } from 'vue'
import { PRIORITIES } from '#api/contract/priority.ts'
import type { TicketType } from '#api/contract/ticket-type.ts'
import { labelIn } from '../../../shared/label-in.ts'
import { usePriorityWords } from '../parts/use-priority-words.ts'
import { useTicketTypes } from '../parts/use-ticket-types.ts'
import { useTicketWords } from '../parts/use-ticket-words.ts'
import type { ValueWords } from './value-words.ts'

/** Values and names of fields as a history or a conflict shows them. */
export const useValueWords = () => {
  const { t, te, locale, moment, typeName } = useTicketWords()
  const priorityWord = usePriorityWords()
  const { types } = useTicketTypes()
  const values = computed<ValueWords>(() => ({
    status: (code) => (te(`ticket.status.${code}`) ? t(`ticket.status.${code}`) : ''),
    priority: (code) => {
      const known = PRIORITIES.find((one) => one === code)
      return known === undefined ? '' : priorityWord(known)
    },
    typeName,
    moment,
    yes: t('ticket.yes'),
    no: t('ticket.no'),
  }))
  const formLabel = (key: string): string => {
    const field = types.value.flatMap((type: TicketType) => type.fields).find((one) => one.key === key)
    return field === undefined ? t('ticketField.form') : labelIn(field, locale.value)
  }
  const fieldName = (field: string): string => {
    if (field.startsWith('fields.')) return formLabel(field.slice('fields.'.length))
    return te(`ticketField.${field}`) ? t(`ticketField.${field}`) : t('ticketField.other')
  }
  return { values, fieldName }
}
