import { z } from 'zod'
import { one, page } from '../../../contract/list.ts'
import {
  relationBulk,
  relationBulkResult,
  relationChangeSchema,
  relationCreate,
  relationEnd,
  relationListQuery,
  relationPatch,
  relationSchema,
  servingQuery,
  servingTeamSchema,
} from '../../../contract/relation.ts'
import type { ErrorCode } from '../../../contract/errors.ts'
import { route } from '../../../core/http/route.ts'
import { customerFor } from '../../customers/index.ts'
import { changeMany } from './bulk.ts'
import { historyOf } from './history.ts'
import { listRelations, relationOf, relationsOf } from './list-relations.ts'
import { presentServing } from './serving.ts'
import { benchOf, changeRelation, createRelations, endRelation } from './write-relations.ts'

const EXAMPLE = '01930000-0000-7000-8000-000000000001'
const idParams = z.strictObject({ id: z.uuid() })
const REFUSALS: readonly ErrorCode[] = [
  'forbidden',
  'team_disabled',
  'relation_overlaps',
  'dates_reversed',
  'entry_unknown',
  'entry_disabled',
]

/** A team's own supervisor needs no permission of the house: the routes ask for `relations.read`, and `policy.ts` for the rest. */
export const relationRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/relations',
    summary: 'Service relations of a customer, of an institution, or of my teams (BP-008)',
    tag: 'relations',
    auth: { permission: 'relations.read' },
    query: relationListQuery,
    response: page(relationSchema),
    handle: (ctx, { query }) => listRelations(ctx, query),
  }),
  route({
    method: 'POST',
    path: '/api/v1/relations',
    summary: 'Let one or more teams serve a customer or an institution, in one step (BP-008.1–6)',
    tag: 'relations',
    auth: { permission: 'relations.read' },
    status: 201,
    body: relationCreate,
    example: {
      subject: { kind: 'institution', id: EXAMPLE },
      teams: [
        {
          teamId: EXAMPLE,
          rank: 'primary',
          businessTypeIds: [],
          validFrom: '2026-12-01',
          validUntil: '2027-11-30',
          remindDays: 30,
          note: '年度服务合同',
        },
      ],
    },
    response: one(z.array(relationSchema)),
    errors: [...REFUSALS, 'customer_merged'],
    handle: async (ctx, { body }) => ({ data: await relationsOf(ctx, await createRelations(ctx, body)) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/relation-changes',
    summary: 'Establish, change or end many at once; each row says how it went (BP-008.7)',
    tag: 'relations',
    auth: { permission: 'relations.read' },
    limit: { per: 'actor', max: 30, windowSeconds: 60 },
    body: relationBulk,
    example: { action: 'end', relationIds: [EXAMPLE], reason: '合同到期不再续签' },
    response: z.object({ data: relationBulkResult }),
    handle: async (ctx, { body }) => ({ data: await changeMany(ctx, body) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/relations/{id}',
    summary: 'One service relation',
    tag: 'relations',
    auth: { permission: 'relations.read' },
    params: idParams,
    response: one(relationSchema),
    handle: async (ctx, { params }) => ({ data: await relationOf(ctx, params.id) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/relations/{id}',
    summary: 'Change team, rank, businesses, dates or reminder of a relation (BP-008.7)',
    tag: 'relations',
    auth: { permission: 'relations.read' },
    params: idParams,
    body: relationPatch,
    example: { validUntil: '2027-12-31', version: 1 },
    response: one(relationSchema),
    errors: [...REFUSALS, 'relation_ended', 'version_conflict'],
    async handle(ctx, { params, body }) {
      await changeRelation(ctx, await benchOf(ctx), params.id, body)
      return { data: await relationOf(ctx, params.id) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/relations/{id}/end',
    summary: 'End a relation now, with the reason (BP-008.7)',
    tag: 'relations',
    auth: { permission: 'relations.read' },
    params: idParams,
    body: relationEnd,
    example: { reason: '客户更换服务商', version: 2 },
    response: one(relationSchema),
    errors: ['forbidden', 'relation_ended', 'version_conflict'],
    async handle(ctx, { params, body }) {
      await endRelation(ctx, await benchOf(ctx), params.id, body)
      return { data: await relationOf(ctx, params.id) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/relations/{id}/changes',
    summary: 'Who changed what of a relation, newest first (200 at most)',
    tag: 'relations',
    auth: { permission: 'relations.read' },
    params: idParams,
    response: one(z.array(relationChangeSchema)),
    async handle(ctx, { params }) {
      await relationOf(ctx, params.id)
      return { data: await historyOf(ctx, params.id) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/customers/{id}/serving-teams',
    summary: 'Who serves this customer today, best first',
    tag: 'relations',
    auth: { permission: 'relations.read' },
    params: idParams,
    query: servingQuery,
    response: one(z.array(servingTeamSchema)),
    async handle(ctx, { params, query }) {
      await customerFor(ctx, params.id)
      return { data: await presentServing(ctx, params.id, query.businessTypeId ?? null) }
    },
  }),
]
