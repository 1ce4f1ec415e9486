import type { z } from 'zod'
import type { LoginSettings, loginSettingsPatch, SmsProviderKind, SmsSettingsInput, wechatLoginInput } from '../../../contract/login.ts'
import type { App } from '../../../core/app.ts'
import type { Ctx } from '../../../core/context.ts'
import { Conflict, Invalid } from '../../../core/errors.ts'
import { changesOf, record } from '../../audit/index.ts'
import { loginSettings, LoginSettingsRow, sealedFor, smsProvidersOf, type StoredSms, type StoredWechat } from './login-settings.ts'

export const WECHAT_CALLBACK_PATH = '/api/v1/auth/wechat/callback'
const SECRETS: Record<SmsProviderKind, readonly string[]> = { development: [], tencent: ['secretKey'], aliyun: ['accessKeySecret'] }

export function presentLoginSettings(app: App, row: LoginSettingsRow): LoginSettings {
  const { sms, wechat } = row
  const website = wechat?.website
  return {
    phoneCode: row.phone_code,
    sms: sms && { provider: sms.provider, values: sms.values, secretsSet: Object.keys(sms.secrets) },
    wechat: {
      website: website ? { appId: website.appId, secretSet: true, base: website.base ?? null } : null,
      officialAccountId: wechat?.officialAccountId ?? null,
      callbackUrl: app.config.publicUrl + WECHAT_CALLBACK_PATH,
    },
    providers: [...smsProvidersOf(app)],
    smsHealth: { failingSince: row.sms_failing_since?.toISOString() ?? null, error: row.sms_error },
    version: row.version,
  }
}

/**
 * Secrets that are not named stay as they are, unless they belong to another provider or application.
 * @throws Conflict `version_conflict`; Invalid `invalid_request` for a missing secret or an address that production refuses
 */
export async function changeLoginSettings(ctx: Ctx, patch: z.infer<typeof loginSettingsPatch>): Promise<LoginSettingsRow> {
  const before = await LoginSettingsRow.query(ctx.trx).findOne({ only_row: true }).forNoKeyUpdate().throwIfNotFound()
  if (before.version !== patch.version) throw new Conflict('version_conflict', 'changed meanwhile', { version: before.version })
  const sms = patch.sms === undefined ? before.sms : patch.sms && storedSms(ctx.app, patch.sms, before.sms)
  const wechat = patch.wechat === undefined ? before.wechat : storedWechat(ctx.app, patch.wechat, before.wechat)
  await LoginSettingsRow.query(ctx.trx)
    .patch({
      sms,
      wechat,
      phone_code: patch.phoneCode ?? before.phone_code,
      // Whatever was wrong with the provider of before is not known of this one.
      ...(patch.sms === undefined ? {} : { sms_failing_since: null, sms_error: null }),
      version: before.version + 1,
    })
    .where({ only_row: true })
  const after = await loginSettings(ctx.trx)
  const changes = changesOf(audited(before), audited(after))
  if (changes) await record(ctx, { action: 'login_settings.changed', object: { kind: 'login_settings' }, ...changes })
  return after
}

/** Everything but secrets; of these, whether they are another one. */
const audited = ({ sms, wechat, phone_code }: LoginSettingsRow) => ({
  phoneCode: phone_code,
  smsProvider: sms?.provider ?? null,
  smsSettings: sms?.values ?? null,
  smsSecretVersion: sms ? Object.values(sms.secrets).map((sealed) => sealed.slice(-8)) : null,
  wechatWebsite: wechat?.website?.appId ?? null,
  wechatOfficialAccount: wechat?.officialAccountId ?? null,
})

function checkAddress(app: App, field: string, address: string | undefined): void {
  if (app.config.production && address?.startsWith('http:'))
    throw new Invalid('invalid_request', 'https only', { issues: [{ path: field, code: 'https_only', message: 'https only' }] })
}

const missing = (field: string) =>
  new Invalid('invalid_request', 'a secret is missing', { issues: [{ path: field, code: 'required', message: 'required' }] })

function storedSms(app: App, input: SmsSettingsInput, before: StoredSms | null): StoredSms {
  const { provider, ...given } = input
  if (!smsProvidersOf(app).includes(provider)) throw new Invalid('invalid_request', 'this provider does not exist here')
  const values: Record<string, string> = {}
  const secrets: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') continue
    if (SECRETS[provider].includes(name)) secrets[name] = app.secrets.seal(value, sealedFor.sms(name))
    else values[name] = value
  }
  checkAddress(app, 'sms.endpoint', values['endpoint'])
  const kept = before?.provider === provider ? before.secrets : {}
  const all = { ...kept, ...secrets }
  const absent = SECRETS[provider].find((name) => all[name] === undefined)
  if (absent) throw missing(`sms.${absent}`)
  return { provider, values, secrets: all }
}

function storedWechat(app: App, input: z.infer<typeof wechatLoginInput>, before: StoredWechat | null): StoredWechat {
  const { website, officialAccountId } = input
  if (!website) return { website: null, officialAccountId }
  checkAddress(app, 'wechat.website.base', website.base)
  const kept = before?.website?.appId === website.appId ? before.website.secretSealed : undefined
  const secretSealed = website.appSecret === undefined ? kept : app.secrets.seal(website.appSecret, sealedFor.wechat)
  if (secretSealed === undefined) throw missing('wechat.website.appSecret')
  return {
    website: { appId: website.appId, secretSealed, ...(website.base === undefined ? {} : { base: website.base }) },
    officialAccountId,
  }
}

/** The website application, ready for use; null when it is not set up. */
export async function wechatWebsite(app: App): Promise<{ appId: string; appSecret: string; base: string | null } | null> {
  const website = (await loginSettings(app.db)).wechat?.website
  return website
    ? { appId: website.appId, appSecret: app.secrets.open(website.secretSealed, sealedFor.wechat), base: website.base ?? null }
    : null
}

/** The channel whose codes staff scan; null when it is not set up. */
export const wechatOfficialAccount = async (app: App): Promise<string | null> =>
  (await loginSettings(app.db)).wechat?.officialAccountId ?? null
