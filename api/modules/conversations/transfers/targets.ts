/** Who can be asked to take a conversation over, and why not. */
import type { Presence } from '../../../contract/identity.ts'
import type { TARGET_REFUSALS } from '../../../contract/transfer.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../../core/errors.ts'
import { Account } from '../../identity/index.ts'
import { loadCalendars, openStateOf, TeamRow } from '../../teams/index.ts'
import type { ConversationRow } from '../model.ts'
import { readersOf } from '../oversight/who-sees.ts'

export type TargetRefusal = (typeof TARGET_REFUSALS)[number]

export const presencesNow = (ctx: Ctx, accountIds: readonly string[]): Promise<ReadonlyMap<string, Presence>> =>
  ctx.app.hooks.only('account.presence')(ctx.trx, accountIds)

/** Pure. Whoever is at a break or busy may still be asked: he sees it and says yes or no himself. */
export function refusalOf(
  presence: Pick<Presence, 'accountId' | 'status' | 'load' | 'capacity'>,
  parties: { holder: string | null; asker: string },
): TargetRefusal | null {
  if (presence.accountId === parties.holder || presence.accountId === parties.asker) return 'transfer_to_self'
  if (presence.status === 'offline') return 'target_offline'
  return presence.load >= presence.capacity ? 'target_at_capacity' : null
}

/** @throws Invalid `transfer_to_self`, `staff_not_active`; Conflict `target_offline`, `target_at_capacity` */
export async function personToAsk(ctx: Ctx<StaffActor>, row: ConversationRow, accountId: string): Promise<{ id: string; name: string }> {
  const account = await Account.query(ctx.trx).findOne({ id: accountId, kind: 'staff' }).select('id', 'name')
  const [reader] = await readersOf(ctx.trx, account ? [account.id] : [])
  if (!account || reader?.permissions.has('conversations.reply') !== true)
    throw new Invalid('staff_not_active', 'unknown, disabled, or does not answer customers', { accountIds: [accountId] })
  const presence = (await presencesNow(ctx, [accountId])).get(accountId)
  const refusal = presence ? refusalOf(presence, { holder: row.assignee_id, asker: ctx.actor.accountId }) : 'target_offline'
  const context = { name: account.name }
  if (refusal === 'transfer_to_self') throw new Invalid(refusal, 'he has it already', context)
  if (refusal !== null) throw new Conflict(refusal, 'he cannot take it now', context)
  return { id: account.id, name: account.name }
}

/**
 * Any team of the house: that is what passing on is for, and whoever passes it on loses sight of it.
 * @throws NotFound; Conflict `team_disabled`, `team_closed`
 */
export async function teamToAsk(ctx: Ctx, teamId: string): Promise<{ id: string; name: string }> {
  const { id, name, open, changesAt } = await activeTeam(ctx, teamId)
  if (!open) throw new Conflict('team_closed', 'this team is outside its hours', { name, opensAt: changesAt })
  return { id, name }
}

/** A team that serves people, and whether it does so at this hour. @throws NotFound; Conflict `team_disabled` */
export async function activeTeam(
  ctx: Ctx,
  teamId: string,
): Promise<{ id: string; name: string; open: boolean; changesAt: ReturnType<typeof openStateOf>['changesAt'] }> {
  const team = await TeamRow.query(ctx.trx).findById(teamId).forShare().select('id', 'name', 'status', 'calendar_id')
  if (!team) throw new NotFound('team')
  if (team.status === 'disabled') throw new Conflict('team_disabled', 'this team takes no work', { name: team.name })
  const calendars = await loadCalendars(ctx.trx, team.calendar_id === null ? [] : [team.calendar_id])
  const { open, changesAt } = openStateOf(calendars.get(team.calendar_id ?? '')?.time, ctx.now)
  return { id: team.id, name: team.name, open, changesAt }
}
