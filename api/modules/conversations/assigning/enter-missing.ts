/** What waits without standing in a queue: written by a process of the release before, while both run. It takes its place by when it began to wait. */
import type { App } from '../../../core/app.ts'
import { inTransaction, SYSTEM } from '../../../core/context.ts'
import { enterQueue } from '../../routing/index.ts'
import { ConversationRow } from '../model.ts'

const BATCH = 500

export async function enterMissing(app: App): Promise<void> {
  await inTransaction(app, SYSTEM, async (ctx) => {
    const rows = await ConversationRow.query(ctx.trx)
      .where({ status: 'queued' })
      .whereNot('kind', 'stream')
      .whereNull('waiting_for')
      .whereNotExists(
        ctx
          .trx('queue_entries as e')
          .select(ctx.trx.raw('1'))
          .whereRaw(`e.work_kind = 'conversation' and e.work_id = conversations.id and e.left_at is null`),
      )
      .orderBy('id')
      .limit(BATCH)
      .forNoKeyUpdate()
      .skipLocked()
    await enterQueue(
      ctx,
      rows.map((row) => ({
        work: { kind: 'conversation', id: row.id },
        customerId: row.customer_id,
        channelAccountId: row.channel_account_id,
        teamId: row.team_id,
        businessTypeId: row.business_type_id,
        waitingSince: row.queued_at,
      })),
    )
  })
}
