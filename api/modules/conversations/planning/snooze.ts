/** 稍后处理: its agent puts a conversation aside until a moment, or until the customer writes. It comes back once. */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, type StaffActor, SYSTEM } from '../../../core/context.ts'
import { Forbidden, Invalid } from '../../../core/errors.ts'
import { notify } from '../../notifications/index.ts'
import { announceConversation } from '../announce.ts'
import { ConversationRow } from '../model.ts'
import { conversationFor } from '../policy.ts'
import { nameOfCustomer } from './customer-name.ts'

const LONGEST_DAYS = 366

/** The moment, checked. @throws Invalid `time_passed` */
export function futureMoment(text: string, now: Date): Date {
  const at = new Date(text)
  if (at <= now || at.getTime() > now.getTime() + LONGEST_DAYS * 86_400_000)
    throw new Invalid('time_passed', 'the moment lies in the future, within a year', { now: now.toISOString() })
  return at
}

/** @throws Forbidden for who does not have it; Conflict `conversation_closed` */
export async function snoozeConversation(ctx: Ctx<StaffActor>, id: string, snooze: { until: string | null } | null): Promise<void> {
  const row = await conversationFor(ctx, id, 'amend')
  if (row.assignee_id !== ctx.actor.accountId) throw new Forbidden('forbidden', 'only its agent puts a conversation aside')
  const until = snooze?.until ? futureMoment(snooze.until, ctx.now) : null
  await row.$query(ctx.trx).patch({
    snoozed_by: snooze ? ctx.actor.accountId : null,
    snoozed_until: until,
    version: row.version + 1,
    updated_at: ctx.now,
  })
  await announceConversation(ctx, id)
}

const dueRows = z.array(z.object({ id: z.string() }))
const AT_ONCE = 100

/** Those whose moment has come; after an outage all at once, each once. */
export async function endSnoozes(app: App): Promise<void> {
  for (;;) {
    const count = await inTransaction(app, SYSTEM, async (ctx) => {
      const due = dueRows.parse(
        await ctx
          .trx('conversations')
          .select('id')
          .whereNotNull('snoozed_by')
          .where('snoozed_until', '<=', ctx.now)
          .orderBy('id')
          .limit(AT_ONCE)
          .forNoKeyUpdate()
          .skipLocked(),
      )
      for (const { id } of due) await wake(ctx, id)
      return due.length
    })
    if (count < AT_ONCE) return
  }
}

async function wake(ctx: Ctx, id: string): Promise<void> {
  const row = await ConversationRow.query(ctx.trx).findById(id).throwIfNotFound()
  const { snoozed_by: by, snoozed_until: until } = row
  await row.$query(ctx.trx).patch({ snoozed_by: null, snoozed_until: null, version: row.version + 1, updated_at: ctx.now })
  await announceConversation(ctx, id)
  // Whoever got it meanwhile has not put it aside.
  if (by === null || by !== row.assignee_id || row.status !== 'open') return
  await notify(ctx, {
    to: [by],
    kind: 'conversation.snooze_ended',
    params: { customer: await nameOfCustomer(ctx, row) },
    link: `/workbench/${id}`,
    key: `conversation.snooze_ended:${id}:${until?.toISOString() ?? ''}`,
  })
}
