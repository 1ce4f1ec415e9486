/** The one place where working together moves a conversation from hand to hand; the assigning itself is one atomic claim. */
import type { Reason } from '../../../contract/routing.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { assignTo } from '../assigning/assign-to.ts'
import type { ConversationRow } from '../model.ts'

export interface PassOn {
  row: ConversationRow
  to: { id: string; name: string }
  reason: Reason
  /** Somebody who may decides: the limit does not matter. */
  force: boolean
}

/** The caller holds the conversation's lock and has checked who may. @throws Conflict `at_capacity` */
export async function passOn(ctx: Ctx<StaffActor>, { row, to, reason, force }: PassOn): Promise<void> {
  const [result] = await assignTo(ctx, [row.id], { to: { accountId: to.id }, reason, force, trusted: true })
  if (result?.outcome !== 'refused' || result.code === 'already_there') return
  throw new Conflict(to.id === ctx.actor.accountId ? 'at_capacity' : 'target_at_capacity', 'as many conversations as he may hold', {
    name: to.name,
  })
}

/** Into the team's hands: whoever of it is free, else its queue. */
export async function releaseToTeam(ctx: Ctx<StaffActor>, row: ConversationRow, to: { teamId: string; reason: Reason }): Promise<void> {
  await assignTo(ctx, [row.id], { to: { teamId: to.teamId }, reason: to.reason, force: true, trusted: true })
}
