import type { Ticket } from '#api/contract/ticket.ts'
import { useWords } from '../../../shared/use-words.ts'

/** Words that every screen of tickets needs. */
export const useTicketWords = () => {
  const words = useWords()
  const customerOf = (customer: NonNullable<Ticket['customer']>): string =>
    customer.name ?? words.customerName({ name: null, tail: customer.id.slice(-4) })
  const typeName = (type: { nameZh: string; nameEn: string }): string => (words.locale.value === 'en' ? type.nameEn : type.nameZh)
  return { ...words, customerOf, typeName }
}
