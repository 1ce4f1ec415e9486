import { z } from 'zod'
import { one } from '../../../contract/list.ts'
import { queueRuleDelete, queueRulePut, queueRuleSchema } from '../../../contract/routing.ts'
import { route } from '../../../core/http/route.ts'
import { listRules, putRule, removeRule } from './change-rules.ts'

const tag = 'routing'
const auth = { permission: 'routing.manage' } as const

export const queueRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/routing/queue-rules',
    summary: 'Rules of the general queue (first) and of teams that have their own (BP-015.7)',
    tag,
    auth,
    response: one(z.array(queueRuleSchema)),
    handle: async (ctx) => ({ data: await listRules(ctx) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/routing/queue-rules',
    summary: 'Make or replace the rules of one queue; what waits there follows them at once',
    tag,
    auth,
    body: queueRulePut,
    example: {
      teamId: null,
      maxWaiting: 50,
      maxWaitSeconds: 600,
      overflow: 'form',
      overflowTeamId: null,
      vipTagIds: [],
      vipPoints: 60,
      returningMinutes: 30,
      returningPoints: 20,
      pointsPerMinute: 2,
      acceptSeconds: null,
      texts: { queued: '您前面还有 {ahead} 位，预计 {minutes} 分钟', moved: null, overflow: null },
      version: 1,
    },
    response: one(z.array(queueRuleSchema)),
    errors: ['not_found', 'team_disabled', 'version_conflict', 'overflow_cycle', 'tag_unknown'],
    async handle(ctx, { body }) {
      await putRule(ctx, body)
      return { data: await listRules(ctx) }
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/routing/queue-rules/{id}',
    summary: 'A team goes by the rules of the house again',
    tag,
    auth,
    params: z.strictObject({ id: z.uuid() }),
    query: queueRuleDelete,
    response: one(z.array(queueRuleSchema)),
    errors: ['not_found', 'version_conflict', 'overflow_cycle'],
    async handle(ctx, { params, query }) {
      await removeRule(ctx, params.id, query.version)
      return { data: await listRules(ctx) }
    },
  }),
]
