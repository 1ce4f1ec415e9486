import { z } from 'zod'
import { importErrorSchema, type ImportRow as ImportRowView, type importRowQuery } from '../../contract/import.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Invalid } from '../../core/errors.ts'
import { maskPhone, readPhone } from '../../core/phone.ts'
import { record } from '../audit/index.ts'
import { readerScope } from '../customers/index.ts'

const stagedRow = z.object({
  row: z.number(),
  cells: z.record(z.string(), z.string()),
  errors: z.array(importErrorSchema),
  duplicate_id: z.string().nullable(),
  duplicate_by: z.enum(['phone', 'name']).nullable(),
  duplicate_name: z.string().nullable(),
})
export type StagedRow = z.infer<typeof stagedRow>
type Only = z.infer<typeof importRowQuery>['only']

const ONLY: Record<Only, string> = {
  all: 'true',
  bad: `r.errors <> '[]'`,
  duplicates: 'r.duplicate_id is not null',
  good: `r.errors = '[]'`,
}

export async function stagedRows(ctx: Ctx, importId: string, page: { only: Only; after: number; limit: number }): Promise<StagedRow[]> {
  const rows: unknown = await ctx
    .trx('customer_import_rows as r')
    .leftJoin('customers as c', 'c.id', 'r.duplicate_id')
    .select(
      'r.row',
      'r.cells',
      'r.errors',
      'r.duplicate_id',
      'r.duplicate_by',
      ctx.trx.raw('coalesce(c.remark_name, c.name) as duplicate_name'),
    )
    .where('r.import_id', importId)
    .where('r.row', '>', page.after)
    .whereRaw(ONLY[page.only])
    .orderBy('r.row')
    .limit(page.limit)
  return stagedRow.array().parse(rows)
}

const place = z.coerce.number().int().positive()

/** In the order of the file. Whole numbers in it leave a line in the trail. */
export async function listStagedRows(
  ctx: Ctx<StaffActor>,
  importId: string,
  query: z.infer<typeof importRowQuery>,
): Promise<{ data: ImportRowView[]; nextCursor: string | null }> {
  const after = query.cursor === undefined ? 0 : place.safeParse(query.cursor).data
  if (after === undefined) throw new Invalid('invalid_request', 'bad cursor')
  const rows = await stagedRows(ctx, importId, { only: query.only, after, limit: query.limit + 1 })
  const shown = rows.slice(0, query.limit)
  if (ctx.actor.permissions.has('customers.view_phone') && shown.some(({ cells }) => cells.phone !== undefined))
    await record(ctx, {
      action: 'customer_import.rows_read',
      object: { kind: 'customer_import', id: importId },
      context: { numbers: 'whole', rows: shown.length, from: shown[0]?.row ?? 0 },
    })
  const seesAll = (await readerScope(ctx)) === null
  return {
    data: shown.map((row) => ({
      row: row.row,
      cells: cellsFor(ctx, row.cells),
      errors: row.errors,
      duplicate:
        row.duplicate_id !== null && row.duplicate_by !== null
          ? { customerId: row.duplicate_id, name: seesAll ? row.duplicate_name : null, by: row.duplicate_by }
          : null,
    })),
    nextCursor: rows.length > query.limit ? String(shown.at(-1)?.row ?? '') : null,
  }
}

/** As the reader may see them. */
export function cellsFor(ctx: Ctx<StaffActor>, cells: Record<string, string>): Record<string, string> {
  if (cells.phone === undefined || ctx.actor.permissions.has('customers.view_phone')) return cells
  const phone = readPhone(cells.phone)
  // What is no number may be one with a digit too many.
  return { ...cells, phone: phone === null ? cells.phone.replace(/\d(?=\d{2})/g, '*') : maskPhone(phone) }
}
