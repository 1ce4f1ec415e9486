import { z } from 'zod'
import type { listQuery } from '../../../contract/list.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { decodeTimeCursor, encodeCursor } from '../../../core/cursor.ts'
import { customerFor } from '../policy.ts'
import { MergeRow } from './model.ts'

const keys = z.array(z.object({ id: z.string(), sort_key: z.string() }))

/** Newest first, undone ones included. @throws NotFound */
export async function listMerges(ctx: Ctx<StaffActor>, customerId: string, query: z.infer<typeof listQuery>) {
  await customerFor(ctx, customerId)
  const after = decodeTimeCursor(query.cursor)
  const found = keys.parse(
    await ctx
      .trx('customer_merges')
      .where('into_id', customerId)
      .modify((builder) => void (after && builder.whereRaw('(merged_at, id) < (?::timestamptz, ?::uuid)', [after.key, after.id])))
      .select('id', ctx.trx.raw('merged_at::text as sort_key'))
      .orderByRaw('merged_at desc, id desc')
      .limit(query.limit + 1),
  )
  const shown = found.slice(0, query.limit)
  const rows = await MergeRow.query(ctx.trx).whereIn(
    'id',
    shown.map(({ id }) => id),
  )
  const last = found.length > query.limit ? shown.at(-1) : undefined
  return {
    rows: shown.flatMap(({ id }) => rows.filter((row) => row.id === id)),
    nextCursor: last ? encodeCursor(last.sort_key, last.id) : null,
  }
}
