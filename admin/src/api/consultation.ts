import type { z } from 'zod'
import type { ConsultationSettings, consultationSettingsPut } from '#api/contract/consultation.ts'
import { http } from './http.ts'

/** Of one account; null: the company's own. */
const at = (accountId: string | null) => `/consultation/settings${accountId === null ? '' : `/${encodeURIComponent(accountId)}`}`

export const fetchConsultation = (accountId: string | null): Promise<ConsultationSettings> => http.get(at(accountId))
export const putConsultation = (accountId: string | null, body: z.input<typeof consultationSettingsPut>): Promise<ConsultationSettings> =>
  http.put(at(accountId), body)
export const dropConsultation = (accountId: string, version: number): Promise<null> => http.delete(at(accountId), { version })
