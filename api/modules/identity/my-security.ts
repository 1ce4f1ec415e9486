import { z } from 'zod'
import type { Security } from '../../contract/login.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { maskPhone } from '../../core/phone.ts'
import { Account } from './model.ts'
import { isPhoneProven } from './phone-proof.ts'
import { isTwoFactorOn, recoveryCodesLeft } from './two-factor/secrets.ts'

const bound = z.object({ nickname: z.string().nullable(), created_at: z.date() }).optional()

export async function mySecurity(ctx: Ctx<StaffActor>): Promise<Security> {
  const { accountId } = ctx.actor
  const account = await Account.query(ctx.trx).findById(accountId).throwIfNotFound()
  const wechat = bound.parse(
    await ctx
      .trx('wechat_bindings')
      .where({ account_id: accountId })
      .orderByRaw('nickname is null, created_at')
      .first('nickname', 'created_at'),
  )
  return {
    hasPassword: account.password_hash !== null,
    passwordChangedAt: account.password_changed_at?.toISOString() ?? null,
    phone: account.phone && maskPhone(account.phone),
    phoneProven: isPhoneProven(account),
    wechat: wechat ? { nickname: wechat.nickname, boundAt: wechat.created_at.toISOString() } : null,
    totp: { enabled: await isTwoFactorOn(ctx.trx, accountId), recoveryCodesLeft: await recoveryCodesLeft(ctx.trx, accountId) },
  }
}
