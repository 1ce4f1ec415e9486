/** Disabling, enabling, passwords (MOD-03). */
import type { StaffMember } from '../../contract/organisation.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { record } from '../audit/index.ts'
import { Account, accountToManage, disableAccount, enableAccount, endSecondFactor, resetPassword } from '../identity/index.ts'
import type { DisabledReason } from './hooks.ts'
import { memberFor } from './list-staff.ts'
import { StaffProfile } from './model.ts'
import { memberToChange, objectOf } from './staff.ts'

const bump = (ctx: Ctx, member: StaffMember, change: { left_at?: Date | null } = {}) =>
  StaffProfile.query(ctx.trx)
    .findById(member.id)
    .patch({ ...change, version: member.version + 1, updated_at: ctx.now })

/**
 * He can no longer work: sessions end, sockets are cut, his open work goes back to the queue.
 * @throws Conflict `version_conflict`, `own_account`, `last_administrator`; Forbidden `role_beyond_own`
 */
export async function disableStaff(ctx: Ctx<StaffActor>, id: string, version: number): Promise<StaffMember> {
  const member = await memberToChange(ctx, id, version)
  if (!(await shutOut(ctx, id, 'disabled'))) return member
  await bump(ctx, member)
  await record(ctx, { action: 'staff.disabled', object: objectOf(member), before: { status: 'active' }, after: { status: 'disabled' } })
  return memberFor(ctx, id)
}

/** For a row that the caller has locked. @returns false when he was disabled already */
async function shutOut(ctx: Ctx<StaffActor>, id: string, reason: DisabledReason): Promise<boolean> {
  const changed = await disableAccount(ctx, id)
  // Work may have been left behind even so.
  for (const takeBack of ctx.app.hooks.all('staff.disabled')) await takeBack(ctx, id, reason)
  return changed
}

/** After a hand-over: he has left. */
export async function markLeft(ctx: Ctx<StaffActor>, member: StaffMember): Promise<void> {
  await shutOut(ctx, member.id, 'left')
  await bump(ctx, member, { left_at: ctx.now })
}

/** He may work again; whoever had left has come back. */
export async function enableStaff(ctx: Ctx<StaffActor>, id: string, version: number): Promise<StaffMember> {
  const member = await memberToChange(ctx, id, version)
  const changed = await enableAccount(ctx, id)
  if (!changed && member.status !== 'left') return member
  await bump(ctx, member, { left_at: null })
  await record(ctx, { action: 'staff.enabled', object: objectOf(member), before: { status: member.status }, after: { status: 'active' } })
  return memberFor(ctx, id)
}

/** @returns the new password, which is shown once and must be changed at the next login */
export async function resetStaffPassword(
  ctx: Ctx<StaffActor>,
  id: string,
  version: number,
): Promise<{ member: StaffMember; initialPassword: string }> {
  const member = await memberToChange(ctx, id, version)
  const initialPassword = await resetPassword(ctx, id)
  await bump(ctx, member)
  await record(ctx, { action: 'staff.password_reset', object: objectOf(member) })
  return { member: await memberFor(ctx, id), initialPassword }
}

/** Two-factor sign-in of a colleague who lost his authenticator; his password alone opens the door again. */
export async function endStaffSecondFactor(ctx: Ctx<StaffActor>, id: string, version: number): Promise<StaffMember> {
  const member = await memberToChange(ctx, id, version)
  if (await endSecondFactor(ctx, id)) await record(ctx, { action: 'two_factor.disabled', object: objectOf(member) })
  return member
}

/** The whole number; every reading leaves a line in the audit trail. */
export async function readStaffPhone(ctx: Ctx<StaffActor>, id: string): Promise<string | null> {
  const member = await memberFor(ctx, id)
  await accountToManage(ctx, id)
  const account = await Account.query(ctx.trx).findById(id).select('phone')
  if (!account) throw new NotFound('member of staff')
  await record(ctx, { action: 'staff.phone_read', object: objectOf(member) })
  return account.phone
}
