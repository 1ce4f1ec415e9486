import { z } from 'zod'
import { sheetQuery } from '../../contract/import.ts'
import { listQuery, one, page } from '../../contract/list.ts'
import {
  approvalDecision,
  approvalSchema,
  moderationHitQuery,
  moderationHitSchema,
  moderationListCreate,
  moderationListPatch,
  moderationListRemove,
  moderationListSchema,
  moderationTryRequest,
  moderationTrySchema,
  moderationWordQuery,
  moderationWordsChange,
  moderationWordsSchema,
  wordsChangedSchema,
} from '../../contract/moderation.ts'
import { inTransaction } from '../../core/context.ts'
import { readUpload } from '../../core/http/read-upload.ts'
import { route } from '../../core/http/route.ts'
import { SHEET_TYPES, sheetStream } from '../../core/spreadsheets/write-sheet.ts'
import { decide, listApprovals } from './approvals.ts'
import { listHits } from './hits.ts'
import { lexiconOf } from './lexicon.ts'
import { changeList, createList, listLists, oneList, removeList } from './lists.ts'
import { tryText } from './screen.ts'
import { changeWords, listWords, MAX_SHEET_BYTES, readWordSheet, wordsOf } from './words.ts'

const idParams = z.strictObject({ id: z.uuid() })
const tag = 'moderation'
const manage = { permission: 'moderation.manage' } as const
const approve = { permission: 'moderation.approve' } as const

const lists = [
  route({
    method: 'GET',
    path: '/api/v1/moderation/lists',
    summary: 'Lists of sensitive words and what each of them does',
    tag,
    auth: manage,
    response: one(z.array(moderationListSchema)),
    handle: async (ctx) => ({ data: await listLists(ctx) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/moderation/lists',
    summary: 'A new list',
    tag,
    auth: manage,
    status: 201,
    body: moderationListCreate,
    example: { name: '辱骂', enabled: true, inbound: 'mask', outbound: 'block' },
    response: one(moderationListSchema),
    errors: ['name_taken', 'limit_reached'],
    handle: async (ctx, { body }) => ({ data: await createList(ctx, body) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/moderation/lists/{id}',
    summary: 'Change what a list does; null: its words are not looked for in this direction',
    tag,
    auth: manage,
    params: idParams,
    body: moderationListPatch,
    example: { outbound: 'approve', version: 1 },
    response: one(moderationListSchema),
    errors: ['name_taken', 'version_conflict'],
    handle: async (ctx, { params, body }) => ({ data: await changeList(ctx, params.id, body) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/moderation/lists/{id}',
    summary: 'Remove a list with its words',
    tag,
    auth: manage,
    params: idParams,
    query: moderationListRemove,
    response: one(z.null()),
    errors: ['version_conflict'],
    async handle(ctx, { params, query }) {
      await removeList(ctx, params.id, query.version)
      return { data: null }
    },
  }),
]

const words = [
  route({
    method: 'GET',
    path: '/api/v1/moderation/lists/{id}/words',
    summary: 'Words of a list',
    tag,
    auth: manage,
    params: idParams,
    query: moderationWordQuery,
    response: moderationWordsSchema,
    handle: (ctx, { params, query }) => listWords(ctx, params.id, query),
  }),
  route({
    method: 'POST',
    path: '/api/v1/moderation/lists/{id}/words',
    summary: 'Add and remove words',
    tag,
    auth: manage,
    params: idParams,
    body: moderationWordsChange,
    example: { add: ['加微信'], remove: [] },
    response: one(wordsChangedSchema),
    errors: ['limit_reached'],
    handle: async (ctx, { params, body }) => ({ data: await changeWords(ctx, params.id, body) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/moderation/lists/{id}/sheet',
    summary: 'Add the words of a sheet (.xlsx or .csv, field `file`): its first column',
    tag,
    auth: manage,
    transaction: 'none',
    params: idParams,
    upload: { maxBytes: MAX_SHEET_BYTES },
    limit: { per: 'actor', max: 30, windowSeconds: 60 },
    response: one(wordsChangedSchema),
    errors: ['spreadsheet_unreadable', 'spreadsheet_too_large', 'limit_reached'],
    async handle(ctx, { params, request }) {
      const { data } = await readUpload(request.payload, MAX_SHEET_BYTES)
      const add = await readWordSheet(data)
      return { data: await inTransaction(ctx.app, ctx.actor, (inside) => changeWords(inside, params.id, { add, remove: [] }), ctx.source) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/moderation/lists/{id}/sheet',
    summary: 'The words as .xlsx or .csv',
    tag,
    auth: manage,
    params: idParams,
    query: sheetQuery,
    response: 'binary',
    async handle(ctx, { params, query, h }) {
      const { name } = await oneList(ctx, params.id)
      const sheet = sheetStream(query.format, { name, columns: [{ title: '敏感词', width: 24 }], rows: wordsOf(ctx, params.id) })
      return h
        .response(sheet)
        .type(SHEET_TYPES[query.format])
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(`${name}.${query.format}`)}`)
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'no-store')
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/moderation/try',
    summary: 'What would happen to this text',
    tag,
    auth: manage,
    transaction: 'none',
    body: moderationTryRequest,
    example: { text: '请加我微 信', direction: 'outbound' },
    response: one(moderationTrySchema),
    async handle(ctx, { body }) {
      return { data: tryText((await lexiconOf(ctx))[body.direction], body.text) }
    },
  }),
]

const watching = [
  route({
    method: 'GET',
    path: '/api/v1/moderation/hits',
    summary: 'What was found, newest first',
    tag,
    auth: manage,
    query: moderationHitQuery,
    response: page(moderationHitSchema),
    handle: (ctx, { query }) => listHits(ctx, query),
  }),
  route({
    method: 'GET',
    path: '/api/v1/moderation/approvals',
    summary: 'Answers that wait for approval, within my scope',
    tag,
    auth: approve,
    query: listQuery,
    response: page(approvalSchema),
    handle: (ctx, { query }) => listApprovals(ctx, query),
  }),
  route({
    method: 'POST',
    path: '/api/v1/moderation/approvals/{id}',
    summary: 'Decide about an answer, by its message’s id',
    tag,
    auth: approve,
    params: idParams,
    body: approvalDecision,
    example: { approve: true },
    response: one(z.null()),
    errors: ['approval_decided'],
    async handle(ctx, { params, body }) {
      await decide(ctx, params.id, body)
      return { data: null }
    },
  }),
]

export const routes = [...lists, ...words, ...watching]
