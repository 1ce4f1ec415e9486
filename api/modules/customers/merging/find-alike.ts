/** Looks among customers whose names changed for others like them: same name in the same institution, same remark name. */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../../core/context.ts'
import { type Alike, suggest } from './suggestions.ts'

const BATCH = 500
/** A night's import is worked off in minutes, without holding anybody up. */
const BATCHES_A_RUN = 40
/** Of a name that more people share nothing follows. */
const MAX_ALIKE = 5

const mark = z.object({ rows: z.array(z.object({ until: z.string(), id: z.string() })) })
const changed = z.object({ rows: z.array(z.object({ id: z.string(), at: z.string() })) })
const pairs = z.object({ rows: z.array(z.object({ a: z.string(), b: z.string(), reason: z.enum(['same_name', 'same_remark']) })) })

export async function findAlike(app: App): Promise<void> {
  for (let batch = 0; batch < BATCHES_A_RUN; batch += 1) {
    const done = await inTransaction(app, SYSTEM, findSome)
    if (done < BATCH) return
  }
}

/** What is younger than some seconds may still be overtaken by a transaction that began before it. */
async function findSome(ctx: Ctx): Promise<number> {
  const [last] = mark.parse(
    await ctx.trx.raw('select scanned_until::text as until, scanned_id as id from merge_scans for update skip locked'),
  ).rows
  if (!last) return 0
  const { rows } = changed.parse(
    await ctx.trx.raw(
      `select id, updated_at::text as at from customers
       where merged_into_id is null and archived_at is null and (updated_at, id) > (?::timestamptz, ?::uuid)
         and updated_at < app_now() - interval '10 seconds'
       order by updated_at, id limit ?`,
      [last.until, last.id, BATCH],
    ),
  )
  const end = rows.at(-1)
  if (!end) return 0
  await suggest(
    ctx,
    await alikeOf(
      ctx,
      rows.map(({ id }) => id),
    ),
  )
  await ctx.trx('merge_scans').update({ scanned_until: end.at, scanned_id: end.id })
  return rows.length
}

async function alikeOf(ctx: Ctx, ids: readonly string[]): Promise<Alike[]> {
  const living = `o.merged_into_id is null and o.archived_at is null and o.id <> c.id limit ${MAX_ALIKE + 1}`
  const { rows } = pairs.parse(
    await ctx.trx.raw(
      `select c.id as a, o.ids, o.reason, unnest(o.ids) as b
       from customers c cross join lateral (
         select 'same_name' as reason, array_agg(id) as ids from (
           select o.id from customers o where o.institution_id = c.institution_id and lower(o.name) = lower(c.name) and ${living}) o
         union all
         select 'same_remark', array_agg(id) from (
           select o.id from customers o where lower(o.remark_name) = lower(c.remark_name) and length(c.remark_name) > 1 and ${living}) o) o
       where c.id = any(?::uuid[]) and cardinality(o.ids) <= ?`,
      [[...ids], MAX_ALIKE],
    ),
  )
  return rows.map(({ a, b, reason }) => ({ pair: [a, b], reason }))
}
