/** Shapes of the contract, as types only. */
export type { Attachment } from '#api/contract/attachment.ts'
export type {
  CustomerFormField,
  CustomerTicket,
  CustomerTicketPage,
  CustomerTicketState,
  CustomerTicketSummary,
} from '#api/contract/ticket-customer.ts'
