import { z } from 'zod'
import type { Segment, segmentListQuery } from '../../contract/segment.ts'
import type { Ctx } from '../../core/context.ts'
import { decodeTimeCursor, encodeCursor } from '../../core/cursor.ts'
import { Account } from '../identity/index.ts'
import { SegmentRow } from './model.ts'

const keyed = z.array(z.object({ id: z.string(), sort_key: z.string() }))

/** Newest first. */
export async function listSegments(ctx: Ctx, query: z.infer<typeof segmentListQuery>) {
  const after = decodeTimeCursor(query.cursor)
  const found = keyed.parse(
    await ctx
      .trx('segments')
      .select('id', ctx.trx.raw('created_at::text as sort_key'))
      .modify((builder) => {
        if (query.q) void builder.whereILike('name', `%${query.q.replace(/[\\%_]/g, '\\$&')}%`)
        if (after) void builder.whereRaw('(created_at, id) < (?::timestamptz, ?::uuid)', [after.key, after.id])
      })
      .orderByRaw('created_at desc, id desc')
      .limit(query.limit + 1),
  )
  const shown = found.slice(0, query.limit)
  const rows = await SegmentRow.query(ctx.trx).whereIn(
    'id',
    shown.map(({ id }) => id),
  )
  const last = found.length > query.limit ? shown.at(-1) : undefined
  return {
    rows: shown.flatMap(({ id }) => rows.filter((row) => row.id === id)),
    nextCursor: last ? encodeCursor(last.sort_key, last.id) : null,
  }
}

export async function presentSegments(ctx: Ctx, rows: readonly SegmentRow[]): Promise<Segment[]> {
  const authors = await Account.query(ctx.trx)
    .whereIn('id', [...new Set(rows.flatMap(({ created_by }) => created_by ?? []))])
    .select('id', 'name')
  return rows.map((row) => {
    const author = authors.find(({ id }) => id === row.created_by)
    return {
      id: row.id,
      name: row.name,
      description: row.description,
      definition: row.definition,
      createdBy: author ? { id: author.id, name: author.name } : null,
      createdAt: row.created_at.toISOString(),
      updatedAt: row.updated_at.toISOString(),
      version: row.version,
    }
  })
}
