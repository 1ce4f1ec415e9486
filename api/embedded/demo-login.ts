/** The simulated open platform of the demo, at wherever this process listens today. */
import type { OfficialAccountSimulator } from '#adapters/wechat-official/simulator/index.ts'
import type { App } from '../core/app.ts'
import { inTransaction, SYSTEM } from '../core/context.ts'
import { changeLoginSettings, loginSettings } from '../modules/identity/index.ts'
import { officialAccount } from '../../migrations/seeds/demo.ts'
import { demoStaffPhone, demoWebsite } from '../../migrations/seeds/demo-login.ts'

export async function wireDemoLogin(app: App, simulator: OfficialAccountSimulator, base: string): Promise<void> {
  simulator.addWebsite({ ...demoWebsite, redirectDomain: new URL(app.config.publicUrl).host })
  const { openId, unionId, nickname } = demoStaffPhone
  simulator.addCustomer({ appId: officialAccount.settings.appId, openId, unionId, nickname })
  const { wechat, version } = await loginSettings(app.db)
  if (wechat?.website?.appId !== demoWebsite.appId || wechat.website.base === base) return
  const website = { appId: demoWebsite.appId, base }
  await inTransaction(app, SYSTEM, (ctx) =>
    changeLoginSettings(ctx, { version, wechat: { website, officialAccountId: wechat.officialAccountId } }),
  )
}
