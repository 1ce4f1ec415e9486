import type { z } from 'zod'
import type { Me, Presence, Staff, mePatch, presenceRequest, realtimeTicketSchema } from '#api/contract/identity.ts'
import { http } from './http.ts'

export const login = (username: string, password: string): Promise<Me> => http.post('/auth/login', { username, password })
export const logout = (): Promise<null> => http.post('/auth/logout')
export const fetchMe = (): Promise<Me> => http.get('/me')
export const patchMe = (patch: z.input<typeof mePatch>): Promise<Me> => http.patch('/me', patch)
export const putPresence = (request: z.input<typeof presenceRequest>): Promise<Presence> => http.put('/me/presence', request)
export const fetchStaff = (): Promise<Staff[]> => http.get('/staff')
export const fetchRealtimeTicket = (): Promise<z.infer<typeof realtimeTicketSchema>> => http.post('/realtime/tickets')
