/** What of this module's own tables moves when customers are merged. */
import type { Knex } from 'knex'
import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import type { Merging, MergingPair } from './port.ts'

const ids = z.array(z.object({ id: z.string() }))
const counted = z.object({ count: z.coerce.number() })
const idList = z.array(z.string())

const countOf = async (query: Knex.QueryBuilder): Promise<number> => counted.parse(await query.count({ count: '*' }).first()).count

/** Rows of a table whose one column names the customer. */
function movable(kind: string, table: string, column: string): Merging {
  return {
    kind,
    count: (ctx, customerId) => countOf(ctx.trx(table).where(column, customerId)),
    async merge(ctx, { from, into }) {
      const rows = await ctx
        .trx(table)
        .where(column, from)
        .update({ [column]: into })
        .returning('id')
      return ids.parse(rows).map(({ id }) => id)
    },
    async undo(ctx, { from, into }, done) {
      await ctx
        .trx(table)
        .whereIn('id', idList.parse(done))
        .where(column, into)
        .update({ [column]: from })
    },
  }
}

export const identities = movable('identities', 'customer_identities', 'customer_id')

const tagLink = z.object({ tag_id: z.string(), tagged_by: z.string().nullable(), created_at: z.string() })
const tagsDone = z.object({ had: z.array(tagLink), added: idList })
const tagRows = z.object({ rows: z.array(tagLink) })
const tagIds = z.array(z.object({ tag_id: z.string() }))

/** The one who stays wears the tags of both. */
const tags: Merging = {
  kind: 'tags',
  count: (ctx, customerId) => countOf(ctx.trx('customer_tag_links').where('customer_id', customerId)),
  async merge(ctx, { from, into }) {
    const had = tagRows.parse(
      await ctx.trx.raw('delete from customer_tag_links where customer_id = ? returning tag_id, tagged_by, created_at::text', [from]),
    ).rows
    if (had.length === 0) return { had, added: [] }
    const added: unknown = await ctx
      .trx('customer_tag_links')
      .insert(had.map((link) => ({ ...link, customer_id: into })))
      .onConflict()
      .ignore()
      .returning('tag_id')
    return { had, added: tagIds.parse(added).map(({ tag_id }) => tag_id) }
  },
  async undo(ctx, { from, into }, done) {
    const { had, added } = tagsDone.parse(done)
    await ctx.trx('customer_tag_links').where('customer_id', into).whereIn('tag_id', added).delete()
    // A tag that was deleted meanwhile is gone for both.
    await ctx.trx.raw(
      `insert into customer_tag_links (customer_id, tag_id, tagged_by, created_at)
       select ?, t.tag_id, t.tagged_by, t.created_at
       from json_to_recordset(?::json) as t(tag_id uuid, tagged_by uuid, created_at timestamptz) join customer_tags g on g.id = t.tag_id
       on conflict do nothing`,
      [from, JSON.stringify(had)],
    )
  },
}

/** Identities first: what others undo depends on whose they are. */
const OWN: readonly Merging[] = [
  identities,
  tags,
  movable('notes', 'customer_notes', 'customer_id'),
  movable('primary_contacts', 'institutions', 'primary_contact_id'),
]

export const movers = (ctx: Ctx): Merging[] => [...OWN, ...ctx.app.hooks.all('customer.merging').flat()]

export async function moveAll(ctx: Ctx, pair: MergingPair): Promise<Record<string, unknown>> {
  const moved: Record<string, unknown> = {}
  for (const mover of movers(ctx)) moved[mover.kind] = (await mover.merge(ctx, pair)) ?? null
  return moved
}

export async function moveBack(ctx: Ctx, pair: MergingPair, moved: Readonly<Record<string, unknown>>): Promise<void> {
  const identityIds = idList.parse(moved[identities.kind])
  // A provider that came later than the merge has nothing to undo.
  for (const mover of movers(ctx)) if (mover.kind in moved) await mover.undo(ctx, { ...pair, identityIds }, moved[mover.kind])
}
