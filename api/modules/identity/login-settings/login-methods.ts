import type { LoginMethods } from '../../../contract/login.ts'
import type { App } from '../../../core/app.ts'
import { loginSettings, smsProviderOf } from './login-settings.ts'

/** What the login page offers: what is switched on and can work. */
export async function loginMethods(app: App): Promise<LoginMethods> {
  const settings = await loginSettings(app.db)
  return {
    phoneCode: settings.phone_code && (await smsProviderOf(app, settings.sms)) !== null,
    wechat: { website: Boolean(settings.wechat?.website), official: Boolean(settings.wechat?.officialAccountId) },
  }
}
