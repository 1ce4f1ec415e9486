import type { Ctx } from '../../core/context.ts'
import { Conflict } from '../../core/errors.ts'
import { loginSettings, smsProviderOf } from './login-settings/login-settings.ts'
import type { Account } from './model.ts'
import { isPhoneProven } from './phone-proof.ts'

/** Nobody locks himself out. The caller holds the account's row. @throws Conflict `last_way_in` when nothing remains without `going` */
export async function checkWaysIn(ctx: Ctx, account: Account, going: 'phone' | 'wechat'): Promise<void> {
  if (account.password_hash !== null) return
  const settings = await loginSettings(ctx.trx)
  const wechat: unknown = await ctx.trx('wechat_bindings').where({ account_id: account.id }).first('id')
  const byPhone =
    going !== 'phone' && isPhoneProven(account) && settings.phone_code && (await smsProviderOf(ctx.app, settings.sms)) !== null
  const byWechat = going !== 'wechat' && wechat !== undefined && settings.wechat !== null
  if (!byPhone && !byWechat) throw new Conflict('last_way_in', 'the last way of signing in cannot be taken away')
}
