import { z } from 'zod'
import { presenceRequest, presenceSchema } from '../../../contract/identity.ts'
import { one, page } from '../../../contract/list.ts'
import { assignmentListQuery, assignmentSchema } from '../../../contract/assignment.ts'
import {
  presenceLogQuery,
  presenceLogSchema,
  presenceSettingsPut,
  presenceSettingsSchema,
  staffPresencePut,
} from '../../../contract/presence.ts'
import { route } from '../../../core/http/route.ts'
import { assignmentsOfStaff } from '../history.ts'
import { presenceLog, presenceLogOf } from './log.ts'
import { setPresence, setPresenceOf } from './presence.ts'
import { changePresenceSettings, presenceSettings } from './settings.ts'

const idParams = z.strictObject({ id: z.uuid() })
const tag = 'routing'

export const presenceRoutes = [
  route({
    method: 'PUT',
    path: '/api/v1/me/presence',
    summary: 'Say whether I take work: online, busy, break or offline',
    tag,
    auth: { permission: 'conversations.reply' },
    body: presenceRequest,
    example: { status: 'break', reason: '午休' },
    response: one(presenceSchema),
    handle: async (ctx, { body }) => ({ data: await setPresence(ctx, body) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/me/presence/log',
    summary: 'My day: when I was online, busy, at a break, with sums; today without `day`',
    tag,
    auth: 'staff',
    query: presenceLogQuery,
    response: one(presenceLogSchema),
    handle: async (ctx, { query }) => ({ data: await presenceLog(ctx, ctx.actor.accountId, query.day) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/staff/{id}/presence',
    summary: 'Change somebody’s status, with a note that he reads (BP-012.2)',
    tag,
    auth: { permission: 'conversations.assign' },
    params: idParams,
    body: staffPresencePut,
    example: { status: 'busy', note: '请先处理完手上的投诉' },
    response: one(presenceSchema),
    errors: ['not_found'],
    handle: async (ctx, { params, body }) => ({ data: await setPresenceOf(ctx, params.id, body) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/staff/{id}/presence/log',
    summary: 'The day of somebody within my reach',
    tag,
    auth: { permission: 'conversations.assign' },
    params: idParams,
    query: presenceLogQuery,
    response: one(presenceLogSchema),
    errors: ['not_found'],
    handle: async (ctx, { params, query }) => ({ data: await presenceLogOf(ctx, params.id, query.day) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/staff/{id}/assignments',
    summary: 'What somebody within my reach was given, newest first (BP-012.8)',
    tag,
    auth: { permission: 'conversations.assign' },
    params: idParams,
    query: assignmentListQuery,
    response: page(assignmentSchema),
    errors: ['not_found'],
    handle: (ctx, { params, query }) => assignmentsOfStaff(ctx, params.id, query),
  }),
  route({
    method: 'GET',
    path: '/api/v1/routing/presence-settings',
    summary: 'When somebody counts as gone, and when as away',
    tag,
    auth: { permission: 'routing.manage' },
    response: one(presenceSettingsSchema),
    handle: async (ctx) => ({ data: await presenceSettings(ctx) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/routing/presence-settings',
    summary: 'Change that',
    tag,
    auth: { permission: 'routing.manage' },
    body: presenceSettingsPut,
    example: { graceSeconds: 300, awayMinutes: 30, version: 1 },
    response: one(presenceSettingsSchema),
    errors: ['version_conflict'],
    handle: async (ctx, { body }) => ({ data: await changePresenceSettings(ctx, body) }),
  }),
]
