import { z } from 'zod'
import { one } from '../../../contract/list.ts'
import { policyCreate, policyListQuery, policyOrder, policyPatch, policySchema } from '../../../contract/routing.ts'
import { route } from '../../../core/http/route.ts'
import { changePolicy, createPolicy, orderPolicies, removePolicy } from './change-policies.ts'
import { listPolicies, policyOf } from './list-policies.ts'

const idParams = z.strictObject({ id: z.uuid() })
const tag = 'routing'
const auth = { permission: 'routing.manage' } as const
const EXAMPLE = '01930000-0000-7000-8000-000000000001'
const refusals = [
  'not_found',
  'name_taken',
  'team_disabled',
  'staff_not_active',
  'entry_unknown',
  'entry_disabled',
  'tag_unknown',
  'dates_reversed',
] as const

export const policyRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/routing/policies',
    summary: 'Assignment policies of one kind of work, in their order (BP-015.1, BP-015.2)',
    tag,
    auth,
    query: policyListQuery,
    response: one(z.array(policySchema)),
    handle: async (ctx, { query }) => ({ data: await listPolicies(ctx, query.workKind) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/routing/policies',
    summary: 'A new policy, after the others',
    tag,
    auth,
    status: 201,
    body: policyCreate,
    example: {
      workKind: 'conversation',
      name: '售后优先熟客',
      teamId: null,
      strategy: 'familiar_first',
      settings: { skills: [], weights: { load: 50, skill: 20, response: 15, idle: 15 }, familiarDays: 90, accountIds: [] },
      conditions: {
        channelKinds: ['web'],
        channelAccountIds: [],
        tagIds: [],
        businessTypeIds: [],
        ticketTypeIds: [],
        priorities: [],
        weekdays: [1, 2, 3, 4, 5],
        from: '09:00',
        to: '18:00',
        calendar: null,
      },
      otherwise: 'next',
      enabled: true,
      effectiveFrom: null,
      effectiveUntil: null,
    },
    response: one(policySchema),
    errors: refusals,
    handle: async (ctx, { body }) => ({ data: await policyOf(ctx, await createPolicy(ctx, body)) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/routing/policies/order',
    summary: 'Put them in order: the first that applies decides',
    tag,
    auth,
    body: policyOrder,
    example: { workKind: 'conversation', ids: [EXAMPLE] },
    response: one(z.array(policySchema)),
    errors: ['version_conflict'],
    async handle(ctx, { body }) {
      await orderPolicies(ctx, body)
      return { data: await listPolicies(ctx, body.workKind) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/routing/policies/{id}',
    summary: 'One policy',
    tag,
    auth,
    params: idParams,
    response: one(policySchema),
    errors: ['not_found'],
    handle: async (ctx, { params }) => ({ data: await policyOf(ctx, params.id) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/routing/policies/{id}',
    summary: 'Change a policy, switch it on or off (BP-015.8)',
    tag,
    auth,
    params: idParams,
    body: policyPatch,
    example: { enabled: false, version: 3 },
    response: one(policySchema),
    errors: ['version_conflict', ...refusals],
    async handle(ctx, { params, body }) {
      await changePolicy(ctx, params.id, body)
      return { data: await policyOf(ctx, params.id) }
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/routing/policies/{id}',
    summary: 'Remove a policy; what it assigned keeps its reason',
    tag,
    auth,
    params: idParams,
    query: z.strictObject({ version: z.coerce.number().int().positive() }),
    response: one(z.null()),
    errors: ['not_found', 'version_conflict'],
    async handle(ctx, { params, query }) {
      await removePolicy(ctx, params.id, query.version)
      return { data: null }
    },
  }),
]
