import type { z } from 'zod'
import type { SavedView, savedViewCreate, savedViewPatch } from '#api/contract/view.ts'
import { http } from './http.ts'

const at = (id: string) => `/views/${encodeURIComponent(id)}`

/** My own and those shared with my teams, in their order. */
export const fetchViews = (page: string): Promise<SavedView[]> => http.get('/views', { page })
export const createView = (body: z.input<typeof savedViewCreate>): Promise<SavedView> => http.post('/views', body)
export const patchView = (id: string, body: z.input<typeof savedViewPatch>): Promise<SavedView> => http.patch(at(id), body)
export const removeView = (id: string, version: number): Promise<null> => http.delete(at(id), { version })
export const orderViews = (page: string, ids: string[]): Promise<SavedView[]> => http.put('/views/order', { page, ids })
