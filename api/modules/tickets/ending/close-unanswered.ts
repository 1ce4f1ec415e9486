/** Tickets that wait for the customer's word, or are solved, close by themselves; he is reminded before. Each fact once, in a transaction of its own. */
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM, type SystemActor } from '../../../core/context.ts'
import { z } from 'zod'
import type { TicketRow } from '../model.ts'
import { moveTicket } from '../moves.ts'
import { lockTicket } from '../policy.ts'
import { daysOfTeam, momentsOf } from './closing-days.ts'
import { ClosingRow } from './model.ts'
import { tellCustomer } from './tell-customer.ts'
import { afterWorkingDays, type Days } from './working-days.ts'

const ids = z.object({ rows: z.array(z.object({ ticket_id: z.string() })) })
/** A run ends after so many, the next one goes on. */
const AT_ONCE = 200

type SystemCtx = Ctx<SystemActor>
type Due = 'notice_at' | 'close_at'

/** The ticket's row is locked before what hangs on it, as by everybody else. */
async function claim(ctx: SystemCtx, due: Due): Promise<{ ticket: TicketRow; closing: ClosingRow } | null> {
  const condition = due === 'notice_at' ? 'c.noticed_at is null and c.notice_at <= ?' : 'c.close_at <= ?'
  const found: unknown = await ctx.trx.raw(
    `select c.ticket_id from ticket_closings c join tickets t on t.id = c.ticket_id
     where ${condition} order by c.${due}, c.ticket_id limit 1 for no key update of t skip locked`,
    [ctx.now],
  )
  const [row] = ids.parse(found).rows
  if (!row) return null
  const ticket = await lockTicket(ctx, row.ticket_id)
  const closing = await ClosingRow.query(ctx.trx).findById(ticket.id).forUpdate()
  return closing ? { ticket, closing } : null
}

/** The calendar may have changed since it was planned: what is not due by it now waits on. */
async function isEarly(ctx: SystemCtx, closing: ClosingRow, days: Days, due: Due): Promise<boolean> {
  const plan = { since: closing.since, closeDays: closing.close_days, noticeDays: closing.notice_days }
  const { noticeAt, closeAt } = momentsOf(plan, days)
  const at = due === 'notice_at' ? noticeAt : closeAt
  if (at === null || at <= ctx.now) return false
  await closing.$query(ctx.trx).patch({ notice_at: noticeAt, close_at: closeAt })
  return true
}

async function remind(ctx: SystemCtx): Promise<boolean> {
  const due = await claim(ctx, 'notice_at')
  if (!due) return false
  const { ticket, closing } = due
  const days = await daysOfTeam(ctx, ticket.team_id)
  if (await isEarly(ctx, closing, days, 'notice_at')) return true
  // After an outage of ours he still gets the days that he was promised.
  const promised = afterWorkingDays(ctx.now, closing.notice_days, days)
  await closing.$query(ctx.trx).patch({ noticed_at: ctx.now, close_at: promised > closing.close_at ? promised : closing.close_at })
  await tellCustomer(ctx, ticket, {
    text: 'reminder',
    key: `ticket-reminder:${ticket.id}:${closing.since.getTime()}`,
    importance: 'information',
    values: { days: String(closing.notice_days) },
  })
  return true
}

async function close(ctx: SystemCtx): Promise<boolean> {
  const due = await claim(ctx, 'close_at')
  if (!due) return false
  const { ticket, closing } = due
  const days = await daysOfTeam(ctx, ticket.team_id)
  // Whoever was reminded late has a later end than the plan says.
  if (closing.noticed_at === null && (await isEarly(ctx, closing, days, 'close_at'))) return true
  await moveTicket(ctx, ticket, 'closed', { params: { reason: { code: 'no_answer', params: { days: closing.close_days } } } })
  return true
}

async function untilDone(app: App, step: (ctx: SystemCtx) => Promise<boolean>): Promise<void> {
  for (let done = 0; done < AT_ONCE; done += 1) if (!(await inTransaction(app, SYSTEM, step))) return
}

/** Reminders first: nobody's ticket is closed before he heard of it. */
export async function closeUnanswered(app: App): Promise<void> {
  await untilDone(app, remind)
  await untilDone(app, close)
}
