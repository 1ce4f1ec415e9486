/** What becomes of the tickets of somebody who may not work any more: back to the pool, or to a successor (离职继承). */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import type { TicketStatus } from '../../../contract/ticket-status.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../../core/context.ts'
import { Account } from '../../identity/index.ts'
import type { DisabledReason, Leaving } from '../../organisation/index.ts'
import { handAll } from '../../routing/index.ts'
import { TicketRow } from '../model.ts'
import { releaseTickets, settleTickets } from './give.ts'
import { tellNobody } from './tell.ts'

const HELD = ['in_progress', 'waiting_customer', 'on_hold', 'awaiting_confirmation'] as const
/** What a customer is just confirming needs nobody until he says no. */
const WORKED_ON = ['in_progress', 'waiting_customer', 'on_hold'] as const

/** Locked in the order in which all lock. */
const heldBy = (ctx: Ctx, accountId: string, statuses: readonly TicketStatus[]) =>
  TicketRow.query(ctx.trx)
    .where({ assignee_id: accountId })
    .whereIn('status', [...statuses])
    .orderBy('id')
    .forNoKeyUpdate()

async function personOf(ctx: Ctx, accountId: string): Promise<{ id: string; name: string }> {
  const { id, name } = await Account.query(ctx.trx).findById(accountId).select('id', 'name').throwIfNotFound()
  return { id, name }
}

/** His open tickets wait in the pools of their teams again; the history says why. */
export async function giveBackTickets(ctx: Ctx, accountId: string, reason: DisabledReason): Promise<void> {
  const rows = await heldBy(ctx, accountId, WORKED_ON)
  if (rows.length === 0) return
  const { name } = await personOf(ctx, accountId)
  await releaseTickets(ctx, rows, { reason: { code: `staff_${reason}`, params: { name } }, passedBy: [accountId] })
}

export const leavingTickets: Leaving = {
  kind: 'tickets',
  count: (ctx, accountId) =>
    TicketRow.query(ctx.trx)
      .where({ assignee_id: accountId })
      .whereIn('status', [...HELD])
      .resultSize(),
  async handOver(ctx, { from, to }) {
    const rows = await heldBy(ctx, from, HELD)
    if (rows.length === 0) return 0
    const people = { from: await personOf(ctx, from), to: await personOf(ctx, to) }
    const given = await handAll(ctx, 'ticket', { ...people, workIds: rows.map(({ id }) => id) })
    const settled = rows.flatMap((row) => {
      const assigned = given.get(row.id)
      return assigned ? [{ row, to: people.to, reason: assigned.reason }] : []
    })
    // He is told once, by whoever handed everything over.
    await settleTickets(ctx, settled, tellNobody)
    return settled.length
  },
}

const holders = z.array(z.object({ id: z.string() }))

/** Somebody may have taken a ticket in the very moment in which he was disabled, or had one reopened since. */
export async function takeBackFromDisabled(app: App): Promise<void> {
  const rows = await app
    .db('accounts as a')
    .where('a.status', 'disabled')
    .whereExists((held) =>
      held
        .from('tickets as t')
        .whereRaw('t.assignee_id = a.id')
        .whereIn('t.status', [...WORKED_ON]),
    )
    .select('a.id')
    .limit(100)
  for (const { id } of holders.parse(rows)) await inTransaction(app, SYSTEM, (ctx) => giveBackTickets(ctx, id, 'disabled'))
}
