import type { z } from 'zod'
import type {
  Department,
  HandOver,
  HandOverPreview,
  StaffImport,
  StaffMember,
  departmentCreate,
  departmentMove,
  departmentPatch,
  handOverRequest,
  initialPasswordSchema,
  staffCreate,
  staffListQuery,
  staffPatch,
} from '#api/contract/organisation.ts'
import { http, type Page } from './http.ts'
import { uploadFile } from './upload.ts'

export type InitialPassword = z.infer<typeof initialPasswordSchema>
export type StaffQuery = z.input<typeof staffListQuery>

const departmentAt = (id: string) => `/departments/${encodeURIComponent(id)}`
const memberAt = (id: string) => `/staff-members/${encodeURIComponent(id)}`
const quietly = { onProgress: () => undefined, signal: new AbortController().signal }

export const fetchDepartments = (): Promise<Department[]> => http.get('/departments')
export const createDepartment = (body: z.input<typeof departmentCreate>): Promise<Department> => http.post('/departments', body)
export const patchDepartment = (id: string, body: z.input<typeof departmentPatch>): Promise<Department> =>
  http.patch(departmentAt(id), body)
export const moveDepartment = (id: string, body: z.input<typeof departmentMove>): Promise<Department> =>
  http.post(`${departmentAt(id)}/move`, body)
export const mergeDepartment = (id: string, into: string, version: number): Promise<Department> =>
  http.post(`${departmentAt(id)}/merge`, { into, version })
export const deleteDepartment = (id: string, version: number): Promise<null> => http.delete(departmentAt(id), { version })

export const fetchMembers = (query: Record<string, string | number | undefined>): Promise<Page<StaffMember>> =>
  http.page('/staff-members', query)
export const fetchMember = (id: string): Promise<StaffMember> => http.get(memberAt(id))
export const createMember = (body: z.input<typeof staffCreate>): Promise<InitialPassword> => http.post('/staff-members', body)
export const patchMember = (id: string, body: z.input<typeof staffPatch>): Promise<StaffMember> => http.patch(memberAt(id), body)
export const disableMember = (id: string, version: number): Promise<StaffMember> => http.post(`${memberAt(id)}/disable`, { version })
export const enableMember = (id: string, version: number): Promise<StaffMember> => http.post(`${memberAt(id)}/enable`, { version })
export const resetPassword = (id: string, version: number): Promise<InitialPassword> =>
  http.post(`${memberAt(id)}/reset-password`, { version })
export const endTwoFactor = (id: string, version: number): Promise<StaffMember> => http.post(`${memberAt(id)}/end-two-factor`, { version })
export const readPhone = (id: string): Promise<{ phone: string | null }> => http.post(`${memberAt(id)}/read-phone`)
export const uploadAvatar = (id: string, file: File): Promise<StaffMember> => uploadFile(`${memberAt(id)}/avatar`, file, quietly)
export const deleteAvatar = (id: string): Promise<StaffMember> => http.delete(`${memberAt(id)}/avatar`)
export const previewHandOver = (id: string): Promise<HandOverPreview> => http.get(`${memberAt(id)}/hand-over`)
export const handOver = (id: string, body: z.input<typeof handOverRequest>): Promise<HandOver> =>
  http.post(`${memberAt(id)}/hand-over`, body)

export const importTemplateUrl = '/api/v1/staff-imports/template'
export const importStaff = (file: File, apply: boolean): Promise<StaffImport> =>
  uploadFile(`/staff-imports?apply=${String(apply)}`, file, quietly)
