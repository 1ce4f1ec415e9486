/** Tags on many customers at once (MOD-05): a selection, or all that a filter finds now. One run is one transaction. */
import { z } from 'zod'
import { type BulkTagRequest, type BulkTagResult, MAX_BULK } from '../../contract/customer.ts'
import { MAX_TAGS_PER_CUSTOMER } from '../../contract/tag.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Invalid } from '../../core/errors.ts'
import { type AuditLine, record } from '../audit/index.ts'
import { findCustomerIds } from './find-customers.ts'
import { readerScope, withinScope } from './scope.ts'
import { SHOWN_NAME } from './shown-name.ts'
import { checkTags } from './tag-one.ts'

const people = z.array(z.object({ id: z.string(), name: z.string().nullable() }))
type Person = z.infer<typeof people>[number]
const idList = z.array(z.string())
const outcome = z.object({ rows: z.array(z.object({ id: z.string(), add: idList, remove: idList, full: z.boolean() })) })
type Outcome = z.infer<typeof outcome>['rows']

/**
 * Puts tags on and takes tags off. Customers outside the reader's scope are left out as if they were not there; who would wear more tags than
 * one may keeps those he has.
 * @throws Invalid `tag_unknown`, `selection_too_large` with `{ limit }`; Conflict `conflict` when the filter finds other than was expected
 */
export async function tagMany(ctx: Ctx<StaffActor>, { customers, add, remove }: BulkTagRequest): Promise<BulkTagResult> {
  const tags = { add: await checkTags(ctx, add), remove: await checkTags(ctx, remove) }
  if (tags.add.some((id) => tags.remove.includes(id))) throw new Invalid('invalid_request', 'a tag cannot be put on and taken off at once')
  const asked = 'ids' in customers ? [...new Set(customers.ids)] : await foundBy(ctx, customers)
  const found = await lockVisible(ctx, asked)
  const rows = await retag(
    ctx,
    found.map(({ id }) => id),
    tags,
  )
  const result = countsOf(rows)
  await record(
    ctx,
    {
      action: 'customers.tagged',
      object: { kind: 'customer' },
      context: { ...tags, ...result, matched: found.length, by: 'ids' in customers ? 'selection' : 'filter' },
    },
    ...linesOf(rows, found),
  )
  for (const tagId of [...tags.add, ...tags.remove]) ctx.emit({ name: 'customers.tagged', subjectId: tagId })
  return { matched: found.length, missing: asked.length - found.length, ...result }
}

const isChanged = ({ add, remove }: Outcome[number]) => add.length + remove.length > 0

const countsOf = (rows: Outcome) => ({
  changed: rows.filter(isChanged).length,
  added: rows.reduce((sum, { add }) => sum + add.length, 0),
  removed: rows.reduce((sum, { remove }) => sum + remove.length, 0),
  full: rows.filter(({ full }) => full).length,
})

/** What happened to each, in the words of a change by hand: who looks a customer up finds it there. */
function linesOf(rows: Outcome, found: readonly Person[]): AuditLine[] {
  const names = new Map(found.map(({ id, name }) => [id, name]))
  return rows.filter(isChanged).map(({ id, add, remove }) => ({
    action: 'customer.tagged',
    object: { kind: 'customer', id, label: names.get(id) ?? null },
    context: { add, remove, by: 'bulk' },
  }))
}

async function foundBy(ctx: Ctx<StaffActor>, { filter, expected }: Extract<BulkTagRequest['customers'], { filter: unknown }>) {
  const ids = await findCustomerIds(ctx, filter, MAX_BULK + 1)
  if (ids.length > MAX_BULK) throw new Invalid('selection_too_large', 'too many customers for one run', { limit: MAX_BULK })
  if (expected !== undefined && expected !== ids.length)
    throw new Conflict('conflict', 'the filter finds other customers than it did', { expected, found: ids.length })
  return ids
}

/** In one order, so that two runs over the same people wait for each other instead of locking each other out. */
async function lockVisible(ctx: Ctx<StaffActor>, ids: readonly string[]): Promise<Person[]> {
  const scope = await readerScope(ctx)
  const rows: unknown = await ctx
    .trx('customers as c')
    .select('c.id', ctx.trx.raw(`${SHOWN_NAME} as name`))
    .whereRaw('c.id = any(?::uuid[])', [[...ids]])
    .whereNull('c.merged_into_id')
    .modify((builder) => withinScope(builder, scope, 'c.id'))
    .orderBy('c.id')
    .forNoKeyUpdate('c')
  return people.parse(rows)
}

/** One row for each who was changed, or wears too many already. */
async function retag(ctx: Ctx<StaffActor>, ids: readonly string[], { add, remove }: { add: string[]; remove: string[] }): Promise<Outcome> {
  const { rows } = outcome.parse(
    await ctx.trx.raw(
      `with person as (select unnest(?::uuid[]) as id),
            gone as (delete from customer_tag_links l using person p where l.customer_id = p.id and l.tag_id = any(?::uuid[])
                     returning l.customer_id, l.tag_id),
            fresh as (select p.id, t.tag_id from person p cross join unnest(?::uuid[]) as t(tag_id)
                      where not exists (select 1 from customer_tag_links l where l.customer_id = p.id and l.tag_id = t.tag_id)),
            room as (select f.id, count(*) + (select count(*) from customer_tag_links l
                       where l.customer_id = f.id and l.tag_id <> all(?::uuid[])) <= ? as fits
                     from fresh f group by f.id),
            put as (insert into customer_tag_links (customer_id, tag_id, tagged_by)
                    select f.id, f.tag_id, ? from fresh f join room r on r.id = f.id where r.fits
                    on conflict do nothing returning customer_id, tag_id)
       select id, coalesce(array_agg(tag_id) filter (where way = 'add'), '{}') as add,
              coalesce(array_agg(tag_id) filter (where way = 'remove'), '{}') as remove, bool_or(way = 'full') as full
       from (select customer_id as id, tag_id, 'add' as way from put union all select customer_id, tag_id, 'remove' from gone
             union all select id, null, 'full' from room where not fits) t
       group by id order by id`,
      [[...ids], remove, add, remove, MAX_TAGS_PER_CUSTOMER, ctx.actor.accountId],
    ),
  )
  return rows
}
