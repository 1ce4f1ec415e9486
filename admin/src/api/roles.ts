import type { z } from 'zod'
import type { PermissionGroupEntry, StaffRole, roleCreate, rolePatch } from '#api/contract/roles.ts'
import { http } from './http.ts'

const at = (id: string) => `/roles/${encodeURIComponent(id)}`

export const fetchPermissions = (): Promise<PermissionGroupEntry[]> => http.get('/permissions')
export const fetchRoles = (): Promise<StaffRole[]> => http.get('/roles')
export const createRole = (body: z.input<typeof roleCreate>): Promise<StaffRole> => http.post('/roles', body)
export const patchRole = (id: string, body: z.input<typeof rolePatch>): Promise<StaffRole> => http.patch(at(id), body)
export const deleteRole = (id: string, version: number): Promise<null> => http.delete(at(id), { version })
