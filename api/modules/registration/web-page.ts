/** The page of a web account, as it stands before anybody is known. */
import type { WebPage } from '../../contract/registration.ts'
import type { App } from '../../core/app.ts'
import type { Ctx } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { accountsOf, type OpenAccount } from '../channels/index.ts'
import { companySettings } from '../settings/index.ts'
import { waysIn } from './sign-in/ways-in.ts'

/** @throws NotFound for accounts without a page of their own, and for those that are switched off */
export async function webPageAccount(app: App, accountId: string): Promise<OpenAccount> {
  const account = await accountsOf(app).get(accountId)
  if (!account.active || app.catalogue.get(account.kind)?.identify === undefined) throw new NotFound('channel account')
  return account
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

export async function presentPage(ctx: Ctx, accountId: string): Promise<WebPage> {
  const account = await webPageAccount(ctx.app, accountId)
  const [company, ways] = await Promise.all([companySettings(ctx), waysIn(ctx)])
  return {
    accountId: account.id,
    title: text(account.config.title) ?? company.companyName,
    accent: text(account.config.accent),
    companyName: company.companyName,
    icpNumber: company.icpNumber,
    privacyVersion: company.privacyVersion,
    ...ways,
  }
}
