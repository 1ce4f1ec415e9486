import { computed } from 'vue'
import { PRIORITIES } from '#api/contract/priority.ts'
import type { FormField, TicketType } from '#api/contract/ticket-type.ts'
import { labelIn } from '../../../shared/label-in.ts'
import { useDictionaries } from '../../../stores/dictionaries.ts'
import { usePriorityWords } from '../parts/use-priority-words.ts'
import { useTeams } from '../parts/use-teams.ts'
import { useTicketTypes } from '../parts/use-ticket-types.ts'
import { useTicketWords } from '../parts/use-ticket-words.ts'
import type { ValueWords } from './value-words.ts'

/** Values and names of fields as a history or a conflict shows them. */
export const useValueWords = () => {
  const { t, te, locale, moment, typeName } = useTicketWords()
  const priorityWord = usePriorityWords()
  const { types, byId } = useTicketTypes()
  const { teams } = useTeams()
  const dictionaries = useDictionaries()
  /** `fields.{key}` in the history, `field:{key}` in what a macro does. */
  const fieldOf = (field: string): FormField | undefined => {
    const [, key] = /^fields?[.:](.+)$/.exec(field) ?? []
    return key === undefined ? undefined : types.value.flatMap((type: TicketType) => type.fields).find((one) => one.key === key)
  }
  const valueOf = ({ type, choices, dictionary }: FormField, value: string): string | null => {
    if (dictionary !== null) {
      void dictionaries.load(dictionary)
      const entry = dictionaries.entriesOf(dictionary).find(({ id }) => id === value)
      return entry === undefined ? '' : labelIn(entry, locale.value)
    }
    if (type === 'boolean') return value === 'true' ? t('ticket.yes') : t('ticket.no')
    const choice = choices.find((one) => one.value === value)
    return choice === undefined ? null : labelIn(choice, locale.value)
  }
  const coded = (field: string, value: string): string | null => {
    const known = fieldOf(field)
    if (known !== undefined) return valueOf(known, value)
    const type = field === 'type' ? byId.value.get(value) : undefined
    if (type !== undefined) return typeName(type)
    return field === 'team' ? (teams.value.find(({ id }) => id === value)?.name ?? null) : null
  }
  const values = computed<ValueWords>(() => ({
    status: (code) => (te(`ticket.status.${code}`) ? t(`ticket.status.${code}`) : ''),
    priority: (code) => {
      const known = PRIORITIES.find((one) => one === code)
      return known === undefined ? '' : priorityWord(known)
    },
    typeName,
    moment,
    coded,
    yes: t('ticket.yes'),
    no: t('ticket.no'),
    comma: locale.value === 'en' ? ', ' : '、',
  }))
  const fieldName = (field: string): string => {
    const known = fieldOf(field)
    if (known !== undefined) return labelIn(known, locale.value)
    if (/^fields?[.:]/.test(field)) return t('ticketField.form')
    return te(`ticketField.${field}`) ? t(`ticketField.${field}`) : t('ticketField.other')
  }
  return { values, fieldName }
}
