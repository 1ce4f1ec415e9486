import type { z } from 'zod'
import type { EscalationLevels, SlaPolicy, escalationLevelsPut, slaPolicyCreate, slaPolicyPatch } from '#api/contract/sla.ts'
import { http } from './http.ts'

export type SlaPolicyBody = z.output<typeof slaPolicyCreate>
export type LevelsBody = z.input<typeof escalationLevelsPut>

const at = (id: string) => `/sla/policies/${encodeURIComponent(id)}`
export const fetchSlaPolicies = (): Promise<SlaPolicy[]> => http.get('/sla/policies')
export const createSlaPolicy = (body: SlaPolicyBody): Promise<SlaPolicy> => http.post('/sla/policies', body)
export const patchSlaPolicy = (id: string, body: z.input<typeof slaPolicyPatch>): Promise<SlaPolicy> => http.patch(at(id), body)
export const removeSlaPolicy = (id: string, version: number): Promise<null> => http.delete(at(id), { version })
export const orderSlaPolicies = (ids: string[]): Promise<SlaPolicy[]> => http.put('/sla/policies/order', { ids })

export const putLevels = (body: LevelsBody): Promise<EscalationLevels> => http.put('/escalation-levels', body)
