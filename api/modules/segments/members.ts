import { z } from 'zod'
import type { listQuery } from '../../contract/list.ts'
import { SEGMENT_COUNT_CAP, type SegmentCount, type SegmentNode } from '../../contract/segment.ts'
import type { CustomerSummary } from '../../contract/customer.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { type Condition, countByConditions, listByConditions, presentSummaries } from '../customers/index.ts'
import { segmentFor } from './change-segments.ts'
import { conditionsForAll, conditionsForReader } from './compile.ts'

/** A larger set takes longer to collect than to meet enough of it by asking one customer after the other (measured at a million). */
const BROAD = 200_000
const counted = z.object({ rows: z.tuple([z.object({ count: z.coerce.number() })]) })

/** Alternatives may find half of all customers, which are then not worth collecting before they are counted. */
async function rowByRowWhereBroad(ctx: Ctx, condition: Condition): Promise<Condition> {
  if (!condition.elsewhere || !condition.ids) return condition
  const { rows } = counted.parse(await ctx.trx.raw('select count(*) from (select 1 from (?) s limit ?) t', [condition.ids, BROAD]))
  return rows[0].count < BROAD ? condition : { ...condition, ids: null, elsewhere: false }
}

/** Exact to `SEGMENT_COUNT_CAP`. */
export async function countSegment(ctx: Ctx<StaffActor>, definition: SegmentNode): Promise<SegmentCount> {
  const conditions: Condition[] = []
  for (const condition of await conditionsForReader(ctx, definition)) conditions.push(await rowByRowWhereBroad(ctx, condition))
  const { count, capped } = await countByConditions(ctx, conditions)
  return { count: Math.min(count, SEGMENT_COUNT_CAP), capped }
}

type Page = { data: CustomerSummary[]; nextCursor: string | null }

/** Members whom the reader may see, the newest first. */
export async function listMembers(ctx: Ctx<StaffActor>, definition: SegmentNode, query: z.infer<typeof listQuery>): Promise<Page> {
  const { rows, nextCursor } = await listByConditions(ctx, await conditionsForReader(ctx, definition), { sort: 'created', ...query })
  return { data: await presentSummaries(ctx, rows), nextCursor }
}

const BATCH = 5000
const ids = z.array(z.object({ id: z.string() }))

/**
 * Everybody in a segment, in batches of ids and in the order of their ids, for broadcasts and reports. Who joins or leaves meanwhile may be
 * missed or met; nobody is met twice.
 * @throws NotFound; Invalid `segment_invalid` when a field it asks about is no more
 */
export async function* segmentMembers(ctx: Ctx, id: string): AsyncGenerator<string[], void, undefined> {
  const { definition } = await segmentFor(ctx, id)
  const conditions = await conditionsForAll(ctx, definition)
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = ids.parse(
      await ctx
        .trx('customers as c')
        .select('c.id')
        .where('c.id', '>', after)
        .modify((builder) => conditions.forEach((condition) => condition.where(builder)))
        .orderBy('c.id')
        .limit(BATCH),
    )
    const last = rows.at(-1)
    if (!last) return
    yield rows.map((row) => row.id)
    if (rows.length < BATCH) return
    after = last.id
  }
}
