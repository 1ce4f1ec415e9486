import type { z } from 'zod'
import type { TicketTemplate, ticketTemplateCreate, ticketTemplatePatch } from '#api/contract/ticket.ts'
import type { WipLimits, wipLimitsPut } from '#api/contract/ticket-board.ts'
import type { TicketEndingSettings, TicketEndingSettingsPut } from '#api/contract/ticket-ending.ts'
import type { TicketMacro, ticketMacroCreate, ticketMacroPatch } from '#api/contract/ticket-macro.ts'
import type { TicketType, ticketTypeCreate, ticketTypePatch } from '#api/contract/ticket-type.ts'
import { http } from './http.ts'

export type TicketTypeBody = z.input<typeof ticketTypeCreate>
export type TicketTemplateBody = z.input<typeof ticketTemplateCreate>
export type TicketMacroBody = z.input<typeof ticketMacroCreate>

const typeAt = (id: string) => `/ticket-types/${encodeURIComponent(id)}`
const templateAt = (id: string) => `/ticket-templates/${encodeURIComponent(id)}`
const macroAt = (id: string) => `/ticket-macros/${encodeURIComponent(id)}`

/** Disabled ones, too. */
export const fetchAllTicketTypes = (): Promise<TicketType[]> => http.get('/ticket-types', { all: 'true' })
export const createTicketType = (body: TicketTypeBody): Promise<TicketType> => http.post('/ticket-types', body)
export const patchTicketType = (id: string, body: z.input<typeof ticketTypePatch>): Promise<TicketType> => http.patch(typeAt(id), body)
export const removeTicketType = (id: string, version: number): Promise<null> => http.delete(typeAt(id), { version })
export const orderTicketTypes = (ids: string[]): Promise<TicketType[]> => http.put('/ticket-types/order', { ids })

export const fetchAllTicketMacros = (): Promise<TicketMacro[]> => http.get('/ticket-macros')
export const createTicketMacro = (body: TicketMacroBody): Promise<TicketMacro> => http.post('/ticket-macros', body)
export const patchTicketMacro = (id: string, body: z.input<typeof ticketMacroPatch>): Promise<TicketMacro> => http.patch(macroAt(id), body)
export const removeTicketMacro = (id: string, version: number): Promise<null> => http.delete(macroAt(id), { version })
export const orderTicketMacros = (ids: string[]): Promise<TicketMacro[]> => http.put('/ticket-macros/order', { ids })

export const fetchTicketEndingSettings = (): Promise<TicketEndingSettings> => http.get('/ticket-ending-settings')
export const putTicketEndingSettings = (body: TicketEndingSettingsPut): Promise<TicketEndingSettings> =>
  http.put('/ticket-ending-settings', body)

export const fetchWipLimits = (): Promise<WipLimits> => http.get('/ticket-wip-limits')
export const putWipLimits = (body: z.input<typeof wipLimitsPut>): Promise<WipLimits> => http.put('/ticket-wip-limits', body)

/** Of everybody and of every team, disabled ones, too. */
export const fetchAllTicketTemplates = (): Promise<TicketTemplate[]> => http.get('/ticket-templates', { all: 'true' })
export const createTicketTemplate = (body: TicketTemplateBody): Promise<TicketTemplate> => http.post('/ticket-templates', body)
export const patchTicketTemplate = (id: string, body: z.input<typeof ticketTemplatePatch>): Promise<TicketTemplate> =>
  http.patch(templateAt(id), body)
export const removeTicketTemplate = (id: string, version: number): Promise<null> => http.delete(templateAt(id), { version })
