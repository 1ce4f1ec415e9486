import { z } from 'zod'
import type { Block } from '../../../contract/ending.ts'
import type { listQuery } from '../../../contract/list.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../../core/cursor.ts'
import { readerScope, SHOWN_NAME, withinScope } from '../../customers/index.ts'
import { ACTIVE_BLOCK } from './active-block.ts'

const rowSchema = z.array(
  z.object({
    id: z.string(),
    customer_id: z.string(),
    name: z.string().nullable(),
    reason: z.string(),
    blocked_until: z.date().nullable(),
    blocked_at: z.date(),
    sort_key: z.string(),
    by_id: z.string().nullable(),
    by_name: z.string().nullable(),
  }),
)

/** Who is blocked now, within one's scope, newest first. */
export async function listBlocked(
  ctx: Ctx<StaffActor>,
  query: z.infer<typeof listQuery>,
): Promise<{ data: Block[]; nextCursor: string | null }> {
  const scope = await readerScope(ctx)
  const after = decodeCursor(query.cursor)
  const rows = rowSchema.parse(
    await ctx
      .trx('customer_blocks as b')
      .join('customers as c', 'c.id', 'b.customer_id')
      .leftJoin('accounts as a', 'a.id', 'b.blocked_by')
      .whereRaw(ACTIVE_BLOCK('b'))
      .modify((builder) => {
        withinScope(builder, scope, 'c.id')
        if (after) void builder.whereRaw('(b.blocked_at, b.id) < (?::timestamptz, ?::uuid)', [after.key, after.id])
      })
      .select('b.id', 'b.customer_id', 'b.reason', 'b.blocked_until', 'b.blocked_at', 'a.id as by_id', 'a.name as by_name')
      .select(ctx.trx.raw(`${SHOWN_NAME} as name`), ctx.trx.raw('b.blocked_at::text as sort_key'))
      .orderBy([
        { column: 'b.blocked_at', order: 'desc' },
        { column: 'b.id', order: 'desc' },
      ])
      .limit(query.limit + 1),
  )
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined
  return { data: rows.slice(0, query.limit).map(present), nextCursor: last ? encodeCursor(last.sort_key, last.id) : null }
}

const present = (row: z.infer<typeof rowSchema>[number]): Block => ({
  customer: { id: row.customer_id, name: row.name },
  reason: row.reason,
  until: row.blocked_until?.toISOString() ?? null,
  by: row.by_id === null ? null : { id: row.by_id, name: row.by_name ?? '' },
  at: row.blocked_at.toISOString(),
})
