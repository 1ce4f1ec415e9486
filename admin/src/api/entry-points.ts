import type { z } from 'zod'
import type { EntryPoint, entryPointPut } from '#api/contract/consultation.ts'
import { http } from './http.ts'

const at = (accountId: string) => `/consultation/accounts/${encodeURIComponent(accountId)}/entry-points`

export const fetchEntryPoints = (accountId: string): Promise<EntryPoint[]> => http.get(at(accountId))
export const putEntryPoint = (accountId: string, body: z.input<typeof entryPointPut>): Promise<EntryPoint> => http.put(at(accountId), body)
export const dropEntryPoint = (id: string, version: number): Promise<null> =>
  http.delete(`/consultation/entry-points/${encodeURIComponent(id)}`, { version })
