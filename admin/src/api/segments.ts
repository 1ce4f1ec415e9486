import type { z } from 'zod'
import type { CustomerSummary } from '#api/contract/customer.ts'
import type {
  Segment,
  SegmentCount,
  SegmentCreate,
  SegmentField,
  SegmentNode,
  SegmentPatch,
  segmentPreviewSchema,
} from '#api/contract/segment.ts'
import { http, type Page } from './http.ts'

export type SegmentPreview = z.infer<typeof segmentPreviewSchema>

const at = (id: string) => `/segments/${encodeURIComponent(id)}`

export const fetchSegments = (cursor?: string): Promise<Page<Segment>> => http.page('/segments', { limit: 100, cursor })
export const fetchSegment = (id: string): Promise<Segment> => http.get(at(id))
export const fetchSegmentFields = (): Promise<SegmentField[]> => http.get('/segment-fields')
export const createSegment = (body: SegmentCreate): Promise<Segment> => http.post('/segments', body)
export const patchSegment = (id: string, body: SegmentPatch): Promise<Segment> => http.patch(at(id), body)
export const removeSegment = (id: string, version: number): Promise<null> => http.delete(at(id), { version })
export const countSegment = (id: string): Promise<SegmentCount> => http.get(`${at(id)}/count`)
export const previewSegment = (definition: SegmentNode): Promise<SegmentPreview> => http.post('/segments/preview', { definition })
export const fetchSegmentMembers = (id: string, cursor?: string): Promise<Page<CustomerSummary>> =>
  http.page(`${at(id)}/members`, { limit: 50, cursor })
