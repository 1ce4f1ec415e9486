/** Is an answer what it should be? Only its outline: a proxy's page or a half answer is caught, the rest is bound by the contract. */
import { isRecord } from '../record.ts'
import type { Attachment, CustomerMessage, HistoryPage, Session } from './wire.ts'

export type Shape<T> = (data: unknown) => data is T

export const isSession: Shape<Session> = (data): data is Session =>
  isRecord(data) && typeof data.token === 'string' && typeof data.title === 'string'
export const isHistoryPage: Shape<HistoryPage> = (data): data is HistoryPage =>
  isRecord(data) && Array.isArray(data.messages) && typeof data.hasMore === 'boolean' && 'conversation' in data
export const isMessage: Shape<CustomerMessage> = (data): data is CustomerMessage =>
  isRecord(data) && typeof data.id === 'string' && typeof data.seq === 'number' && Array.isArray(data.parts)
export const isAttachment: Shape<Attachment> = (data): data is Attachment =>
  isRecord(data) && typeof data.id === 'string' && typeof data.kind === 'string'
export const isTicket: Shape<{ ticket: string }> = (data): data is { ticket: string } => isRecord(data) && typeof data.ticket === 'string'
export const isNothing: Shape<null> = (data): data is null => data === null
