/** Templates and drafts of tickets. */
import { z } from 'zod'
import { one } from '../../contract/list.ts'
import {
  ticketDraftCreate,
  ticketDraftPut,
  ticketDraftSchema,
  ticketTemplateCreate,
  ticketTemplateListQuery,
  ticketTemplatePatch,
  ticketTemplateRemove,
  ticketTemplateSchema,
} from '../../contract/ticket.ts'
import { route } from '../../core/http/route.ts'
import { createDraft, dropDraft, listDrafts, presentDraft, putDraft } from './drafts.ts'
import { changeTemplate, createTemplate, listTemplates, removeTemplate } from './templates.ts'

const EXAMPLE = '01930000-0000-7000-8000-000000000001'
const idParams = z.strictObject({ id: z.uuid() })
const removed = one(z.object({ removed: z.literal(true) }))

const EMPTY_DRAFT = {
  title: '打印机无法联网',
  description: '',
  typeId: null,
  priority: null,
  fields: {},
  tags: [],
  teamId: null,
  assigneeId: null,
  customerId: null,
  watcherIds: [],
  checklist: [],
  seqs: [],
}

const templates = [
  route({
    method: 'GET',
    path: '/api/v1/ticket-templates',
    summary: 'Templates for everybody and of my teams, by name',
    tag: 'ticket templates',
    auth: { permission: 'tickets.read' },
    query: ticketTemplateListQuery,
    response: one(z.array(ticketTemplateSchema)),
    handle: async (ctx, { query }) => ({ data: await listTemplates(ctx, { all: query.all === 'true' }) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/ticket-templates',
    summary: 'Add a template',
    tag: 'ticket templates',
    auth: { permission: 'tickets.settings' },
    status: 201,
    body: ticketTemplateCreate,
    example: {
      name: '退款核查',
      teamId: null,
      typeId: EXAMPLE,
      content: {
        title: '退款核查：',
        description: '',
        priority: 'high',
        fields: {},
        tags: ['退款'],
        teamId: null,
        checklist: ['核对订单'],
      },
    },
    response: one(ticketTemplateSchema),
    errors: ['forbidden', 'name_taken', 'limit_reached', 'ticket_type_disabled', 'field_invalid'],
    handle: async (ctx, { body }) => ({ data: await createTemplate(ctx, body) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/ticket-templates/{id}',
    summary: 'Change a template, disable it, enable it again',
    tag: 'ticket templates',
    auth: { permission: 'tickets.settings' },
    params: idParams,
    body: ticketTemplatePatch,
    example: { name: '退款复核', version: 1 },
    response: one(ticketTemplateSchema),
    errors: ['forbidden', 'name_taken', 'version_conflict', 'ticket_type_disabled', 'field_invalid'],
    handle: async (ctx, { params, body }) => ({ data: await changeTemplate(ctx, params.id, body) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/ticket-templates/{id}',
    summary: 'Remove a template',
    tag: 'ticket templates',
    auth: { permission: 'tickets.settings' },
    params: idParams,
    query: ticketTemplateRemove,
    response: removed,
    errors: ['forbidden', 'version_conflict'],
    async handle(ctx, { params, query }) {
      await removeTemplate(ctx, params.id, query.version)
      return { data: { removed: true as const } }
    },
  }),
]

const drafts = [
  route({
    method: 'GET',
    path: '/api/v1/ticket-drafts',
    summary: 'My unfinished tickets, newest first (50 at most)',
    tag: 'ticket drafts',
    auth: { permission: 'tickets.create' },
    response: one(z.array(ticketDraftSchema)),
    handle: async (ctx) => ({ data: (await listDrafts(ctx)).map(presentDraft) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/ticket-drafts',
    summary: 'Keep what I have typed of a ticket',
    tag: 'ticket drafts',
    auth: { permission: 'tickets.create' },
    status: 201,
    body: ticketDraftCreate,
    example: { conversationId: null, content: EMPTY_DRAFT },
    response: one(ticketDraftSchema),
    errors: ['limit_reached'],
    handle: async (ctx, { body }) => ({ data: presentDraft(await createDraft(ctx, body)) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/ticket-drafts/{id}',
    summary: 'Replace a draft',
    tag: 'ticket drafts',
    auth: { permission: 'tickets.create' },
    params: idParams,
    body: ticketDraftPut,
    example: { content: EMPTY_DRAFT, version: 1 },
    response: one(ticketDraftSchema),
    errors: ['version_conflict'],
    handle: async (ctx, { params, body }) => ({ data: presentDraft(await putDraft(ctx, params.id, body)) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/ticket-drafts/{id}',
    summary: 'Throw a draft away',
    tag: 'ticket drafts',
    auth: { permission: 'tickets.create' },
    params: idParams,
    response: removed,
    async handle(ctx, { params }) {
      await dropDraft(ctx, params.id)
      return { data: { removed: true as const } }
    },
  }),
]

export const contentRoutes = [...templates, ...drafts]
