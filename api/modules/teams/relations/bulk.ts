import type { z } from 'zod'
import type { RelationBulk, relationBulkResult } from '../../../contract/relation.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { AppError } from '../../../core/errors.ts'
import { checkSubject, type Subject } from './policy.ts'
import { benchOf, changeRelation, createRelation, endRelation } from './write-relations.ts'

type Result = z.infer<typeof relationBulkResult>
type Row = Result['rows'][number]

/**
 * The same for many; each row in a savepoint of its own, so that one that is refused leaves the others (BP-008.7). What is locked stays so to
 * the end: rows are taken in one order, so that of two runs over the same ones the second waits, whatever order was asked for.
 */
export async function changeMany(ctx: Ctx<StaffActor>, bulk: RelationBulk): Promise<Result> {
  const bench = await benchOf(ctx)
  const rows: Row[] = []
  if (bulk.action === 'create') {
    const { subjects, action: _, ...terms } = bulk
    for (const subject of inOneOrder(subjects, ({ id }) => id))
      rows.push(await attempt(ctx, subject.id, (inner) => establish(inner, subject, terms)))
    return resultOf(
      rows,
      subjects.map(({ id }) => id),
    )
  }
  const ids = [...new Set(bulk.relationIds)]
  for (const id of inOneOrder(ids, (each) => each)) {
    rows.push(
      await attempt(ctx, id, async (inner) => {
        if (bulk.action === 'end') await endRelation(inner, bench, id, { reason: bulk.reason })
        else await changeRelation(inner, bench, id, bulk.change)
        return id
      }),
    )
  }
  return resultOf(rows, ids)

  async function establish(inner: Ctx<StaffActor>, subject: Subject, terms: Parameters<typeof createRelation>[3]): Promise<string> {
    await checkSubject(inner, subject)
    return createRelation(inner, bench, subject, terms)
  }
}

const inOneOrder = <T>(items: readonly T[], idOf: (item: T) => string): T[] =>
  [...items].sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1))

/** Told in the order that was asked for. */
function resultOf(rows: readonly Row[], asked: readonly string[]): Result {
  const places = new Map(asked.map((id, place) => [id, place]))
  const told = [...rows].sort((one, other) => (places.get(one.id) ?? 0) - (places.get(other.id) ?? 0))
  const failed = rows.filter((row) => row.error !== null).length
  return { done: rows.length - failed, failed, rows: told }
}

async function attempt(ctx: Ctx<StaffActor>, id: string, work: (inner: Ctx<StaffActor>) => Promise<string>): Promise<Row> {
  try {
    const relationId = await ctx.trx.transaction((trx) => work({ ...ctx, trx }))
    return { id, relationId, error: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { id, relationId: null, error: { code: error.code, context: error.context } }
  }
}
