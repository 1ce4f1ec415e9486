/** Ways of signing in as an administrator set them up: one row; secrets inside are encrypted. */
import { z } from 'zod'
import { SMS_PROVIDERS, type SmsProviderKind } from '../../../contract/login.ts'
import { Row } from '../../../core/db.ts'
import type { App } from '../../../core/app.ts'

export class LoginSettingsRow extends Row {
  static override tableName = 'login_settings'
  static override idColumn = 'only_row'
  static override jsonAttributes = ['sms', 'wechat']
  declare only_row: true
  declare sms: StoredSms | null
  declare wechat: StoredWechat | null
  declare phone_code: boolean
  declare sms_failing_since: Date | null
  declare sms_error: string | null
  declare version: number
}

/** `secrets`: sealed, by the name of the setting. */
export interface StoredSms {
  provider: SmsProviderKind
  values: Record<string, string>
  secrets: Record<string, string>
}
export interface StoredWechat {
  /** `base`: another address than WeChat's own, for the simulator. */
  website: { appId: string; secretSealed: string; base?: string } | null
  officialAccountId: string | null
}

export const sealedFor = { sms: (name: string) => `login-settings:sms:${name}`, wechat: 'login-settings:wechat' } as const

export const loginSettings = async (db: App['db']): Promise<LoginSettingsRow> =>
  LoginSettingsRow.query(db).findOne({ only_row: true }).throwIfNotFound()

export interface SmsProviderSettings {
  provider: SmsProviderKind
  /** Settings and opened secrets together. */
  values: Record<string, string>
}

/** Messages that go nowhere but to the simulator's page exist outside production alone. */
export const smsProvidersOf = (app: App): readonly SmsProviderKind[] =>
  app.config.production ? SMS_PROVIDERS.filter((kind) => kind !== 'development') : SMS_PROVIDERS

/** Who sends messages now; null when nobody does. Without settings: the development provider, where it exists. */
export async function smsProviderOf(app: App, stored?: StoredSms | null): Promise<SmsProviderSettings | null> {
  const sms = stored === undefined ? (await loginSettings(app.db)).sms : stored
  const allowed = smsProvidersOf(app)
  if (!sms) return allowed.includes('development') ? { provider: 'development', values: {} } : null
  if (!allowed.includes(sms.provider)) return null
  const opened = Object.entries(sms.secrets).map(([name, sealed]) => [name, app.secrets.open(sealed, sealedFor.sms(name))])
  return { provider: sms.provider, values: { ...sms.values, ...z.record(z.string(), z.string()).parse(Object.fromEntries(opened)) } }
}
