import { z } from 'zod'
import type { Ctx } from '../../core/context.ts'
import { ImportRow } from './model.ts'

const counts = z.object({ rows: z.tuple([z.object({ rows: z.coerce.number(), bad: z.coerce.number(), duplicates: z.coerce.number() })]) })

/** All rows are there: what they have in common with each other and with the customers, in one statement each. */
export async function finishStaging(ctx: Ctx, importId: string): Promise<void> {
  await ctx.trx.raw(
    `update customer_import_rows r
     set errors = r.errors || jsonb_build_array(jsonb_build_object('column', 'phone', 'fault', 'repeated', 'params', jsonb_build_object('row', f.first)))
     from (select row, min(row) over (partition by phone) as first from customer_import_rows where import_id = ? and phone is not null) f
     where r.import_id = ? and r.row = f.row and f.row > f.first`,
    [importId, importId],
  )
  await findDuplicates(ctx, importId)
  const found = counts.parse(
    await ctx.trx.raw(
      `select count(*) as rows, count(*) filter (where errors <> '[]') as bad, count(*) filter (where duplicate_id is not null) as duplicates
       from customer_import_rows where import_id = ?`,
      [importId],
    ),
  ).rows[0]
  await ImportRow.query(ctx.trx)
    .where({ id: importId, state: 'reading' })
    .patch({ ...found, state: 'ready', leased_until: null, version: ctx.trx.raw('version + 1') })
}

/** Asked again when the import is applied: customers may have come or gone since. */
export async function findDuplicates(ctx: Ctx, importId: string): Promise<void> {
  await ctx.trx.raw(
    `with alike as (
       select r.row, coalesce(i.customer_id, n.id) as customer_id, case when i.customer_id is null then 'name' else 'phone' end as by
       from customer_import_rows r
       left join customer_identities i on i.kind = 'phone' and i.channel_account_id is null and i.value = r.phone
       left join lateral (
         select c.id from institutions o join customers c on c.institution_id = o.id
         where i.customer_id is null and lower(o.name) = lower(r.entry ->> 'institution') and o.archived_at is null
           and lower(c.name) = lower(r.entry ->> 'name') and c.name is not null and c.merged_into_id is null and c.archived_at is null
         order by c.created_at limit 1) n on true
       where r.import_id = ?)
     update customer_import_rows r set duplicate_id = a.customer_id, duplicate_by = case when a.customer_id is null then null else a.by end
     from alike a where r.import_id = ? and r.row = a.row and r.duplicate_id is distinct from a.customer_id`,
    [importId, importId],
  )
}
