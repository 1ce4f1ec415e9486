/** The customer's tickets: by his token in the chat, by a signed link on a page of their own. */
import { request } from '../chat/api.ts'
import { isAttachment, type Shape } from '../chat/shapes.ts'
import { isRecord } from '../record.ts'
import type { Attachment, CustomerTicket, CustomerTicketPage } from './wire.ts'

const isPage: Shape<CustomerTicketPage> = (data): data is CustomerTicketPage => isRecord(data) && Array.isArray(data.tickets)
const isTicket: Shape<CustomerTicket> = (data): data is CustomerTicket =>
  isRecord(data) && typeof data.number === 'string' && isRecord(data.may) && Array.isArray(data.followUps)

export type TicketAction = 'follow-ups' | 'urges' | 'confirmation' | 'rejection' | 'reopening' | 'rating'

export interface TicketSource {
  list(cursor: string | null): Promise<CustomerTicketPage>
  show(id: string): Promise<CustomerTicket>
  create(form: object): Promise<CustomerTicket>
  /** @returns the ticket as it is then */
  act(id: string, action: TicketAction, body: object): Promise<CustomerTicket>
  upload(file: File): Promise<Attachment>
}

/** A photo over a bad line takes a while. */
const UPLOAD_MS = 180_000

function source(base: string, uploads: string, token: () => string | null): TicketSource {
  const get = <T>(path: string, shape: Shape<T>) => request({ path, init: {}, bearer: token(), shape })
  const post = <T>(path: string, body: object, shape: Shape<T>) =>
    request({ path, init: { method: 'POST', body: JSON.stringify(body) }, bearer: token(), shape })
  const one = (id: string) => `${base}/${encodeURIComponent(id)}`
  return {
    list: (cursor) => get(cursor === null ? base : `${base}?cursor=${encodeURIComponent(cursor)}`, isPage),
    show: (id) => get(one(id), isTicket),
    create: (form) => post(base, form, isTicket),
    act: (id, action, body) => post(`${one(id)}/${action}`, body, isTicket),
    upload(file) {
      const form = new FormData()
      form.append('file', file, file.name)
      return request({ path: uploads, init: { method: 'POST', body: form }, bearer: token(), shape: isAttachment, timeoutMs: UPLOAD_MS })
    },
  }
}

export const ticketsInChat = (token: () => string | null): TicketSource => source('/api/v1/web/tickets', '/api/v1/web/attachments', token)
export function ticketsByLink(link: string): TicketSource {
  const base = `/api/v1/my-tickets/${encodeURIComponent(link)}`
  return source(base, `${base}/attachments`, () => null)
}
