/** Each for both doors: the page of the web channel, by its token, and a signed link, without signing in. */
import { z } from 'zod'
import { attachmentSchema } from '../../../contract/attachment.ts'
import { MAX_UPLOAD_BYTES } from '../../../contract/upload-limit.ts'
import type { ErrorCode } from '../../../contract/errors.ts'
import { one } from '../../../contract/list.ts'
import {
  customerFollowUpCreate,
  customerReason,
  customerTicketCreate,
  customerTicketListQuery,
  customerTicketPage,
  customerTicketRating,
  customerTicketSchema,
} from '../../../contract/ticket-customer.ts'
import type { Ctx, CustomerActor } from '../../../core/context.ts'
import { Forbidden } from '../../../core/errors.ts'
import { readUpload } from '../../../core/http/read-upload.ts'
import { route, type Route } from '../../../core/http/route.ts'
import { customerUrls, presentAttachment, storeFile } from '../../files/index.ts'
import { addOwn } from './add-own.ts'
import { confirm, rateTicket, reject, reopen } from './answer.ts'
import { createOwn } from './create-own.ts'
import { listOwn } from './list-own.ts'
import { type CustomerReach, enterByLink, reachOf } from './reach.ts'
import { showOwn } from './show-own.ts'
import { urge } from './urges.ts'

const tag = 'web channel'
const token = z.string().regex(/^[\w.-]{1,200}$/)
const ticket = one(customerTicketSchema)
const perActor = { per: 'actor', max: 30, windowSeconds: 60 } as const
const perAddress = { per: 'ip', max: 60, windowSeconds: 60 } as const

interface Action<B> {
  /** Behind the ticket's address. */
  at: string
  summary: string
  body?: z.ZodType<B>
  example?: NoInfer<B>
  errors?: readonly ErrorCode[]
  run(ctx: Ctx<CustomerActor>, reach: CustomerReach, input: { id: string; body: B }): Promise<void>
}

/** What is done to one ticket answers with the ticket as it is then. */
function action<B>({ at, summary, run, ...rest }: Action<B>): Route[] {
  const shared = { method: 'POST', tag, response: ticket, ...rest } as const
  return [
    route({
      ...shared,
      path: `/api/v1/web/tickets/{id}${at}`,
      summary,
      auth: 'customer',
      limit: perActor,
      params: z.strictObject({ id: z.uuid() }),
      async handle(ctx, { params: { id }, body }) {
        const reach = reachOf(ctx)
        await run(ctx, reach, { id, body })
        return { data: await showOwn(ctx, reach, id) }
      },
    }),
    route({
      ...shared,
      path: `/api/v1/my-tickets/{token}/{id}${at}`,
      summary: `${summary}; by a signed link`,
      auth: 'public',
      limit: perAddress,
      params: z.strictObject({ token, id: z.uuid() }),
      async handle(ctx, { params: { token: link, id }, body }) {
        const entered = await enterByLink(ctx, link)
        await run(entered.ctx, entered.reach, { id, body })
        return { data: await showOwn(ctx, entered.reach, id) }
      },
    }),
  ]
}

const reading = [
  route({
    method: 'GET',
    path: '/api/v1/web/tickets',
    summary: 'My tickets, newest first (MOD-10)',
    tag,
    auth: 'customer',
    query: customerTicketListQuery,
    response: one(customerTicketPage),
    handle: async (ctx, { query }) => ({ data: await listOwn(ctx, reachOf(ctx), query) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/my-tickets/{token}',
    summary: 'The tickets behind a signed link: one, or all of whoever it was made for (MOD-10)',
    tag,
    auth: 'public',
    limit: perAddress,
    params: z.strictObject({ token }),
    query: customerTicketListQuery,
    response: one(customerTicketPage),
    handle: async (ctx, { params, query }) => ({ data: await listOwn(ctx, (await enterByLink(ctx, params.token)).reach, query) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/web/tickets/{id}',
    summary: 'One ticket of mine: progress, what I was told, what I may do (MOD-10)',
    tag,
    auth: 'customer',
    params: z.strictObject({ id: z.uuid() }),
    response: ticket,
    handle: async (ctx, { params: { id } }) => ({ data: await showOwn(ctx, reachOf(ctx), id) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/my-tickets/{token}/{id}',
    summary: 'The same by a signed link',
    tag,
    auth: 'public',
    limit: perAddress,
    params: z.strictObject({ token, id: z.uuid() }),
    response: ticket,
    handle: async (ctx, { params }) => ({ data: await showOwn(ctx, (await enterByLink(ctx, params.token)).reach, params.id) }),
  }),
]

const form = {
  clientKey: '7d1b02c4-ticket-1',
  title: '空调不制冷',
  text: '昨天开始只吹风不制冷，型号见照片。',
  fields: { model: 'KFR-35' },
  attachmentIds: [],
}
const formErrors = [
  'ticket_type_disabled',
  'field_invalid',
  'ticket_fields_missing',
  'entry_unknown',
  'entry_disabled',
  'attachment_not_ready',
  'idempotency_mismatch',
] as const
const perHour = { max: 10, windowSeconds: 3600 } as const

const making = [
  route({
    method: 'POST',
    path: '/api/v1/web/tickets',
    summary: 'Open a ticket myself; the same clientKey is the same ticket (BP-005.1)',
    tag,
    auth: 'customer',
    status: 201,
    limit: { per: 'actor', ...perHour },
    body: customerTicketCreate,
    example: form,
    response: ticket,
    errors: formErrors,
    async handle(ctx, { body }) {
      const reach = reachOf(ctx)
      const row = await createOwn(ctx, reach, body)
      return { data: await showOwn(ctx, reach, row.id) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/my-tickets/{token}',
    summary: 'The same by a signed link to all of my tickets',
    tag,
    auth: 'public',
    status: 201,
    limit: { per: 'ip', ...perHour },
    params: z.strictObject({ token }),
    body: customerTicketCreate,
    example: form,
    response: ticket,
    errors: formErrors,
    async handle(ctx, { params, body }) {
      const entered = await enterByLink(ctx, params.token)
      if (entered.reach.ticketId !== null) throw new Forbidden('forbidden', 'this link is for one ticket')
      const row = await createOwn(entered.ctx, entered.reach, body)
      return { data: await showOwn(ctx, entered.reach, row.id) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/my-tickets/{token}/attachments',
    summary: 'Upload one file by a signed link, to be sent with what I add',
    tag,
    auth: 'public',
    transaction: 'none',
    status: 201,
    upload: { maxBytes: MAX_UPLOAD_BYTES },
    limit: { per: 'ip', max: 20, windowSeconds: 60 },
    params: z.strictObject({ token }),
    response: one(attachmentSchema),
    errors: ['file_type_refused', 'file_empty', 'file_name_refused', 'image_too_large'],
    async handle(ctx, { params, request }) {
      const { reach } = await enterByLink(ctx, params.token)
      const file = await readUpload(request.payload, MAX_UPLOAD_BYTES)
      const row = await storeFile(ctx.app, { ...file, identityId: reach.identityId })
      return { data: presentAttachment(row, customerUrls(ctx.app.config, ctx.now)) }
    },
  }),
]

const acting = [
  ...action({
    at: '/follow-ups',
    summary: 'Add to a ticket of mine; the same clientKey is the same word (MOD-10)',
    body: customerFollowUpCreate,
    example: { clientKey: '7d1b02c4-added-1', text: '补一张外机的照片', attachmentIds: [] },
    errors: ['ticket_over', 'ticket_files_full', 'attachment_not_ready', 'idempotency_mismatch'],
    run: (ctx, reach, { id, body }) => addOwn(ctx, reach, { id, ...body }),
  }),
  ...action({
    at: '/urges',
    summary: 'Say that it takes too long; not too often (MOD-10)',
    errors: ['ticket_urged'],
    run: (ctx, reach, { id }) => urge(ctx, reach, id),
  }),
  ...action({
    at: '/confirmation',
    summary: 'It is solved (BP-006.9)',
    errors: ['ticket_not_awaiting'],
    run: (ctx, reach, { id }) => confirm(ctx, reach, id),
  }),
  ...action({
    at: '/rejection',
    summary: 'It is not solved, and why (BP-006.9)',
    body: customerReason,
    example: { reason: '师傅走后又不制冷了' },
    errors: ['ticket_not_awaiting'],
    run: (ctx, reach, { id, body }) => reject(ctx, reach, { id, reason: body.reason.trim() }),
  }),
  ...action({
    at: '/reopening',
    summary: 'It has ended, but is not solved after all (BP-006.9)',
    body: customerReason,
    example: { reason: '同样的问题又出现了' },
    errors: ['ticket_not_ended', 'ticket_reopen_over'],
    run: (ctx, reach, { id, body }) => reopen(ctx, reach, { id, reason: body.reason.trim() }),
  }),
  ...action({
    at: '/rating',
    summary: 'Rate how it was handled; once for each time it ended (MOD-10)',
    body: customerTicketRating,
    example: { score: 5, comment: '处理很快' },
    errors: ['ticket_not_ended', 'ticket_rated'],
    run: (ctx, reach, { id, body }) => rateTicket(ctx, reach, { id, ...body }),
  }),
]

export const customerTicketRoutes = [...reading, ...making, ...acting]
