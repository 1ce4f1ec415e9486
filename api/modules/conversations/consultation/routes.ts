import { z } from 'zod'
import { consultationSettingsPut, consultationSettingsSchema, entryPointPut, entryPointSchema } from '../../../contract/consultation.ts'
import { one } from '../../../contract/list.ts'
import { route } from '../../../core/http/route.ts'
import { dropEntryPoint, listEntryPoints, putEntryPoint } from './entry-points.ts'
import { dropSettings, presentSettings, putSettings, RULE_DEFAULTS } from './settings.ts'

const tag = 'consultation'
const manage = { permission: 'settings.manage' } as const
const accountParams = z.strictObject({ accountId: z.uuid() })
const versionQuery = z.strictObject({ version: z.coerce.number().int().positive() })
const nothing = one(z.null())
const settingsErrors = ['version_conflict', 'team_disabled', 'template_variable_unknown'] as const
const example = {
  rules: { ...RULE_DEFAULTS, choiceSeconds: 90 },
  texts: { welcome: { on: true, zh: '您好，{客户}！', en: 'Hello {customer}!' } },
  version: 0,
}

export const consultationRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/consultation/settings',
    summary: 'How consultations begin, for every account without settings of its own',
    tag,
    auth: manage,
    response: one(consultationSettingsSchema),
    handle: async (ctx) => ({ data: await presentSettings(ctx, null) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/consultation/settings',
    summary: 'Replace the rules and texts of the company',
    tag,
    auth: manage,
    body: consultationSettingsPut,
    example,
    response: one(consultationSettingsSchema),
    errors: settingsErrors,
    handle: async (ctx, { body }) => ({ data: await putSettings(ctx, null, body) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/consultation/settings/{accountId}',
    summary: 'How consultations begin on this account; `inherited`: as the company says',
    tag,
    auth: manage,
    params: accountParams,
    response: one(consultationSettingsSchema),
    handle: async (ctx, { params }) => ({ data: await presentSettings(ctx, params.accountId) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/consultation/settings/{accountId}',
    summary: 'Rules and texts of this account, which then follows the company no more',
    tag,
    auth: manage,
    params: accountParams,
    body: consultationSettingsPut,
    example,
    response: one(consultationSettingsSchema),
    errors: settingsErrors,
    handle: async (ctx, { params, body }) => ({ data: await putSettings(ctx, params.accountId, body) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/consultation/settings/{accountId}',
    summary: 'The account follows the company again',
    tag,
    auth: manage,
    params: accountParams,
    query: versionQuery,
    response: nothing,
    errors: ['version_conflict'],
    async handle(ctx, { params, query }) {
      await dropSettings(ctx, params.accountId, query.version)
      return { data: null }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/consultation/accounts/{accountId}/entry-points',
    summary: 'QR scenes, menu keys and places on a site that lead to a team, a business type or a skill',
    tag,
    auth: manage,
    params: accountParams,
    response: one(z.array(entryPointSchema)),
    handle: async (ctx, { params }) => ({ data: await listEntryPoints(ctx, params.accountId) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/consultation/accounts/{accountId}/entry-points',
    summary: 'Make or replace the destination of a way in',
    tag,
    auth: manage,
    params: accountParams,
    body: entryPointPut,
    example: { kind: 'qr', key: 'desk-7', teamId: '01930000-0000-7000-8000-0000000000d1', businessTypeId: null, skillId: null },
    response: one(entryPointSchema),
    errors: ['version_conflict', 'team_disabled', 'entry_unknown', 'entry_disabled', 'limit_reached'],
    handle: async (ctx, { params, body }) => ({ data: await putEntryPoint(ctx, params.accountId, body) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/consultation/entry-points/{id}',
    summary: 'This way in leads nowhere in particular any more',
    tag,
    auth: manage,
    params: z.strictObject({ id: z.uuid() }),
    query: versionQuery,
    response: nothing,
    errors: ['version_conflict'],
    async handle(ctx, { params, query }) {
      await dropEntryPoint(ctx, params.id, query.version)
      return { data: null }
    },
  }),
]
