/** A key that was added to a customer in the very moment he was merged away belongs to the one who stays. */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { inTransaction, SYSTEM } from '../../../core/context.ts'
import { lockPair } from './lock-pair.ts'
import { MergeRow } from './model.ts'
import { identities } from './own-rows.ts'

const left = z.object({ rows: z.array(z.object({ id: z.string() })) })
const idList = z.array(z.string())

export async function moveStragglers(app: App): Promise<void> {
  const { rows } = left.parse(
    await app.db.raw(
      `select m.id from customer_merges m
       where m.undone_at is null and m.merged_at > app_now() - interval '1 hour'
         and exists (select 1 from customer_identities i where i.customer_id = m.from_id)
       order by m.merged_at limit 100`,
    ),
  )
  for (const { id } of rows) {
    await inTransaction(app, SYSTEM, async (ctx) => {
      const known = await MergeRow.query(ctx.trx).findById(id)
      if (!known) return
      await lockPair(ctx, known.into_id, known.from_id)
      const merge = await MergeRow.query(ctx.trx).findById(id).whereNull('undone_at').forUpdate()
      if (!merge) return
      const more = idList.parse(await identities.merge(ctx, { from: merge.from_id, into: merge.into_id }))
      const moved = { ...merge.moved, identities: [...idList.parse(merge.moved.identities), ...more] }
      await merge.$query(ctx.trx).patch({ moved })
    })
  }
}
