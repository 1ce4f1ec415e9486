import type { z } from 'zod'
import type {
  Relation,
  RelationChange,
  relationBulk,
  relationBulkResult,
  relationCreate,
  relationListQuery,
  relationPatch,
} from '#api/contract/relation.ts'
import { http, type Page } from './http.ts'

export type RelationBulkResult = z.infer<typeof relationBulkResult>

const at = (id: string) => `/relations/${encodeURIComponent(id)}`

export const fetchRelations = (query: Partial<z.output<typeof relationListQuery>>): Promise<Page<Relation>> =>
  http.page('/relations', { ...query, limit: query.limit ?? 50 })
export const createRelations = (body: z.input<typeof relationCreate>): Promise<Relation[]> => http.post('/relations', body)
export const patchRelation = (id: string, body: z.input<typeof relationPatch>): Promise<Relation> => http.patch(at(id), body)
export const endRelation = (id: string, body: { reason: string; version: number }): Promise<Relation> => http.post(`${at(id)}/end`, body)
export const changeRelations = (body: z.input<typeof relationBulk>): Promise<RelationBulkResult> => http.post('/relation-changes', body)
export const fetchRelation = (id: string): Promise<Relation> => http.get(at(id))
export const fetchRelationChanges = (id: string): Promise<RelationChange[]> => http.get(`${at(id)}/changes`)
