/** What a policy says must be there, and must be able to decide something. */
import type { PolicyConditions, PolicySettings, StrategyCode, WorkKind } from '../../../contract/routing.ts'
import type { Ctx } from '../../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../../core/errors.ts'
import { checkTags } from '../../customers/index.ts'
import { Account } from '../../identity/index.ts'
import { checkEntries } from '../../settings/index.ts'
import { loadCalendars, TeamRow } from '../../teams/index.ts'
import { workOf } from '../hooks.ts'

export interface Wanted {
  workKind: WorkKind
  teamId: string | null
  strategy: StrategyCode
  settings: PolicySettings
  conditions: PolicyConditions
  effectiveFrom: string | null
  effectiveUntil: string | null
}

/** @throws NotFound; Conflict `team_disabled`; Invalid `invalid_request`, `dates_reversed`, `staff_not_active`, `entry_unknown`, `entry_disabled`, `tag_unknown` */
export async function checkPolicy(ctx: Ctx, wanted: Wanted): Promise<void> {
  refuseUseless(wanted)
  const { teamId, settings, conditions } = wanted
  if (teamId !== null) await checkTeam(ctx, teamId)
  await checkPeople(ctx, settings.accountIds)
  await checkEntries(
    ctx,
    'skill',
    settings.skills.map(({ skillId }) => skillId),
  )
  await checkEntries(ctx, 'business_type', conditions.businessTypeIds)
  await checkTags(ctx, conditions.tagIds)
  if (conditions.ticketTypeIds.length > 0) await workOf(ctx, wanted.workKind)?.checkTypes?.(ctx, conditions.ticketTypeIds)
  const { calendar } = conditions
  if (calendar && !(await loadCalendars(ctx.trx, [calendar.id])).has(calendar.id)) throw new NotFound('calendar')
}

/** Pure: what could never choose, or would choose by nothing. */
function refuseUseless({ workKind, strategy, settings, conditions, effectiveFrom, effectiveUntil }: Wanted): void {
  const refuse = (field: string) => {
    throw new Invalid('invalid_request', `${strategy} needs it`, { field })
  }
  if (strategy === 'directed' && settings.accountIds.length === 0) refuse('settings.accountIds')
  if (strategy === 'weighted' && Object.values(settings.weights).every((weight) => weight === 0)) refuse('settings.weights')
  if (new Set(settings.accountIds).size !== settings.accountIds.length) refuse('settings.accountIds')
  if (workKind !== 'ticket' && conditions.ticketTypeIds.length > 0) refuse('conditions.ticketTypeIds')
  if (workKind !== 'ticket' && conditions.priorities.length > 0) refuse('conditions.priorities')
  if ((conditions.from === null) !== (conditions.to === null)) refuse('conditions.to')
  if (effectiveFrom !== null && effectiveUntil !== null && Date.parse(effectiveUntil) <= Date.parse(effectiveFrom))
    throw new Invalid('dates_reversed', 'it would end before it begins')
}

export async function checkTeam(ctx: Ctx, teamId: string): Promise<TeamRow> {
  const team = await TeamRow.query(ctx.trx).findById(teamId).forShare()
  if (!team) throw new NotFound('team')
  if (team.status === 'disabled') throw new Conflict('team_disabled', 'this team takes no work', { name: team.name })
  return team
}

async function checkPeople(ctx: Ctx, accountIds: readonly string[]): Promise<void> {
  if (accountIds.length === 0) return
  const known = await Account.query(ctx.trx)
    .whereIn('id', [...accountIds])
    .where({ kind: 'staff', status: 'active' })
    .select('id')
  const missing = accountIds.filter((id) => !known.some((account) => account.id === id))
  if (missing.length > 0) throw new Invalid('staff_not_active', 'unknown or disabled', { accountIds: missing })
}
