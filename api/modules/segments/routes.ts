import { z } from 'zod'
import { customerSummarySchema } from '../../contract/customer.ts'
import { listQuery, one, page } from '../../contract/list.ts'
import {
  segmentCountSchema,
  segmentCreate,
  segmentFieldSchema,
  segmentListQuery,
  segmentPatch,
  segmentPreviewRequest,
  segmentPreviewSchema,
  segmentRemove,
  segmentSchema,
} from '../../contract/segment.ts'
import type { Ctx } from '../../core/context.ts'
import { route } from '../../core/http/route.ts'
import { createSegment, removeSegment, segmentFor, updateSegment } from './change-segments.ts'
import { segmentSources } from './compile.ts'
import { listSegments, presentSegments } from './list-segments.ts'
import { countSegment, listMembers } from './members.ts'
import type { SegmentRow } from './model.ts'

const idParams = z.strictObject({ id: z.uuid() })
const tag = 'segments'
const read = { permission: 'customers.read' } as const
const manage = { permission: 'segments.manage' } as const
const SAMPLE = 10

async function present(ctx: Ctx, row: SegmentRow) {
  const [data] = await presentSegments(ctx, [row])
  if (!data) throw new Error('segment vanished')
  return { data }
}

export const routes = [
  route({
    method: 'GET',
    path: '/api/v1/segment-fields',
    summary: 'What a segment may ask about, with the operators and values of each field (MOD-06)',
    tag,
    auth: read,
    response: one(z.array(segmentFieldSchema)),
    handle: async (ctx) => ({ data: (await segmentSources(ctx)).map(({ compile: _, ...field }) => field) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/segments',
    summary: 'Saved segments, the newest first',
    tag,
    auth: read,
    query: segmentListQuery,
    response: page(segmentSchema),
    async handle(ctx, { query }) {
      const { rows, nextCursor } = await listSegments(ctx, query)
      return { data: await presentSegments(ctx, rows), nextCursor }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/segments',
    summary: 'Save a segment',
    tag,
    auth: manage,
    status: 201,
    body: segmentCreate,
    example: {
      name: '近 30 天没有联系的正式客户',
      description: '',
      definition: {
        all: [
          { field: 'status', op: 'any_of', values: ['formal'] },
          { field: 'lastContactAt', op: 'not_within_days', days: 30 },
        ],
      },
    },
    response: one(segmentSchema),
    errors: ['segment_invalid', 'name_taken', 'limit_reached'],
    handle: async (ctx, { body }) => present(ctx, await createSegment(ctx, body)),
  }),
  route({
    method: 'POST',
    path: '/api/v1/segments/count',
    summary: 'How many customers a definition finds now within my scope, while it is being built; exact to 10,000',
    tag,
    auth: read,
    transaction: 'none',
    limit: { per: 'actor', max: 240, windowSeconds: 60 },
    body: segmentPreviewRequest,
    example: { definition: { field: 'lastContactAt', op: 'within_days', days: 30 } },
    response: one(segmentCountSchema),
    errors: ['segment_invalid'],
    handle: async (ctx, { body }) => ({ data: await countSegment(ctx, body.definition) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/segments/preview',
    summary: 'How many customers a definition finds now within my scope, and some of them',
    tag,
    auth: read,
    transaction: 'none',
    limit: { per: 'actor', max: 120, windowSeconds: 60 },
    body: segmentPreviewRequest,
    example: { definition: { any: [{ field: 'tags', op: 'any_of', values: ['01930000-0000-7000-8000-000000000201'] }] } },
    response: one(segmentPreviewSchema),
    errors: ['segment_invalid'],
    async handle(ctx, { body: { definition } }) {
      const { data: sample } = await listMembers(ctx, definition, { limit: SAMPLE })
      return { data: { ...(await countSegment(ctx, definition)), sample } }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/segments/{id}',
    summary: 'One segment',
    tag,
    auth: read,
    params: idParams,
    response: one(segmentSchema),
    handle: async (ctx, { params }) => present(ctx, await segmentFor(ctx, params.id)),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/segments/{id}',
    summary: 'Rename a segment or change its conditions',
    tag,
    auth: manage,
    params: idParams,
    body: segmentPatch,
    example: { name: '待回访', version: 1 },
    response: one(segmentSchema),
    errors: ['segment_invalid', 'name_taken', 'version_conflict'],
    handle: async (ctx, { params, body }) => present(ctx, await updateSegment(ctx, params.id, body)),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/segments/{id}',
    summary: 'Delete a segment; its customers stay',
    tag,
    auth: manage,
    params: idParams,
    query: segmentRemove,
    response: one(z.null()),
    errors: ['version_conflict'],
    async handle(ctx, { params, query }) {
      await removeSegment(ctx, params.id, query.version)
      return { data: null }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/segments/{id}/count',
    summary: 'How many customers are in it now within my scope; exact to 10,000',
    tag,
    auth: read,
    params: idParams,
    response: one(segmentCountSchema),
    errors: ['segment_invalid'],
    handle: async (ctx, { params }) => ({ data: await countSegment(ctx, (await segmentFor(ctx, params.id)).definition) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/segments/{id}/members',
    summary: 'Who is in it now within my scope, the newest first',
    tag,
    auth: read,
    params: idParams,
    query: listQuery,
    response: page(customerSummarySchema),
    errors: ['segment_invalid'],
    handle: async (ctx, { params, query }) => listMembers(ctx, (await segmentFor(ctx, params.id)).definition, query),
  }),
]
