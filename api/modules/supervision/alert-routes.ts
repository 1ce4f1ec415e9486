import { z } from 'zod'
import { one } from '../../contract/list.ts'
import { alertListQuery, alertPage, alertRuleCreate, alertRulePatch, alertRuleSchema, alertSchema } from '../../contract/supervision.ts'
import { route } from '../../core/http/route.ts'
import { acknowledgeAlert } from './alerts/acknowledge.ts'
import { createRule, deleteRule, listRules, updateRule } from './alerts/change-rules.ts'
import { listAlerts } from './alerts/list-alerts.ts'

const idParams = z.strictObject({ id: z.uuid() })
const view = { permission: 'supervision.view' } as const
const rules = { permission: 'supervision.rules' } as const

export const alertRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/supervision/alerts',
    summary: 'What is wrong now, or was',
    tag: 'supervision',
    auth: view,
    query: alertListQuery,
    response: alertPage,
    handle: (ctx, { query }) => listAlerts(ctx, query),
  }),
  route({
    method: 'POST',
    path: '/api/v1/supervision/alerts/{id}/acknowledge',
    summary: 'I take care of it; everybody sees that',
    tag: 'supervision',
    auth: view,
    params: idParams,
    response: one(alertSchema),
    handle: async (ctx, { params }) => ({ data: await acknowledgeAlert(ctx, params.id) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/supervision/alert-rules',
    summary: 'When supervisors are told: the house’s rules and those of my teams',
    tag: 'supervision',
    auth: view,
    response: one(z.array(alertRuleSchema)),
    handle: async (ctx) => ({ data: await listRules(ctx) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/supervision/alert-rules',
    summary: 'A rule of a team instead of the house’s',
    tag: 'supervision',
    auth: rules,
    status: 201,
    body: alertRuleCreate,
    example: { kind: 'queue_wait', teamId: '01930000-0000-7000-8000-000000000001', threshold: 120, enabled: true },
    response: one(alertRuleSchema),
    errors: ['already_there'],
    handle: async (ctx, { body }) => ({ data: await createRule(ctx, body) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/supervision/alert-rules/{id}',
    summary: 'Another threshold, on or off',
    tag: 'supervision',
    auth: rules,
    params: idParams,
    body: alertRulePatch,
    example: { threshold: 240, version: 1 },
    response: one(alertRuleSchema),
    errors: ['forbidden', 'version_conflict'],
    handle: async (ctx, { params, body }) => ({ data: await updateRule(ctx, params.id, body) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/supervision/alert-rules/{id}',
    summary: 'The team goes by the house’s rule again',
    tag: 'supervision',
    auth: rules,
    params: idParams,
    query: z.strictObject({ version: z.coerce.number().int().positive() }),
    response: one(z.null()),
    errors: ['forbidden', 'version_conflict'],
    async handle(ctx, { params, query }) {
      await deleteRule(ctx, params.id, query.version)
      return { data: null }
    },
  }),
]
