import { z } from 'zod'
import { one } from '../../../contract/list.ts'
import { ticketExportRequest, ticketExportSchema } from '../../../contract/ticket-export.ts'
import { route } from '../../../core/http/route.ts'
import { SHEET_TYPES } from '../../../core/spreadsheets/write-sheet.ts'
import { requestTicketExport, ticketExportFor, ticketSheet } from './exports.ts'

const auth = { permission: 'tickets.export' } as const
const limit = { per: 'actor' as const, max: 20, windowSeconds: 600 }

export const exportRoutes = [
  route({
    method: 'POST',
    path: '/api/v1/ticket-exports',
    summary: 'A link to a spreadsheet of any list of tickets, or of a selection, for me alone and for ten minutes (BP-013)',
    tag: 'tickets',
    auth,
    status: 201,
    limit,
    maxBodyBytes: 100_000,
    body: ticketExportRequest,
    example: { tickets: { filter: { status: ['open'] }, sort: '-activity' }, format: 'xlsx' },
    response: one(ticketExportSchema),
    async handle(ctx, { body }) {
      const row = await requestTicketExport(ctx, body)
      return { data: { url: `/api/v1/ticket-exports/${row.id}/file`, expiresAt: row.expires_at.toISOString() } }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/ticket-exports/{id}/file',
    summary: 'The spreadsheet behind my link',
    tag: 'tickets',
    auth,
    limit,
    params: z.strictObject({ id: z.uuid() }),
    response: 'binary',
    errors: ['export_expired'],
    async handle(ctx, { params, h }) {
      const row = await ticketExportFor(ctx, params.id)
      const { format } = row.request
      return h
        .response(await ticketSheet(ctx, row))
        .type(SHEET_TYPES[format])
        .header('content-disposition', `attachment; filename="tickets-${ctx.now.toISOString().slice(0, 10)}.${format}"`)
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'no-store')
    },
  }),
]
