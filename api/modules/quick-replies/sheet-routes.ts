import type { ResponseObject, ResponseToolkit } from '@hapi/hapi'
import type { Readable } from 'node:stream'
import type { ErrorCode } from '../../contract/errors.ts'
import { sheetQuery } from '../../contract/import.ts'
import { one } from '../../contract/list.ts'
import { sheetAppliedSchema, sheetExportQuery, sheetImportQuery, sheetPreviewSchema } from '../../contract/quick-reply.ts'
import { inTransaction } from '../../core/context.ts'
import { readUpload } from '../../core/http/read-upload.ts'
import { route } from '../../core/http/route.ts'
import { SHEET_TYPES, type SheetFormat } from '../../core/spreadsheets/write-sheet.ts'
import { exportSheet, templateSheet } from './export-sheet.ts'
import { applyImport, previewImport } from './import-sheet.ts'
import { MAX_SHEET_BYTES } from './read-sheet.ts'

const tag = 'quick replies'
const auth = { permission: 'conversations.read' } as const
const UNREADABLE: readonly ErrorCode[] = [
  'forbidden',
  'spreadsheet_unreadable',
  'spreadsheet_too_large',
  'import_columns_missing',
  'import_empty',
]

/** Offered for saving, never shown inside a page or kept by a cache. */
const saved = (h: ResponseToolkit, sheet: Readable, format: SheetFormat): ResponseObject =>
  h
    .response(sheet)
    .type(SHEET_TYPES[format])
    .header('content-disposition', `attachment; filename="quick-replies-${new Date().toISOString().slice(0, 10)}.${format}"`)
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-store')

export const sheetRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/quick-reply-sheets',
    summary: 'Quick replies as .xlsx or .csv, to be changed and imported; files are not in it',
    tag,
    auth,
    query: sheetExportQuery,
    limit: { per: 'actor', max: 20, windowSeconds: 600 },
    response: 'binary',
    handle: async (ctx, { query, h }) => saved(h, await exportSheet(ctx, query), query.format),
  }),
  route({
    method: 'GET',
    path: '/api/v1/quick-reply-sheets/template',
    summary: 'An empty spreadsheet with the headings that an import understands',
    tag,
    auth,
    query: sheetQuery,
    response: 'binary',
    handle: async (ctx, { query: { format }, h }) => saved(h, await templateSheet(ctx, format), format),
  }),
  route({
    method: 'POST',
    path: '/api/v1/quick-reply-sheets/preview',
    summary: 'What a sheet (field `file`, 4 MB and 2,000 rows at most) would do, with every fault by row; nothing is changed',
    tag,
    auth,
    transaction: 'none',
    upload: { maxBytes: MAX_SHEET_BYTES },
    query: sheetImportQuery,
    limit: { per: 'actor', max: 30, windowSeconds: 60 },
    response: one(sheetPreviewSchema),
    errors: UNREADABLE,
    async handle(ctx, { query, request }) {
      const { data } = await readUpload(request.payload, MAX_SHEET_BYTES)
      return { data: await previewImport(ctx, query, data) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/quick-reply-sheets',
    summary: 'Import the same sheet: all of it or, with `leaveBad`, its good rows; judged anew',
    tag,
    auth,
    transaction: 'none',
    upload: { maxBytes: MAX_SHEET_BYTES },
    query: sheetImportQuery,
    limit: { per: 'actor', max: 30, windowSeconds: 60 },
    response: one(sheetAppliedSchema),
    errors: [...UNREADABLE, 'import_has_errors', 'limit_reached', 'code_taken'],
    async handle(ctx, { query, request }) {
      const { data } = await readUpload(request.payload, MAX_SHEET_BYTES)
      const apply = (inside: typeof ctx) => applyImport(inside, query, data)
      return { data: await inTransaction(ctx.app, ctx.actor, apply, ctx.source) }
    },
  }),
]
