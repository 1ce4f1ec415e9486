import { z } from 'zod'
import { one, page } from '../../../contract/list.ts'
import {
  slaPolicyCreate,
  slaPolicyOrder,
  slaPolicyPatch,
  slaPolicySchema,
  slaWarningQuery,
  ticketClocksSchema,
  versionQuery,
} from '../../../contract/sla.ts'
import { ticketSchema } from '../../../contract/ticket.ts'
import { route } from '../../../core/http/route.ts'
import { changeSlaPolicy, createSlaPolicy, listSlaPolicies, orderSlaPolicies, removeSlaPolicy, slaPolicyOf } from './policies.ts'
import { ticketClocks } from './ticket-clocks.ts'
import { slaWarnings } from './warnings.ts'

const idParams = z.strictObject({ id: z.uuid() })
const tag = 'tickets'
const auth = { permission: 'tickets.settings' } as const
const EXAMPLE = '01930000-0000-7000-8000-000000000001'
const refusals = ['not_found', 'name_taken', 'tag_unknown', 'calendar_without_hours', 'escalation_loop', 'escalation_unavailable'] as const
const targets = (first_response: number, next_response: number, resolution: number) => ({ first_response, next_response, resolution })

export const slaRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/sla/policies',
    summary: 'What is promised about tickets, in order: the first that holds is the ticket’s (BP-006.2)',
    tag,
    auth,
    response: one(z.array(slaPolicySchema)),
    handle: async (ctx) => ({ data: await listSlaPolicies(ctx) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/sla/policies',
    summary: 'A new promise, after the others',
    tag,
    auth,
    status: 201,
    body: slaPolicyCreate,
    example: {
      name: '重要客户',
      conditions: { typeIds: [], tagIds: [EXAMPLE], teamIds: [], channelKinds: [] },
      targets: { urgent: targets(10, 20, 120), high: targets(20, 30, 240), normal: targets(60, 120, 480), low: targets(120, 240, 960) },
      calendar: { source: 'team', calendarId: null },
      pauses: ['waiting_customer', 'on_hold'],
      steps: [{ percent: 80, to: ['assignee'], escalateTo: null }],
      enabled: true,
    },
    response: one(slaPolicySchema),
    errors: [...refusals, 'limit_reached'],
    handle: async (ctx, { body }) => ({ data: await slaPolicyOf(ctx, await createSlaPolicy(ctx, body)) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/sla/policies/order',
    summary: 'Put them in order',
    tag,
    auth,
    body: slaPolicyOrder,
    example: { ids: [EXAMPLE] },
    response: one(z.array(slaPolicySchema)),
    errors: ['version_conflict'],
    async handle(ctx, { body }) {
      await orderSlaPolicies(ctx, body)
      return { data: await listSlaPolicies(ctx) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/sla/policies/{id}',
    summary: 'One promise',
    tag,
    auth,
    params: idParams,
    response: one(slaPolicySchema),
    errors: ['not_found'],
    handle: async (ctx, { params }) => ({ data: await slaPolicyOf(ctx, params.id) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/sla/policies/{id}',
    summary: 'Change a promise; open tickets are worked out anew in the background, with their history kept',
    tag,
    auth,
    params: idParams,
    body: slaPolicyPatch,
    example: { enabled: false, version: 2 },
    response: one(slaPolicySchema),
    errors: ['version_conflict', ...refusals],
    async handle(ctx, { params, body }) {
      await changeSlaPolicy(ctx, params.id, body)
      return { data: await slaPolicyOf(ctx, params.id) }
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/sla/policies/{id}',
    summary: 'Take a promise back; tickets under it go by the next that holds',
    tag,
    auth,
    params: idParams,
    query: versionQuery,
    response: one(z.null()),
    errors: ['not_found', 'version_conflict'],
    async handle(ctx, { params, query }) {
      await removeSlaPolicy(ctx, params.id, query.version)
      return { data: null }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/tickets/sla-warnings',
    summary: 'Tickets that are late or soon will be, the most urgent first (BP-013.3)',
    tag,
    auth: { permission: 'tickets.read' },
    query: slaWarningQuery,
    response: page(ticketSchema),
    handle: (ctx, { query }) => slaWarnings(ctx, query),
  }),
  route({
    method: 'GET',
    path: '/api/v1/tickets/{id}/sla',
    summary: 'The clocks of a ticket: what is left, what happened, and why it is due then (BP-006.2)',
    tag,
    auth: { permission: 'tickets.read' },
    params: idParams,
    response: one(ticketClocksSchema),
    errors: ['not_found'],
    handle: async (ctx, { params }) => ({ data: await ticketClocks(ctx, params.id) }),
  }),
]
