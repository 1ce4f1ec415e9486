import type { LoginSettings, SmsProviderKind, SmsSettingsInput } from '#api/contract/login.ts'

export interface SmsField {
  name: string
  secret?: boolean
  optional?: boolean
  placeholder?: string
  hint?: boolean
}

/** What each provider asks for, in the order of its console. */
export const SMS_FIELDS: Record<SmsProviderKind, readonly SmsField[]> = {
  development: [],
  tencent: [
    { name: 'secretId', placeholder: 'AKID…' },
    { name: 'secretKey', secret: true },
    { name: 'sdkAppId', placeholder: '1400…' },
    { name: 'signName' },
    { name: 'templateId', hint: true },
    { name: 'region', optional: true, placeholder: 'ap-guangzhou' },
    { name: 'endpoint', optional: true, placeholder: 'https://sms.tencentcloudapi.com', hint: true },
  ],
  aliyun: [
    { name: 'accessKeyId', placeholder: 'LTAI…' },
    { name: 'accessKeySecret', secret: true },
    { name: 'signName' },
    { name: 'templateCode', placeholder: 'SMS_…', hint: true },
    { name: 'endpoint', optional: true, placeholder: 'https://dysmsapi.aliyuncs.com', hint: true },
  ],
}

export const smsValues = (sms: LoginSettings['sms']): Record<string, string> => ({ ...sms?.values })

/** The first field that is needed and empty; a secret that is set may stay empty. */
export const missingField = (provider: SmsProviderKind, values: Record<string, string>, sms: LoginSettings['sms']): string | null => {
  const kept = sms?.provider === provider ? sms.secretsSet : []
  const missing = SMS_FIELDS[provider].find(({ name, optional }) => !optional && !values[name]?.trim() && !kept.includes(name))
  return missing?.name ?? null
}

const filled = (provider: SmsProviderKind, values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(SMS_FIELDS[provider].flatMap(({ name }) => (values[name]?.trim() ? [[name, values[name].trim()]] : [])))

export const smsInput = (provider: SmsProviderKind, values: Record<string, string>): SmsSettingsInput => {
  const {
    secretId = '',
    sdkAppId = '',
    signName = '',
    templateId = '',
    accessKeyId = '',
    templateCode = '',
    ...rest
  } = filled(provider, values)
  const { secretKey, accessKeySecret, endpoint, region = 'ap-guangzhou' } = rest
  if (provider === 'tencent') return { provider, secretId, secretKey, sdkAppId, signName, templateId, region, endpoint }
  if (provider === 'aliyun') return { provider, accessKeyId, accessKeySecret, signName, templateCode, endpoint }
  return { provider }
}
