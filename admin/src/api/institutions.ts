import type { InstitutionCreate, InstitutionPatch, ListedInstitution } from '#api/contract/institution.ts'
import { http, type Page } from './http.ts'

export interface InstitutionQuery {
  q?: string | undefined
  typeId?: string | undefined
  regionId?: string | undefined
  parentId?: string | undefined
  archived?: 'true' | 'false'
  sort?: 'name' | 'created'
  limit?: number
  cursor?: string | undefined
}

const at = (id: string) => `/institutions/${encodeURIComponent(id)}`

export const fetchInstitutions = (query: InstitutionQuery): Promise<Page<ListedInstitution>> => http.page('/institutions', { ...query })
export const fetchInstitution = (id: string): Promise<ListedInstitution> => http.get(at(id))
export const createInstitution = (body: InstitutionCreate): Promise<ListedInstitution> => http.post('/institutions', body)
export const patchInstitution = (id: string, body: InstitutionPatch): Promise<ListedInstitution> => http.patch(at(id), body)
export const archiveInstitution = (id: string, version: number): Promise<ListedInstitution> => http.post(`${at(id)}/archive`, { version })
export const restoreInstitution = (id: string, version: number): Promise<ListedInstitution> => http.post(`${at(id)}/restore`, { version })
