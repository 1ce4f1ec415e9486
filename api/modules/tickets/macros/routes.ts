import { z } from 'zod'
import { one } from '../../../contract/list.ts'
import { ticketSchema } from '../../../contract/ticket.ts'
import {
  ticketEffectSchema,
  ticketMacroApply,
  ticketMacroCreate,
  ticketMacroDelete,
  ticketMacroOrder,
  ticketMacroPatch,
  ticketMacroPreviewSchema,
  ticketMacroQuery,
  ticketMacroSchema,
} from '../../../contract/ticket-macro.ts'
import type { Ctx } from '../../../core/context.ts'
import { route } from '../../../core/http/route.ts'
import { ticketAnswer } from '../assigning/routes.ts'
import { applyMacro, previewMacro } from './apply-macro.ts'
import { changeMacro, createMacro, orderMacros, removeMacro } from './change-macros.ts'
import { listMacros, presentMacros } from './list-macros.ts'
import type { MacroRow } from './model.ts'

const EXAMPLE = '01930000-0000-7000-8000-000000000001'
const idParams = z.strictObject({ id: z.uuid() })
const onTicket = z.strictObject({ id: z.uuid(), macroId: z.uuid() })
const tag = 'ticket macros'
const manage = { permission: 'tickets.settings' } as const
const handling = { permission: 'tickets.handle' } as const
const path = '/api/v1/ticket-macros'

async function answer(ctx: Ctx, row: MacroRow) {
  const [data] = await presentMacros(ctx, [row])
  if (!data) throw new Error('macro vanished')
  return { data }
}

export const macroRoutes = [
  route({
    method: 'GET',
    path,
    summary: 'Macros in their order: of the house and of my teams; all of them for who manages them',
    tag,
    auth: { permission: 'tickets.read' },
    query: ticketMacroQuery,
    response: one(z.array(ticketMacroSchema)),
    handle: async (ctx, { query }) => ({ data: await listMacros(ctx, query.usable === 'true') }),
  }),
  route({
    method: 'POST',
    path,
    summary: 'A new macro: changes in their order',
    tag,
    auth: manage,
    status: 201,
    body: ticketMacroCreate,
    example: {
      name: '转二线',
      description: '',
      teamId: null,
      enabled: true,
      actions: [
        { kind: 'priority', to: 'high' },
        { kind: 'assign', to: { kind: 'team', teamId: EXAMPLE } },
      ],
    },
    response: one(ticketMacroSchema),
    errors: ['name_taken', 'limit_reached'],
    handle: async (ctx, { body }) => answer(ctx, await createMacro(ctx, body)),
  }),
  route({
    method: 'PATCH',
    path: `${path}/{id}`,
    summary: 'Change a macro',
    tag,
    auth: manage,
    params: idParams,
    body: ticketMacroPatch,
    example: { enabled: false, version: 1 },
    response: one(ticketMacroSchema),
    errors: ['name_taken', 'version_conflict'],
    handle: async (ctx, { params, body }) => answer(ctx, await changeMacro(ctx, params.id, body)),
  }),
  route({
    method: 'DELETE',
    path: `${path}/{id}`,
    summary: 'Remove a macro; what it did stays done',
    tag,
    auth: manage,
    params: idParams,
    query: ticketMacroDelete,
    response: one(z.null()),
    errors: ['version_conflict'],
    async handle(ctx, { params, query }) {
      await removeMacro(ctx, params.id, query.version)
      return { data: null }
    },
  }),
  route({
    method: 'PUT',
    path: `${path}/order`,
    summary: 'All macros in a new order',
    tag,
    auth: manage,
    body: ticketMacroOrder,
    example: { ids: [EXAMPLE] },
    response: one(z.array(ticketMacroSchema)),
    errors: ['version_conflict'],
    async handle(ctx, { body }) {
      await orderMacros(ctx, body)
      return { data: await listMacros(ctx, false) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/tickets/{id}/macros/{macroId}/preview',
    summary: 'What this macro would do to this ticket now; nothing is changed (BP-006.9)',
    tag,
    auth: handling,
    params: onTicket,
    body: ticketMacroApply,
    example: { version: 3 },
    response: one(ticketMacroPreviewSchema),
    errors: ['version_conflict'],
    handle: async (ctx, { params, body }) => ({
      data: await previewMacro(ctx, { ticketId: params.id, macroId: params.macroId, version: body.version }),
    }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/tickets/{id}/macros/{macroId}',
    summary: 'Several changes in one click: all of them or none (BP-006.9)',
    tag,
    auth: handling,
    params: onTicket,
    body: ticketMacroApply,
    example: { version: 3 },
    response: one(z.object({ ticket: ticketSchema, effects: z.array(ticketEffectSchema) })),
    errors: ['version_conflict', 'ticket_merged', 'ticket_closed', 'ticket_move_refused', 'ticket_fields_missing'],
    async handle(ctx, { params, body }) {
      const effects = await applyMacro(ctx, { ticketId: params.id, macroId: params.macroId, version: body.version })
      return { data: { ticket: (await ticketAnswer(ctx, params.id)).data, effects } }
    },
  }),
]
