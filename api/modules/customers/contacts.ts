/**
 * When somebody was last in touch. Told by the conversations behind their hot path, and no finer than a minute: every change of this
 * column is a new place in the index by which lists are sorted.
 */
import { z } from 'zod'
import type { Ctx } from '../../core/context.ts'
import { record } from '../audit/index.ts'

export interface Contact {
  customerId: string
  /** Last message of either side. */
  at: Date
  /** His own last message; null when it was not his. An archived customer who writes is back. */
  wroteAt: Date | null
}

const touched = z.object({ rows: z.array(z.object({ id: z.string(), restored: z.boolean() })) })

export async function noteContacts(ctx: Ctx, contacts: readonly Contact[]): Promise<void> {
  if (contacts.length === 0) return
  const rows = contacts.map(({ customerId, at, wroteAt }) => ({ id: customerId, at, wrote_at: wroteAt }))
  const answer = touched.parse(
    await ctx.trx.raw(
      `with t as (select id, max(at) as at, max(wrote_at) as wrote_at
                  from json_to_recordset(?::json) as t(id uuid, at timestamptz, wrote_at timestamptz) group by id),
            due as (select c.id, t.at, c.archived_at is not null and t.wrote_at > c.archived_at as back
                    from customers c join t on t.id = c.id
                    where c.merged_into_id is null
                      and (c.last_contact_at is null or c.last_contact_at < t.at - interval '1 minute' or t.wrote_at > c.archived_at)
                    order by c.id for no key update of c)
       update customers c set last_contact_at = greatest(c.last_contact_at, due.at),
         archived_at = case when due.back then null else c.archived_at end,
         version = c.version + case when due.back then 1 else 0 end
       from due where c.id = due.id returning c.id, coalesce(due.back, false) as restored`,
      [JSON.stringify(rows)],
    ),
  )
  const back = answer.rows.filter(({ restored }) => restored)
  await record(
    ctx,
    ...back.map(({ id }) => ({ action: 'customer.restored', object: { kind: 'customer', id }, context: { reason: 'wrote_again' } })),
  )
  for (const { id } of back) ctx.emit({ name: 'customer.restored', subjectId: id })
}
