import { one } from '../../contract/list.ts'
import { dryRunRequest, dryRunSchema } from '../../contract/routing.ts'
import { route } from '../../core/http/route.ts'
import { dryRun } from './dry-run.ts'

export const routes = [
  route({
    method: 'POST',
    path: '/api/v1/routing/dry-run',
    summary: 'Who would get it now, and why; nothing is changed (BP-015.1)',
    tag: 'routing',
    auth: { permission: 'routing.manage' },
    transaction: 'none',
    body: dryRunRequest,
    example: { conversationId: '01930000-0000-7000-8000-000000000001' },
    response: one(dryRunSchema),
    errors: ['not_found'],
    handle: async (ctx, { body }) => ({ data: await dryRun(ctx, body) }),
  }),
]
