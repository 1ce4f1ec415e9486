import type { CustomerLoginMethod, WebPage } from '../../../contract/registration.ts'
import type { ScanVia } from '../../../contract/login.ts'
import type { Ctx } from '../../../core/context.ts'
import { smsProviderOf, wechatOfficialAccount, wechatWebsite } from '../../identity/index.ts'

/** Which ways of signing in the customer pages offer. */
export async function waysIn({ app }: Pick<Ctx, 'app'>): Promise<Pick<WebPage, 'methods' | 'scanVias'>> {
  const [sms, official, website] = await Promise.all([smsProviderOf(app), wechatOfficialAccount(app), wechatWebsite(app)])
  const scanVias: ScanVia[] = []
  if (official !== null) scanVias.push('official')
  if (website !== null) scanVias.push('website')
  const methods: CustomerLoginMethod[] = sms === null ? ['password'] : ['code', 'password']
  if (scanVias.length > 0) methods.push('wechat')
  return { methods, scanVias }
}
