/** Tickets that wait for the customer's word, or are solved, close by themselves; he is reminded before. Each fact once, in a transaction of its own. */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM, type SystemActor } from '../../../core/context.ts'
import { oneByOne } from '../../../core/one-by-one.ts'
import type { TicketRow } from '../model.ts'
import { moveTicket } from '../moves.ts'
import { lockTicket } from '../policy.ts'
import { daysOfTeam, replanned } from './closing-days.ts'
import { ClosingRow } from './model.ts'
import { tellCustomer } from './tell-customer.ts'
import type { Days } from './working-days.ts'

const ids = z.object({ rows: z.array(z.object({ id: z.string() })) })
/** A run ends after so many, the next one goes on. */
const AT_ONCE = 200

type SystemCtx = Ctx<SystemActor>
type Due = 'notice_at' | 'close_at'

const CONDITIONS: Record<Due, string> = {
  notice_at: 'c.noticed_at is null and c.notice_at <= app_now()',
  close_at: 'c.close_at <= app_now()',
}

const dueIds = async ({ db }: App, due: Due): Promise<readonly { id: string }[]> =>
  ids.parse(
    await db.raw(
      `select c.ticket_id as id from ticket_closings c where ${CONDITIONS[due]} order by c.${due}, c.ticket_id limit ${AT_ONCE}`,
    ),
  ).rows

/** The ticket's row is locked before what hangs on it, as by everybody else. Null: somebody else has it in hand, or has done it. */
async function claim(ctx: SystemCtx, id: string, due: Due): Promise<{ ticket: TicketRow; closing: ClosingRow } | null> {
  const found: unknown = await ctx.trx.raw(
    `select c.ticket_id as id from ticket_closings c join tickets t on t.id = c.ticket_id
     where c.ticket_id = ? and ${CONDITIONS[due]} for no key update of t skip locked`,
    [id],
  )
  if (ids.parse(found).rows.length === 0) return null
  const ticket = await lockTicket(ctx, id)
  const closing = await ClosingRow.query(ctx.trx).findById(id).forUpdate()
  return closing ? { ticket, closing } : null
}

/** The calendar may have changed since it was planned: what is not due by it now waits on. */
async function isEarly(ctx: SystemCtx, closing: ClosingRow, days: Days, due: Due): Promise<boolean> {
  const { noticeAt, closeAt } = replanned(closing, days)
  const at = due === 'notice_at' ? noticeAt : closeAt
  if (at === null || at <= ctx.now) return false
  await closing.$query(ctx.trx).patch({ notice_at: noticeAt, close_at: closeAt })
  return true
}

async function remind(ctx: SystemCtx, id: string): Promise<void> {
  const due = await claim(ctx, id, 'notice_at')
  if (!due) return
  const { ticket, closing } = due
  const days = await daysOfTeam(ctx, ticket.team_id)
  if (await isEarly(ctx, closing, days, 'notice_at')) return
  // After an outage of ours he still gets the days that he was promised.
  const { closeAt } = replanned({ ...closing, noticed_at: ctx.now }, days)
  await closing.$query(ctx.trx).patch({ noticed_at: ctx.now, close_at: closeAt })
  await tellCustomer(ctx, ticket, {
    text: 'reminder',
    key: `ticket-reminder:${ticket.id}:${closing.since.getTime()}`,
    importance: 'information',
    values: { days: String(closing.notice_days) },
  })
}

async function close(ctx: SystemCtx, id: string): Promise<void> {
  const due = await claim(ctx, id, 'close_at')
  if (!due) return
  const { ticket, closing } = due
  if (await isEarly(ctx, closing, await daysOfTeam(ctx, ticket.team_id), 'close_at')) return
  await moveTicket(ctx, ticket, 'closed', { params: { reason: { code: 'no_answer', params: { days: closing.close_days } } } })
}

/** Reminders first: nobody's ticket is closed before he heard of it. */
export async function closeUnanswered(app: App): Promise<void> {
  const each = async (due: Due, event: string, step: (ctx: SystemCtx, id: string) => Promise<void>) =>
    oneByOne(app, event, { rows: await dueIds(app, due), step: ({ id }) => inTransaction(app, SYSTEM, (ctx) => step(ctx, id)) })
  await each('notice_at', 'tickets.not_reminded', remind)
  await each('close_at', 'tickets.not_closed', close)
}
