/** Tags on many customers at once (MOD-05): a selection, or all that a filter finds now. One run is one transaction. */
import { z } from 'zod'
import { type BulkTagRequest, type BulkTagResult, MAX_BULK } from '../../contract/customer.ts'
import { MAX_TAGS_PER_CUSTOMER } from '../../contract/tag.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Invalid } from '../../core/errors.ts'
import { record } from '../audit/index.ts'
import { findCustomerIds } from './find-customers.ts'
import { readerScope, withinScope } from './scope.ts'
import { checkTags } from './tag-one.ts'

const idRows = z.array(z.object({ id: z.string() }))
const outcome = z.object({
  rows: z.tuple([z.object({ changed: z.coerce.number(), added: z.coerce.number(), removed: z.coerce.number(), full: z.coerce.number() })]),
})

/**
 * Puts tags on and takes tags off. Customers outside the reader's scope are left out as if they were not there; who would wear more tags than
 * one may keeps those he has.
 * @throws Invalid `tag_unknown`, `selection_too_large` with `{ limit }`; Conflict `conflict` when the filter finds other than was expected
 */
export async function tagMany(ctx: Ctx<StaffActor>, { customers, add, remove }: BulkTagRequest): Promise<BulkTagResult> {
  const tags = { add: await checkTags(ctx, add), remove: await checkTags(ctx, remove) }
  if (tags.add.some((id) => tags.remove.includes(id))) throw new Invalid('invalid_request', 'a tag cannot be put on and taken off at once')
  const asked = 'ids' in customers ? [...new Set(customers.ids)] : await foundBy(ctx, customers)
  const ids = await lockVisible(ctx, asked)
  const result = await retag(ctx, ids, tags)
  await record(ctx, {
    action: 'customers.tagged',
    object: { kind: 'customer' },
    context: { ...tags, ...result, matched: ids.length, by: 'ids' in customers ? 'selection' : 'filter' },
  })
  for (const tagId of [...tags.add, ...tags.remove]) ctx.emit({ name: 'customers.tagged', subjectId: tagId })
  return { matched: ids.length, missing: asked.length - ids.length, ...result }
}

async function foundBy(ctx: Ctx<StaffActor>, { filter, expected }: Extract<BulkTagRequest['customers'], { filter: unknown }>) {
  const ids = await findCustomerIds(ctx, filter, MAX_BULK + 1)
  if (ids.length > MAX_BULK) throw new Invalid('selection_too_large', 'too many customers for one run', { limit: MAX_BULK })
  if (expected !== undefined && expected !== ids.length)
    throw new Conflict('conflict', 'the filter finds other customers than it did', { expected, found: ids.length })
  return ids
}

/** In one order, so that two runs over the same people wait for each other instead of locking each other out. */
async function lockVisible(ctx: Ctx<StaffActor>, ids: readonly string[]): Promise<string[]> {
  const scope = await readerScope(ctx)
  const rows: unknown = await ctx
    .trx('customers as c')
    .select('c.id')
    .whereRaw('c.id = any(?::uuid[])', [[...ids]])
    .whereNull('c.merged_into_id')
    .modify((builder) => withinScope(builder, scope, 'c.id'))
    .orderBy('c.id')
    .forNoKeyUpdate('c')
  return idRows.parse(rows).map(({ id }) => id)
}

async function retag(ctx: Ctx<StaffActor>, ids: readonly string[], { add, remove }: { add: string[]; remove: string[] }) {
  const { rows } = outcome.parse(
    await ctx.trx.raw(
      `with person as (select unnest(?::uuid[]) as id),
            gone as (delete from customer_tag_links l using person p where l.customer_id = p.id and l.tag_id = any(?::uuid[])
                     returning l.customer_id),
            fresh as (select p.id, t.tag_id from person p cross join unnest(?::uuid[]) as t(tag_id)
                      where not exists (select 1 from customer_tag_links l where l.customer_id = p.id and l.tag_id = t.tag_id)),
            room as (select f.id, count(*) + (select count(*) from customer_tag_links l
                       where l.customer_id = f.id and l.tag_id <> all(?::uuid[])) <= ? as fits
                     from fresh f group by f.id),
            put as (insert into customer_tag_links (customer_id, tag_id, tagged_by)
                    select f.id, f.tag_id, ? from fresh f join room r on r.id = f.id where r.fits
                    on conflict do nothing returning customer_id)
       select (select count(*) from (select customer_id from gone union select customer_id from put) c) as changed,
              (select count(*) from put) as added, (select count(*) from gone) as removed,
              (select count(*) from room where not fits) as full`,
      [[...ids], remove, add, remove, MAX_TAGS_PER_CUSTOMER, ctx.actor.accountId],
    ),
  )
  return rows[0]
}
