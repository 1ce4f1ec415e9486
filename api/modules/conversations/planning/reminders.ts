/** Follow-up reminders: at a moment one is told what one wanted to do, exactly once, also about a conversation that has ended. */
import { z } from 'zod'
import type { Reminder, reminderListQuery, reminderRequest } from '../../../contract/ending.ts'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, type StaffActor, SYSTEM } from '../../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../../core/cursor.ts'
import { Row } from '../../../core/db.ts'
import { Conflict, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { pageByPage } from '../../../core/one-by-one.ts'
import { SHOWN_NAME } from '../../customers/index.ts'
import { notify } from '../../notifications/index.ts'
import { ConversationRow } from '../model.ts'
import { conversationFor } from '../policy.ts'
import { nameOfCustomer } from './customer-name.ts'
import { futureMoment } from './snooze.ts'

export class ReminderRow extends Row {
  static override tableName = 'conversation_reminders'
  declare id: string
  declare conversation_id: string
  declare account_id: string
  declare due_at: Date
  declare text: string
  declare client_key: string
  declare created_at: Date
  declare reminded_at: Date | null
  declare cancelled_at: Date | null
}

const MAX_WAITING = 200

/** The same `clientKey` gives the same reminder. @throws Invalid `time_passed`; Conflict `limit_reached`, `idempotency_mismatch` */
export async function remind(ctx: Ctx<StaffActor>, conversationId: string, input: z.infer<typeof reminderRequest>): Promise<Reminder> {
  await conversationFor(ctx, conversationId, 'note')
  const key = { account_id: ctx.actor.accountId, client_key: input.clientKey }
  const known = await ReminderRow.query(ctx.trx).findOne(key)
  if (known) return oneReminder(ctx, sameOrRefuse(known, conversationId, input.text))
  const waiting = await ReminderRow.query(ctx.trx)
    .where({ account_id: ctx.actor.accountId, reminded_at: null, cancelled_at: null })
    .resultSize()
  if (waiting >= MAX_WAITING) throw new Conflict('limit_reached', 'too many reminders wait', { limit: MAX_WAITING })
  const row = {
    id: newId(),
    conversation_id: conversationId,
    ...key,
    due_at: futureMoment(input.at, ctx.now),
    text: input.text.trim(),
    created_at: ctx.now,
  }
  const written = await ReminderRow.query(ctx.trx).insert(row).onConflict(['account_id', 'client_key']).ignore().returning('id')
  if (Array.isArray(written) && written.length === 0) {
    const raced = await ReminderRow.query(ctx.trx).findOne(key).throwIfNotFound()
    return oneReminder(ctx, sameOrRefuse(raced, conversationId, input.text))
  }
  return oneReminder(ctx, row.id)
}

function sameOrRefuse(row: ReminderRow, conversationId: string, text: string): string {
  if (row.conversation_id !== conversationId || row.text !== text.trim())
    throw new Conflict('idempotency_mismatch', 'this client key was used for another reminder')
  return row.id
}

/** One's own, while it waits. @throws NotFound for another's, or one that is over */
export async function cancelReminder(ctx: Ctx<StaffActor>, id: string): Promise<void> {
  const changed = await ReminderRow.query(ctx.trx)
    .where({ id, account_id: ctx.actor.accountId, reminded_at: null, cancelled_at: null })
    .patch({ cancelled_at: ctx.now })
  if (changed === 0) throw new NotFound('reminder')
}

const shown = z.object({
  id: z.string(),
  conversation_id: z.string(),
  customer_id: z.string(),
  customer_name: z.string().nullable(),
  due_at: z.date(),
  text: z.string(),
  created_at: z.date(),
  reminded_at: z.date().nullable(),
  sort_key: z.string(),
})

const select = (ctx: Ctx) =>
  ctx
    .trx('conversation_reminders as r')
    .join('conversations as v', 'v.id', 'r.conversation_id')
    .join('customers as c', 'c.id', 'v.customer_id')
    .whereNull('r.cancelled_at')
    .select('r.id', 'r.conversation_id', 'v.customer_id', 'r.due_at', 'r.text', 'r.created_at', 'r.reminded_at')
    .select(ctx.trx.raw(`${SHOWN_NAME} as customer_name`), ctx.trx.raw('r.due_at::text as sort_key'))

const present = (row: z.infer<typeof shown>): Reminder => ({
  id: row.id,
  conversationId: row.conversation_id,
  customer: { id: row.customer_id, name: row.customer_name },
  at: row.due_at.toISOString(),
  text: row.text,
  createdAt: row.created_at.toISOString(),
  remindedAt: row.reminded_at?.toISOString() ?? null,
})

async function oneReminder(ctx: Ctx, id: string): Promise<Reminder> {
  const [row] = z.array(shown).parse(await select(ctx).where('r.id', id))
  if (!row) throw new NotFound('reminder')
  return present(row)
}

/** One's own in this conversation that wait, soonest first. */
export async function remindersOf(ctx: Ctx<StaffActor>, conversationId: string): Promise<Reminder[]> {
  await conversationFor(ctx, conversationId, 'view')
  const rows = await select(ctx)
    .where({ 'r.conversation_id': conversationId, 'r.account_id': ctx.actor.accountId })
    .whereNull('r.reminded_at')
    .orderBy(['r.due_at', 'r.id'])
    .limit(100)
  return z.array(shown).parse(rows).map(present)
}

/** One's own of all conversations: those that wait, soonest first, or those that are over, newest first. */
export async function myReminders(
  ctx: Ctx<StaffActor>,
  query: z.infer<typeof reminderListQuery>,
): Promise<{ data: Reminder[]; nextCursor: string | null }> {
  const over = query.done === 'true'
  const after = decodeCursor(query.cursor)
  const order = over ? 'desc' : 'asc'
  const rows = z.array(shown).parse(
    await select(ctx)
      .where('r.account_id', ctx.actor.accountId)
      .modify((builder) => {
        void (over ? builder.whereNotNull('r.reminded_at') : builder.whereNull('r.reminded_at'))
        if (after) void builder.whereRaw(`(r.due_at, r.id) ${over ? '<' : '>'} (?::timestamptz, ?::uuid)`, [after.key, after.id])
      })
      .orderBy([
        { column: 'r.due_at', order },
        { column: 'r.id', order },
      ])
      .limit(query.limit + 1),
  )
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined
  return { data: rows.slice(0, query.limit).map(present), nextCursor: last ? encodeCursor(last.sort_key, last.id) : null }
}

const AT_ONCE = 100

const DUE = 'reminded_at is null and cancelled_at is null and due_at <= app_now()'
const dueRows = z.array(z.object({ id: z.string() }))

/** Those whose moment has come; after an outage all at once. The row is marked in the transaction of the notification. */
export const sendReminders = (app: App): Promise<void> =>
  pageByPage(app, 'conversations.reminder_not_told', {
    atOnce: AT_ONCE,
    page: async (after) =>
      dueRows.parse(await app.db('conversation_reminders').select('id').whereRaw(DUE).where('id', '>', after).orderBy('id').limit(AT_ONCE)),
    step: (id) => inTransaction(app, SYSTEM, (ctx) => tell(ctx, id)),
  })

/** If it is still due: under the lock another worker, or its owner, may have been first. */
async function tell(ctx: Ctx, id: string): Promise<void> {
  const row = await ReminderRow.query(ctx.trx).findById(id).whereRaw(DUE).forNoKeyUpdate().skipLocked()
  if (!row) return
  const conversation = await ConversationRow.query(ctx.trx).findById(row.conversation_id).throwIfNotFound()
  await notify(ctx, {
    to: [row.account_id],
    kind: 'conversation.reminder',
    params: { customer: await nameOfCustomer(ctx, conversation), text: row.text },
    link: `/workbench/${row.conversation_id}`,
    key: `conversation.reminder:${row.id}`,
  })
  await row.$query(ctx.trx).patch({ reminded_at: ctx.now })
}
