import { z } from 'zod'
import { one, page } from '../../../contract/list.ts'
import {
  myShiftSchema,
  myShiftsQuery,
  rosterChange,
  rosterCopy,
  rosterCopyResult,
  rosterImportPreview,
  rosterSchema,
  shiftSwapCreate,
  shiftSwapDecision,
  shiftSwapListQuery,
  shiftSwapSchema,
  shiftTemplateCreate,
  shiftTemplatePatch,
  shiftTemplateSchema,
  weekSchema,
} from '../../../contract/team.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { readUpload } from '../../../core/http/read-upload.ts'
import { route } from '../../../core/http/route.ts'
import { SHEET_TYPES } from '../../../core/spreadsheets/write-sheet.ts'
import { Account, avatarUrl } from '../../identity/index.ts'
import { teamFor } from '../policy.ts'
import { rosterSheet } from './export-roster.ts'
import { previewRoster } from './import-roster.ts'
import { listSwaps, presentSwaps } from './list-swaps.ts'
import type { SwapRow } from './model.ts'
import { changeRoster, copyWeek } from './plan-shifts.ts'
import { myShifts, rosterOf } from './roster.ts'
import { createSwap, decideSwap } from './swap-shifts.ts'
import { createTemplate, presentTemplate, updateTemplate } from './templates.ts'

const MAX_SHEET_BYTES = 2 * 1024 * 1024
const EXAMPLE = '01930000-0000-7000-8000-000000000001'
const idParams = z.strictObject({ id: z.uuid() })
const weekParams = z.strictObject({ id: z.uuid(), week: weekSchema })
const templateParams = z.strictObject({ id: z.uuid(), templateId: z.uuid() })
const swapParams = z.strictObject({ id: z.uuid(), swapId: z.uuid() })

async function oneSwap(ctx: Ctx<StaffActor>, row: SwapRow) {
  const [swap] = await presentSwaps(ctx, row.team_id, [row])
  if (!swap) throw new Error('a swap without its shift')
  return { data: swap }
}

async function peopleOf(ctx: Ctx, ids: readonly string[]) {
  const accounts = await Account.query(ctx.trx)
    .whereIn('id', [...ids])
    .orderBy(['name', 'id'])
  return accounts.map(({ id, name, avatar_attachment_id: avatar }) => ({ id, name, avatarUrl: avatarUrl(avatar) }))
}

const templateRoutes = [
  route({
    method: 'POST',
    path: '/api/v1/teams/{id}/shift-templates',
    summary: 'A named shift of a team: 早班, 晚班; an end before the start is on the next day',
    tag: 'shifts',
    auth: { permission: 'teams.read' },
    status: 201,
    params: idParams,
    body: shiftTemplateCreate,
    example: { name: '晚班', from: '16:00', to: '00:00', color: '#8b5cf6' },
    response: one(shiftTemplateSchema),
    errors: ['forbidden', 'name_taken'],
    handle: async (ctx, { params, body }) => ({ data: presentTemplate(await createTemplate(ctx, params.id, body)) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/teams/{id}/shift-templates/{templateId}',
    summary: 'Change, disable or enable a named shift; what is planned keeps its times',
    tag: 'shifts',
    auth: { permission: 'teams.read' },
    params: templateParams,
    body: shiftTemplatePatch,
    example: { to: '23:30', version: 1 },
    response: one(shiftTemplateSchema),
    errors: ['forbidden', 'name_taken', 'version_conflict'],
    handle: async (ctx, { params, body }) => ({ data: presentTemplate(await updateTemplate(ctx, params.id, params.templateId, body)) }),
  }),
]

const rosterRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/teams/{id}/rosters/{week}',
    summary: 'Who works when in a week (its Monday): members, named shifts, planned shifts',
    tag: 'shifts',
    auth: { permission: 'teams.read' },
    params: weekParams,
    response: one(rosterSchema),
    handle: async (ctx, { params }) => ({ data: await rosterOf(ctx, await teamFor(ctx, params.id, 'view'), params.week) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/teams/{id}/rosters/{week}',
    summary: 'Replace cells (member × day) of a week, all or none',
    tag: 'shifts',
    auth: { permission: 'teams.read' },
    params: weekParams,
    body: rosterChange,
    example: { cells: [{ accountId: EXAMPLE, day: '2026-11-23', shifts: [{ from: '09:00', to: '18:00' }] }], version: 0 },
    response: one(rosterSchema),
    errors: ['forbidden', 'not_a_member', 'shift_overlaps', 'version_conflict'],
    handle: async (ctx, { params, body }) => ({
      data: await rosterOf(ctx, await changeRoster(ctx, params.id, params.week, body), params.week),
    }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/teams/{id}/roster-copies',
    summary: 'Copy a week onto another',
    tag: 'shifts',
    auth: { permission: 'teams.read' },
    params: idParams,
    body: rosterCopy,
    example: { from: '2026-11-23', to: '2026-11-30', replace: false, version: 0 },
    response: z.object({ data: rosterCopyResult }),
    errors: ['forbidden', 'week_not_empty', 'shift_overlaps', 'version_conflict'],
    async handle(ctx, { params, body }) {
      const { team, copied, skipped } = await copyWeek(ctx, params.id, body)
      return { data: { roster: await rosterOf(ctx, team, body.to), copied, skipped: await peopleOf(ctx, skipped) } }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/teams/{id}/rosters/{week}/imports',
    summary: 'What a sheet (.xlsx or .csv, field `file`) would plan, with every fault by row; nothing is changed',
    tag: 'shifts',
    auth: { permission: 'teams.read' },
    transaction: 'none',
    params: weekParams,
    upload: { maxBytes: MAX_SHEET_BYTES },
    limit: { per: 'actor', max: 30, windowSeconds: 60 },
    response: one(rosterImportPreview),
    errors: ['forbidden', 'spreadsheet_unreadable', 'spreadsheet_too_large'],
    async handle(ctx, { params, request }) {
      const { data } = await readUpload(request.payload, MAX_SHEET_BYTES)
      return { data: await previewRoster(ctx, params.id, params.week, data) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/teams/{id}/rosters/{week}/sheet',
    summary: 'The week as .xlsx, to be changed and imported',
    tag: 'shifts',
    auth: { permission: 'teams.read' },
    params: weekParams,
    response: 'binary',
    async handle(ctx, { params, h }) {
      const { stream, name } = await rosterSheet(ctx, params.id, params.week)
      return h
        .response(stream)
        .type(SHEET_TYPES.xlsx)
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/me/shifts',
    summary: 'My shifts of a week, in all teams',
    tag: 'shifts',
    auth: 'staff',
    query: myShiftsQuery,
    response: one(z.array(myShiftSchema)),
    handle: async (ctx, { query }) => ({ data: await myShifts(ctx, query.week) }),
  }),
]

const swapRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/teams/{id}/shift-swaps',
    summary: 'Swaps of a team, newest first',
    tag: 'shifts',
    auth: { permission: 'teams.read' },
    params: idParams,
    query: shiftSwapListQuery,
    response: page(shiftSwapSchema),
    handle: (ctx, { params, query }) => listSwaps(ctx, params.id, query),
  }),
  route({
    method: 'POST',
    path: '/api/v1/teams/{id}/shift-swaps',
    summary: 'Ask to swap a shift of mine, or swap two at once as the one who plans them',
    tag: 'shifts',
    auth: { permission: 'teams.read' },
    status: 201,
    params: idParams,
    body: shiftSwapCreate,
    example: { shift: { id: EXAMPLE, version: 1 }, toAccountId: EXAMPLE, inReturn: null, reason: '家中有事', direct: false },
    response: one(shiftSwapSchema),
    errors: ['forbidden', 'not_a_member', 'shift_changed', 'shift_overlaps', 'conflict'],
    handle: async (ctx, { params, body }) => oneSwap(ctx, await createSwap(ctx, params.id, body)),
  }),
  route({
    method: 'POST',
    path: '/api/v1/teams/{id}/shift-swaps/{swapId}/decision',
    summary: 'Approve, refuse or cancel a swap',
    tag: 'shifts',
    auth: { permission: 'teams.read' },
    params: swapParams,
    body: shiftSwapDecision,
    example: { decision: 'approve', version: 1 },
    response: one(shiftSwapSchema),
    errors: ['forbidden', 'swap_decided', 'shift_overlaps', 'version_conflict'],
    handle: async (ctx, { params, body }) => oneSwap(ctx, await decideSwap(ctx, params.id, params.swapId, body)),
  }),
]

export const shiftRoutes = [...templateRoutes, ...rosterRoutes, ...swapRoutes]
