import type { FormField } from '#api/contract/ticket-type.ts'
import type { TicketDetail } from '#api/contract/ticket.ts'
import { labelIn } from '../../../shared/label-in.ts'
import { isFilled } from './form-values.ts'

interface Reading {
  entries: TicketDetail['entries']
  locale: string
  yes: string
  no: string
}

/** A value of a form as people read it; '' when nothing was filled in. Choices that are gone are not shown as codes. */
export const fieldWords = (field: FormField, value: TicketDetail['fields'][string] | undefined, reading: Reading): string => {
  if (value === undefined || value === null || !isFilled(value)) return ''
  if (typeof value === 'boolean') return value ? reading.yes : reading.no
  const choiceOf = (code: string): string => {
    const choice = field.choices.find((one) => one.value === code)
    return choice === undefined ? '' : labelIn(choice, reading.locale)
  }
  if (Array.isArray(value))
    return value
      .map(choiceOf)
      .filter(Boolean)
      .join(reading.locale === 'en' ? ', ' : '、')
  if (field.type === 'select') return choiceOf(String(value))
  if (field.type !== 'dictionary') return String(value)
  const entry = reading.entries[String(value)]
  return entry === undefined ? '' : labelIn(entry, reading.locale)
}
