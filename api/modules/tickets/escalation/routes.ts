import { z } from 'zod'
import { one } from '../../../contract/list.ts'
import { escalateRequest, escalationLevelsPut, escalationLevelsSchema, escalationSchema } from '../../../contract/sla.ts'
import { route } from '../../../core/http/route.ts'
import { escalateByHand } from './escalate.ts'
import { changeLevels, escalationLevels } from './levels.ts'
import { listEscalations } from './list-escalations.ts'

const idParams = z.strictObject({ id: z.uuid() })
const tag = 'tickets'
const EXAMPLE = '01930000-0000-7000-8000-000000000001'

export const escalationRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/escalation-levels',
    summary: 'Levels of escalation, the lowest first (BP-006.8)',
    tag,
    auth: { permission: 'tickets.read' },
    response: one(escalationLevelsSchema),
    handle: async (ctx) => ({ data: await escalationLevels(ctx) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/escalation-levels',
    summary: 'Change the levels as a whole; two that lead to the same place are refused',
    tag,
    auth: { permission: 'tickets.settings' },
    body: escalationLevelsPut,
    example: { levels: [{ name: '二线支持', teamId: EXAMPLE, accountId: null, reopenings: 2, urges: 3 }], version: 1 },
    response: one(escalationLevelsSchema),
    errors: [
      'version_conflict',
      'escalation_loop',
      'escalation_level_in_use',
      'name_taken',
      'team_disabled',
      'staff_not_active',
      'not_found',
    ],
    handle: async (ctx, { body }) => ({ data: await changeLevels(ctx, body) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/tickets/{id}/escalations',
    summary: 'How far a ticket has risen, by whom or by which rule',
    tag,
    auth: { permission: 'tickets.read' },
    params: idParams,
    response: one(z.array(escalationSchema)),
    errors: ['not_found'],
    handle: async (ctx, { params }) => ({ data: await listEscalations(ctx, params.id) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/tickets/{id}/escalations',
    summary: 'Pass a ticket on to a higher level, with a reason',
    tag,
    auth: { permission: 'tickets.handle' },
    status: 201,
    params: idParams,
    body: escalateRequest,
    example: { reason: '客户要求主管处理' },
    response: one(z.array(escalationSchema)),
    errors: ['not_found', 'forbidden', 'ticket_closed', 'ticket_merged', 'escalation_loop', 'escalation_unavailable'],
    async handle(ctx, { params, body }) {
      await escalateByHand(ctx, params.id, body)
      return { data: await listEscalations(ctx, params.id) }
    },
  }),
]
