/** Leaving before anybody answered: by the customer's word, because his page is gone, or because it took too long (BP-003.5). */
import type { Knex } from 'knex'
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { type Ctx, type CustomerActor, inTransaction, SYSTEM } from '../../../core/context.ts'
import { Conflict, NotFound } from '../../../core/errors.ts'
import { oneByOne } from '../../../core/one-by-one.ts'
import { endConversation } from '../close-conversation.ts'
import { ConversationRow } from '../model.ts'

/** The button of our page. Leaving twice is leaving once. @throws NotFound; Conflict `already_assigned` when somebody serves him by now */
export async function leaveByCustomer(ctx: Ctx<CustomerActor>, conversationId: string): Promise<void> {
  const row = await ConversationRow.query(ctx.trx)
    .findOne({ id: conversationId, identity_id: ctx.actor.identityId, kind: 'direct' })
    .forNoKeyUpdate()
  if (!row) throw new NotFound('conversation')
  if (row.status === 'closed') return
  if (row.status === 'open') throw new Conflict('already_assigned', 'somebody serves this conversation already', {})
  await endConversation(ctx, row, 'customer_left')
}

/** By word or menu, on the way of the message; the rows are locked by whoever took the message in. */
export async function leaveByWord(ctx: Ctx, conversationIds: readonly string[]): Promise<void> {
  if (conversationIds.length === 0) return
  const rows = await ConversationRow.query(ctx.trx)
    .whereIn('id', [...conversationIds])
    .where({ status: 'queued' })
    .orderBy('id')
    .forNoKeyUpdate()
  for (const row of rows) await endConversation(ctx, row, 'customer_left')
}

const BATCH = 100

/** Those who have waited longer than their account wants anybody to wait, and those whose page has been gone for too long. */
export async function endOverdue(app: App): Promise<void> {
  for (const [reason, due] of [
    ['timed_out', OVERDUE],
    ['page_gone', PAGE_GONE],
  ] as const)
    await oneByOne(app, 'conversations.wait_not_ended', {
      rows: dueRows.parse(await waitingWhere(app.db, due).select('id').orderBy('id').limit(BATCH)),
      step: ({ id }) =>
        inTransaction(app, SYSTEM, async (ctx) => {
          // Somebody may have taken it meanwhile.
          const found: unknown = await waitingWhere(ctx.trx, due).select('id').where({ id }).forNoKeyUpdate().skipLocked()
          if (dueRows.parse(found).length === 0) return
          await endConversation(ctx, await ConversationRow.query(ctx.trx).findById(id).throwIfNotFound(), reason)
        }),
    })
}

const dueRows = z.array(z.object({ id: z.string() }))
const waitingWhere = (db: Knex, due: string) =>
  db('conversations').where({ status: 'queued', kind: 'direct' }).whereNull('waiting_for').whereRaw(due)
const minutes = (column: string) => `(select s.${column} * interval '1 minute' from consultation_settings s
  where s.channel_account_id = conversations.channel_account_id or s.channel_account_id is null order by s.channel_account_id nulls last limit 1)`
const OVERDUE = `exists (select 1 from queue_entries q where q.work_kind = 'conversation' and q.work_id = conversations.id and q.left_at is null
  and q.entered_at < app_now() - ${minutes('queue_minutes')})`
/** Only pages of ours that were seen while he waited: nobody is taken for gone who never had one. */
const PAGE_GONE = `exists (select 1 from queue_standings g where g.conversation_id = conversations.id
  and g.page_seen_at < app_now() - ${minutes('page_gone_minutes')})`
