/** What a team is made of beside its row, checked and written the same way whether it is new or changed. */
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../core/errors.ts'
import { Account } from '../identity/index.ts'
import { checkEntries } from '../settings/index.ts'
import { CalendarRow } from './calendars/model.ts'
import type { TeamRow } from './model.ts'

export interface TeamFacts {
  businessTypeIds?: readonly string[] | undefined
  skills?: readonly { skillId: string; level: number }[] | undefined
}

export const objectOf = (team: Pick<TeamRow, 'id' | 'name'>) => ({ kind: 'team', id: team.id, label: team.name })
export const nameTaken = (name: string) => ({ teams_name: () => new Conflict('name_taken', 'another team has this name', { name }) })

/** Locked against being removed meanwhile. @throws NotFound */
export async function checkCalendar(ctx: Ctx, id: string): Promise<void> {
  const row = await CalendarRow.query(ctx.trx).findById(id).forShare().select('id')
  if (!row) throw new NotFound('calendar')
}

/** At work, and not disabled before this is done. @throws Invalid `staff_not_active` */
export async function checkStaff(ctx: Ctx, accountIds: readonly string[]): Promise<Account[]> {
  const accounts = await Account.query(ctx.trx)
    .whereIn('id', [...accountIds])
    .where({ kind: 'staff', status: 'active' })
    .forShare()
    .select('id', 'name')
  const missing = accountIds.filter((id) => !accounts.some((account) => account.id === id))
  if (missing.length > 0) throw new Invalid('staff_not_active', 'unknown or disabled', { accountIds: missing })
  return accounts
}

/**
 * Lists given replace the whole list; an entry that was disabled meanwhile may stay.
 * @throws Invalid `entry_unknown`, `entry_disabled`
 */
export async function writeFacts(ctx: Ctx, teamId: string, { businessTypeIds, skills }: TeamFacts): Promise<void> {
  if (businessTypeIds) {
    const before = await ctx.trx('team_business_types').where({ team_id: teamId }).pluck<string[]>('business_type_id')
    const wanted = [...new Set(businessTypeIds)]
    await checkEntries(ctx, 'business_type', wanted, before)
    await ctx.trx('team_business_types').where({ team_id: teamId }).delete()
    if (wanted.length > 0) await ctx.trx('team_business_types').insert(wanted.map((id) => ({ team_id: teamId, business_type_id: id })))
  }
  if (skills) {
    const before = await ctx.trx('team_skills').where({ team_id: teamId }).pluck<string[]>('skill_id')
    const levels = new Map(skills.map(({ skillId, level }) => [skillId, level]))
    await checkEntries(ctx, 'skill', [...levels.keys()], before)
    await ctx.trx('team_skills').where({ team_id: teamId }).delete()
    if (levels.size > 0) await ctx.trx('team_skills').insert([...levels].map(([id, level]) => ({ team_id: teamId, skill_id: id, level })))
  }
}

/** The leader is a member and a supervisor; the caller has checked the account. */
export async function makeSupervisor(ctx: Ctx<StaffActor>, teamId: string, accountId: string): Promise<void> {
  await ctx
    .trx('team_members')
    .insert({ team_id: teamId, account_id: accountId, role: 'supervisor', joined_at: ctx.now })
    .onConflict(['team_id', 'account_id'])
    .merge({ role: 'supervisor', version: ctx.trx.raw('team_members.version + 1') })
}
