import type { App } from '#api/core/app.ts'
import { inTransaction, type StaffActor } from '#api/core/context.ts'
import { bindWechat, changeLoginSettings, loginSettings } from '#api/modules/identity/index.ts'
import { officialAccount } from './demo.ts'
import { demoStaffPhone, demoWebsite } from './demo-login.ts'

/** A bound WeChat, and the ways of signing in switched on. */
export const seedLogin = (app: App, people: ReadonlyMap<string, StaffActor>, admin: StaffActor): Promise<void> =>
  inTransaction(app, admin, async (ctx) => {
    const { version } = await loginSettings(ctx.trx)
    const { appId, appSecret } = demoWebsite
    await changeLoginSettings(ctx, { version, wechat: { website: { appId, appSecret }, officialAccountId: officialAccount.id } })
    const { username, openId: openid, unionId: unionid, nickname } = demoStaffPhone
    const owner = people.get(username)
    if (owner) await bindWechat(ctx, owner.accountId, { appId: officialAccount.id, openid, unionid, nickname })
  })
