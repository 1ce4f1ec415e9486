import type { z } from 'zod'
import type { Me, Presence, Staff, mePatch, presenceRequest, realtimeTicketSchema, staffQuery } from '#api/contract/identity.ts'
import { http, type Page } from './http.ts'

export const login = (username: string, password: string): Promise<Me> => http.post('/auth/login', { username, password })
export const logout = (): Promise<null> => http.post('/auth/logout')
/** Null when nobody is signed in: asking is no failure. */
export const fetchMe = (): Promise<Me | null> => http.get('/auth/session')
export const patchMe = (patch: z.input<typeof mePatch>): Promise<Me> => http.patch('/me', patch)
export const putPresence = (request: z.input<typeof presenceRequest>): Promise<Presence> => http.put('/me/presence', request)
type StaffQuery = Partial<Omit<z.infer<typeof staffQuery>, 'ids'>> & { ids?: readonly string[] }
export const fetchStaff = ({ ids, ...query }: StaffQuery): Promise<Page<Staff>> =>
  http.page('/staff', { ...query, ...(ids === undefined ? {} : { ids: ids.join(',') }) })
export const fetchRealtimeTicket = (): Promise<z.infer<typeof realtimeTicketSchema>> => http.post('/realtime/tickets')
