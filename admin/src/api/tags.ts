import type { z } from 'zod'
import type { ListedTag, tagCreate, tagPatch } from '#api/contract/tag.ts'
import { http } from './http.ts'

const at = (id: string) => `/customer-tags/${encodeURIComponent(id)}`

export const fetchTags = (): Promise<ListedTag[]> => http.get('/customer-tags')
export const createTag = (body: z.input<typeof tagCreate>): Promise<ListedTag> => http.post('/customer-tags', body)
export const patchTag = (id: string, body: z.input<typeof tagPatch>): Promise<ListedTag> => http.patch(at(id), body)
/** @param force also when customers wear it */
export const removeTag = (id: string, version: number, force: boolean): Promise<null> =>
  http.delete(at(id), { version, force: force ? 'true' : 'false' })
