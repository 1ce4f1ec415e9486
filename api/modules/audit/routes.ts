import {
  auditEntrySchema,
  auditExportRequest,
  auditFacetsSchema,
  auditHeadSchema,
  auditListQuery,
  auditVerdictSchema,
  auditVerifyRequest,
} from '../../contract/audit.ts'
import { one, page } from '../../contract/list.ts'
import { route } from '../../core/http/route.ts'
import { SHEET_TYPES } from '../../core/spreadsheets/write-sheet.ts'
import { chainHead, verifyChain } from './chain.ts'
import { exportEntries } from './export.ts'
import { facets, listEntries } from './queries.ts'

/** Walked in one request; about a second. */
const STRETCH = 20_000

export const routes = [
  route({
    method: 'GET',
    path: '/api/v1/audit-entries',
    summary: 'The audit trail, newest first (MOD-09)',
    tag: 'audit',
    auth: { permission: 'audit.read' },
    query: auditListQuery,
    response: page(auditEntrySchema),
    handle: (ctx, { query }) => listEntries(ctx.trx, query),
  }),
  route({
    method: 'GET',
    path: '/api/v1/audit-entries/facets',
    summary: 'Actions and kinds of objects that occur in the trail',
    tag: 'audit',
    auth: { permission: 'audit.read' },
    response: one(auditFacetsSchema),
    handle: async (ctx) => ({ data: await facets(ctx.trx) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/audit-entries/export',
    summary: 'The trail as .xlsx or .csv; the export itself is audited',
    tag: 'audit',
    auth: { permission: 'audit.export' },
    limit: { per: 'actor', max: 10, windowSeconds: 600 },
    query: auditExportRequest,
    response: 'binary',
    async handle(ctx, { query: { format, ...filter }, h }) {
      const sheet = await exportEntries(ctx, filter, format)
      return h
        .response(sheet)
        .type(SHEET_TYPES[format])
        .header('content-disposition', `attachment; filename="audit-${ctx.now.toISOString().slice(0, 10)}.${format}"`)
        .header('cache-control', 'no-store')
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/audit-chain',
    summary: 'Where the hash chain over the trail ends, and how many lines wait for it',
    tag: 'audit',
    auth: { permission: 'audit.read' },
    response: one(auditHeadSchema),
    handle: async (ctx) => ({ data: await chainHead(ctx.trx) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/audit-chain/verify',
    summary: 'Walk the chain and name the first line that does not hold',
    tag: 'audit',
    auth: { permission: 'audit.read' },
    transaction: 'none',
    limit: { per: 'actor', max: 300, windowSeconds: 600 },
    body: auditVerifyRequest,
    example: {},
    response: one(auditVerdictSchema),
    handle: async (ctx, { body }) => ({ data: await verifyChain(ctx.trx, { ...body, most: STRETCH }) }),
  }),
]
