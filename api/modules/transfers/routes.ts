import { z } from 'zod'
import {
  customerExportRequest,
  customerExportSchema,
  customerImportSchema,
  importApplyRequest,
  importRowQuery,
  importRowSchema,
  importUploadQuery,
  sheetQuery,
  versionBody,
} from '../../contract/import.ts'
import { IMPORT_MAX_BYTES } from '../../contract/customer-terms.ts'
import { listQuery, one, page } from '../../contract/list.ts'
import { type Ctx, inTransaction } from '../../core/context.ts'
import { readUpload } from '../../core/http/read-upload.ts'
import { route } from '../../core/http/route.ts'
import { exportFor, exportSheet, requestExport } from './exports.ts'
import { beginImport, cancelImport, importFor, keepFile, listImports, requestApply } from './imports.ts'
import type { ImportRow } from './model.ts'
import { presentImports } from './present.ts'
import { sheetAnswer } from './sheet-answer.ts'
import { errorSheet, templateSheet } from './sheets.ts'
import { listStagedRows } from './staged-rows.ts'

const idParams = z.strictObject({ id: z.uuid() })
const tag = 'import and export'
const importing = { permission: 'customers.import' } as const
const exporting = { permission: 'customers.export' } as const
const path = '/api/v1/customer-imports'

async function present(ctx: Ctx, row: ImportRow) {
  const [data] = await presentImports(ctx, [row])
  if (!data) throw new Error('import vanished')
  return { data }
}

const imports = [
  route({
    method: 'GET',
    path: `${path}/template`,
    summary: 'An empty spreadsheet with the headings that an import understands, custom fields included',
    tag,
    auth: importing,
    query: sheetQuery,
    response: 'binary',
    handle: async (ctx, { query: { format }, h }) => sheetAnswer(h, await templateSheet(ctx, format), { name: 'customers', format }),
  }),
  route({
    method: 'POST',
    path,
    summary: 'Upload customers as .xlsx or .csv (multipart, field `file`): 20 MB and 100,000 rows at most; read in the background',
    tag,
    auth: importing,
    transaction: 'none',
    status: 201,
    upload: { maxBytes: IMPORT_MAX_BYTES },
    limit: { per: 'actor', max: 20, windowSeconds: 600 },
    query: importUploadQuery,
    response: one(customerImportSchema),
    async handle(ctx, { request, query }) {
      const file = await readUpload(request.payload, IMPORT_MAX_BYTES)
      const storageKey = await keepFile(ctx.app, file.data)
      const options = { createInstitutions: query.createInstitutions === 'true', createTags: query.createTags === 'true' }
      const begin = (inside: typeof ctx) => beginImport(inside, { name: file.name, storageKey }, options)
      return present(ctx, await inTransaction(ctx.app, ctx.actor, begin, ctx.source))
    },
  }),
  route({
    method: 'GET',
    path,
    summary: 'Imports, the newest first',
    tag,
    auth: importing,
    query: listQuery,
    response: page(customerImportSchema),
    async handle(ctx, { query }) {
      const { rows, nextCursor } = await listImports(ctx, query)
      return { data: await presentImports(ctx, rows), nextCursor }
    },
  }),
  route({
    method: 'GET',
    path: `${path}/{id}`,
    summary: 'One import: how far it is, and what was found',
    tag,
    auth: importing,
    params: idParams,
    response: one(customerImportSchema),
    handle: async (ctx, { params }) => present(ctx, await importFor(ctx, params.id)),
  }),
  route({
    method: 'GET',
    path: `${path}/{id}/rows`,
    summary: 'Rows of the file as they were understood, with everything that is wrong with each',
    tag,
    auth: importing,
    params: idParams,
    query: importRowQuery,
    response: page(importRowSchema),
    handle: async (ctx, { params, query }) => listStagedRows(ctx, (await importFor(ctx, params.id)).id, query),
  }),
  route({
    method: 'GET',
    path: `${path}/{id}/errors`,
    summary: 'All bad rows as a spreadsheet, each with its errors, to be corrected and imported again',
    tag,
    auth: importing,
    params: idParams,
    query: sheetQuery,
    response: 'binary',
    handle: async (ctx, { params, query: { format }, h }) =>
      sheetAnswer(h, await errorSheet(ctx, await importFor(ctx, params.id), format), { name: 'errors', format }),
  }),
  route({
    method: 'POST',
    path: `${path}/{id}/apply`,
    summary: 'Make customers of it: all of its good rows or none',
    tag,
    auth: importing,
    params: idParams,
    body: importApplyRequest,
    example: { policy: 'skip', leaveBad: true, version: 2 },
    response: one(customerImportSchema),
    errors: ['import_not_ready', 'import_has_errors', 'version_conflict'],
    handle: async (ctx, { params, body }) => present(ctx, await requestApply(ctx, params.id, body)),
  }),
  route({
    method: 'POST',
    path: `${path}/{id}/cancel`,
    summary: 'Give an import up before it is applied; what was read is deleted',
    tag,
    auth: importing,
    params: idParams,
    body: versionBody,
    example: { version: 2 },
    response: one(customerImportSchema),
    errors: ['import_not_ready', 'version_conflict'],
    handle: async (ctx, { params, body }) => present(ctx, await cancelImport(ctx, params.id, body.version)),
  }),
]

const exports = [
  route({
    method: 'POST',
    path: '/api/v1/customer-exports',
    summary: 'A link to a spreadsheet of customers (a filter, a segment, a selection), for me alone and for ten minutes',
    tag,
    auth: exporting,
    status: 201,
    limit: { per: 'actor', max: 20, windowSeconds: 600 },
    maxBodyBytes: 400_000,
    body: customerExportRequest,
    example: { customers: { filter: { status: 'formal', archived: false } }, format: 'xlsx' },
    response: one(customerExportSchema),
    errors: ['segment_invalid'],
    async handle(ctx, { body }) {
      const row = await requestExport(ctx, body)
      return { data: { url: `/api/v1/customer-exports/${row.id}/file`, expiresAt: row.expires_at.toISOString() } }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/customer-exports/{id}/file',
    summary: 'The spreadsheet behind my link; phones are masked for those who may not see them',
    tag,
    auth: exporting,
    limit: { per: 'actor', max: 20, windowSeconds: 600 },
    params: idParams,
    response: 'binary',
    errors: ['export_expired'],
    async handle(ctx, { params, h }) {
      const row = await exportFor(ctx, params.id)
      return sheetAnswer(h, await exportSheet(ctx, row), { name: 'customers', format: row.request.format })
    },
  }),
]

export const routes = [...imports, ...exports]
