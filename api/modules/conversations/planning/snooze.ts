/** 稍后处理: its agent puts a conversation aside until a moment, or until the customer writes. It comes back once. */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, type StaffActor, SYSTEM } from '../../../core/context.ts'
import { Forbidden, Invalid } from '../../../core/errors.ts'
import { pageByPage } from '../../../core/one-by-one.ts'
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
const DUE = 'snoozed_by is not null and snoozed_until <= app_now()'

/** Those whose moment has come; after an outage all at once, each once. */
export const endSnoozes = (app: App): Promise<void> =>
  pageByPage(app, 'conversations.snooze_not_ended', {
    atOnce: AT_ONCE,
    page: async (after) =>
      dueRows.parse(await app.db('conversations').select('id').whereRaw(DUE).where('id', '>', after).orderBy('id').limit(AT_ONCE)),
    step: (id) => inTransaction(app, SYSTEM, (ctx) => wake(ctx, id)),
  })

/** If it is still due: under the lock another worker, or its agent, may have been first. */
async function wake(ctx: Ctx, id: string): Promise<void> {
  const row = await ConversationRow.query(ctx.trx).findById(id).whereRaw(DUE).forNoKeyUpdate().skipLocked()
  if (!row) return
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
