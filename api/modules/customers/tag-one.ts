/** Tags of one customer. Putting on one that he wears, or taking off one that he does not, changes nothing. */
import { z } from 'zod'
import { MAX_TAGS_PER_CUSTOMER } from '../../contract/tag.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Invalid } from '../../core/errors.ts'
import { record } from '../audit/index.ts'
import { type CustomerRow, TagRow } from './model.ts'
import { customerFor } from './policy.ts'
import { shownName } from './shown-name.ts'

/** Locked against removal meanwhile. @returns the ids once each @throws Invalid `tag_unknown` with `{ ids }` */
export async function checkTags(ctx: Ctx, ids: readonly string[]): Promise<string[]> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return []
  const rows = await TagRow.query(ctx.trx).whereIn('id', wanted).orderBy('id').forShare().select('id')
  const known = new Set(rows.map((row) => row.id))
  const unknown = wanted.filter((id) => !known.has(id))
  if (unknown.length > 0) throw new Invalid('tag_unknown', 'no such tag', { ids: unknown })
  return wanted
}

const counted = z.object({ rows: z.tuple([z.object({ added: z.coerce.number(), removed: z.coerce.number() })]) })
const worn = z.object({ rows: z.tuple([z.object({ count: z.coerce.number() })]) })

/**
 * The caller holds the customer's row, so that two who add at once cannot pass the limit together.
 * @param change tags that exist (`checkTags`)
 * @throws Conflict `limit_reached` with `{ limit }`
 */
export async function setTags(
  ctx: Ctx,
  customerId: string,
  change: { add: readonly string[]; remove: readonly string[] },
): Promise<{ added: number; removed: number }> {
  if (change.add.length === 0 && change.remove.length === 0) return { added: 0, removed: 0 }
  const by = ctx.actor.kind === 'staff' ? ctx.actor.accountId : null
  const answer = counted.parse(
    await ctx.trx.raw(
      `with gone as (delete from customer_tag_links where customer_id = ? and tag_id = any(?::uuid[]) returning 1),
            put as (insert into customer_tag_links (customer_id, tag_id, tagged_by) select ?, id, ? from unnest(?::uuid[]) as t(id)
                    on conflict do nothing returning 1)
       select (select count(*) from put) as added, (select count(*) from gone) as removed`,
      [customerId, [...change.remove], customerId, by, [...change.add]],
    ),
  ).rows[0]
  if (answer.added > 0) {
    const { count } = worn.parse(await ctx.trx.raw('select count(*) from customer_tag_links where customer_id = ?', [customerId])).rows[0]
    if (count > MAX_TAGS_PER_CUSTOMER)
      throw new Conflict('limit_reached', 'too many tags on one customer', { limit: MAX_TAGS_PER_CUSTOMER })
  }
  return answer
}

/**
 * By hand. No version is asked for: tags are a set, and what two people put on at once is put on by both.
 * @throws NotFound; Invalid `tag_unknown`; Conflict `limit_reached`, `customer_merged`
 */
export async function tagCustomer(
  ctx: Ctx<StaffActor>,
  id: string,
  change: { add: readonly string[]; remove: readonly string[] },
): Promise<CustomerRow> {
  const row = await customerFor(ctx, id, 'change')
  const add = await checkTags(ctx, change.add)
  const remove = change.remove.filter((tagId) => !add.includes(tagId))
  const { added, removed } = await setTags(ctx, id, { add, remove })
  if (added + removed === 0) return row
  await record(ctx, { action: 'customer.tagged', object: { kind: 'customer', id, label: shownName(row) }, context: { add, remove } })
  ctx.emit({ name: 'customer.changed', subjectId: id })
  return row
}
