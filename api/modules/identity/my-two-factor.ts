import { inTransaction, type Ctx, type StaffActor } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { record } from '../audit/index.ts'
import { companySettings } from '../settings/index.ts'
import { confirmPassword } from './confirm-password.ts'
import { beginTwoFactor, confirmTwoFactor, endTwoFactor, isTwoFactorOn, renewRecoveryCodes } from './two-factor/secrets.ts'

const me = ({ actor }: Ctx<StaffActor>) => ({ kind: 'account', id: actor.accountId, label: actor.name })
const write = <T>(ctx: Ctx<StaffActor>, work: (inside: Ctx<StaffActor>) => Promise<T>): Promise<T> =>
  inTransaction(ctx.app, ctx.actor, work, ctx.source)

/** @throws Invalid `password_wrong`; Conflict when it is on already */
export async function setUpMyTwoFactor(ctx: Ctx<StaffActor>, password: string): Promise<{ secret: string; uri: string }> {
  const account = await confirmPassword(ctx, password)
  return write(ctx, async (inside) => beginTwoFactor(inside, account, (await companySettings(inside)).companyName))
}

/** @throws Invalid `second_factor_invalid`; Conflict when it is on already */
export async function confirmMyTwoFactor(ctx: Ctx<StaffActor>, code: string): Promise<string[]> {
  const codes = await confirmTwoFactor(ctx, ctx.actor.accountId, code)
  await record(ctx, { action: 'two_factor.enabled', object: me(ctx) })
  return codes
}

/** @throws Invalid `password_wrong`; NotFound when it is off */
export async function renewMyRecoveryCodes(ctx: Ctx<StaffActor>, password: string): Promise<string[]> {
  await confirmPassword(ctx, password)
  return write(ctx, async (inside) => {
    if (!(await isTwoFactorOn(inside.trx, ctx.actor.accountId))) throw new NotFound('second factor')
    await record(inside, { action: 'two_factor.codes_renewed', object: me(ctx) })
    return renewRecoveryCodes(inside, ctx.actor.accountId)
  })
}

/** @throws Invalid `password_wrong` */
export async function endMyTwoFactor(ctx: Ctx<StaffActor>, password: string): Promise<void> {
  await confirmPassword(ctx, password)
  await write(ctx, async (inside) => {
    if (!(await isTwoFactorOn(inside.trx, ctx.actor.accountId))) return
    await endTwoFactor(inside, ctx.actor.accountId)
    await record(inside, { action: 'two_factor.disabled', object: me(ctx) })
  })
}
