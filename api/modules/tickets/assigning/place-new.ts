import { Invalid } from '../../../core/errors.ts'
import type { Ctx } from '../../../core/context.ts'
import type { TicketRow } from '../model.ts'
import { ableStaff } from './able.ts'
import { giveTickets, handsOf, write } from './give.ts'
import { enterPool } from './ledger.ts'

/**
 * The last step of making a ticket: it goes to whom it was made for, or waits in the pool of its team, where a policy may give it out.
 * Who may name somebody is for the caller to say. @throws Invalid `staff_not_active` for somebody who handles no tickets
 */
export async function placeNew(ctx: Ctx, row: TicketRow, { assigneeId }: { assigneeId: string | null }): Promise<void> {
  if (assigneeId === null) return intoPool(ctx, row)
  const to = (await ableStaff(ctx.trx, [assigneeId])).get(assigneeId)
  if (!to) throw new Invalid('staff_not_active', 'disabled, or handles no tickets', { accountIds: [assigneeId] })
  const by = ctx.actor.kind === 'staff' ? ctx.actor.name : ''
  await giveTickets(ctx, [row], { to, reason: { code: 'created_for', params: { by } } })
}

async function intoPool(ctx: Ctx, row: TicketRow): Promise<void> {
  const before = handsOf(row)
  row.$set({ status: 'unassigned', status_since: ctx.now })
  await write(ctx, [{ row, before, reason: { code: 'arrived', params: {} } }], 'pooled')
  await enterPool(ctx, [row])
}
