import type { z } from 'zod'
import type {
  LinkState,
  RegistrationLink,
  registrationLinkCreate,
  RegistrationSettings,
  RegistrationTargets,
  RegistrationUse,
} from '#api/contract/registration.ts'
import { http, type Page } from './http.ts'

export interface LinkQuery {
  state?: LinkState | undefined
  createdBy?: string | undefined
  teamId?: string | undefined
  q?: string | undefined
  cursor?: string | undefined
}

const at = (id: string) => `/registration-links/${encodeURIComponent(id)}`

export const fetchLinks = (query: LinkQuery): Promise<Page<RegistrationLink>> => http.page('/registration-links', { limit: 30, ...query })
export const fetchLinkTargets = (): Promise<RegistrationTargets> => http.get('/registration-links/targets')
export const createLink = (body: z.input<typeof registrationLinkCreate>): Promise<{ link: RegistrationLink; url: string }> =>
  http.post('/registration-links', body)
export const revokeLink = (id: string, version: number): Promise<RegistrationLink> => http.post(`${at(id)}/revoke`, { version })
export const fetchLinkUses = (id: string, cursor?: string): Promise<Page<RegistrationUse>> =>
  http.page(`${at(id)}/uses`, { limit: 30, cursor })
export const fetchRegistrationSettings = (): Promise<RegistrationSettings> => http.get('/registration-settings')
export const patchRegistrationSettings = (body: RegistrationSettings): Promise<RegistrationSettings> =>
  http.patch('/registration-settings', body)
