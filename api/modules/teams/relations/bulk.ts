import type { z } from 'zod'
import type { RelationBulk, relationBulkResult } from '../../../contract/relation.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { AppError } from '../../../core/errors.ts'
import { checkSubject, type Subject } from './policy.ts'
import { benchOf, changeRelation, createRelation, endRelation } from './write-relations.ts'

type Result = z.infer<typeof relationBulkResult>
type Row = Result['rows'][number]

/** The same for many; each row in a savepoint of its own, so that one that is refused leaves the others (BP-008.7). */
export async function changeMany(ctx: Ctx<StaffActor>, bulk: RelationBulk): Promise<Result> {
  const bench = await benchOf(ctx)
  const rows: Row[] = []
  if (bulk.action === 'create') {
    const { subjects, action: _, ...terms } = bulk
    for (const subject of subjects) {
      rows.push(await attempt(ctx, subject.id, (inner) => establish(inner, subject, terms)))
    }
  } else {
    for (const id of new Set(bulk.relationIds)) {
      rows.push(
        await attempt(ctx, id, async (inner) => {
          if (bulk.action === 'end') await endRelation(inner, bench, id, { reason: bulk.reason })
          else await changeRelation(inner, bench, id, bulk.change)
          return id
        }),
      )
    }
  }
  const failed = rows.filter((row) => row.error !== null).length
  return { done: rows.length - failed, failed, rows }

  async function establish(inner: Ctx<StaffActor>, subject: Subject, terms: Parameters<typeof createRelation>[3]): Promise<string> {
    await checkSubject(inner, subject)
    return createRelation(inner, bench, subject, terms)
  }
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
