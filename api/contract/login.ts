/** Ways in (BP-002): codes by SMS, WeChat scans, second factor, passwords, sessions, and their settings. */
import { z } from 'zod'
import { safeText } from './message.ts'

/** What a code by SMS is asked for; one is never good for another purpose. */
export const CODE_PURPOSES = ['staff_login', 'password_reset', 'bind_phone', 'customer_register', 'customer_login'] as const
export type CodePurpose = (typeof CODE_PURPOSES)[number]

export const phoneText = z.string().min(5).max(40)
export const codeText = z.string().regex(/^\d{6}$/)
export const captchaAnswer = z.strictObject({ id: z.uuid(), text: z.string().min(1).max(10) })
export const captchaSchema = z.object({
  id: z.uuid(),
  /** To be shown as `<img src="data:image/svg+xml,…">`, never as markup of the page. */
  svg: z.string(),
  expiresAt: z.iso.datetime(),
})
export type Captcha = z.infer<typeof captchaSchema>

export const codeRequest = z.strictObject({
  phone: phoneText,
  purpose: z.enum(['staff_login', 'password_reset']),
  /** Needed from the fourth request on: 400 `captcha_required`. */
  captcha: captchaAnswer.optional(),
})
/** The same for numbers that belong to somebody and for those that do not. */
export const codeTicketSchema = z.object({
  id: z.uuid(),
  expiresAt: z.iso.datetime(),
  /** Asking again earlier answers 429. */
  resendAt: z.iso.datetime(),
})
export type CodeTicket = z.infer<typeof codeTicketSchema>
/** `failing`: the provider does not take messages now; the code stays good, and asking again sends the same one. */
export const codeDeliverySchema = z.object({ state: z.enum(['on_its_way', 'failing']) })

export const codeLoginRequest = z.strictObject({ phone: phoneText, code: codeText })
export const newPasswordText = z.string().min(1).max(256)
export const passwordResetRequest = z.strictObject({ phone: phoneText, code: codeText, password: newPasswordText })
export const passwordChangeRequest = z.strictObject({
  /** Not needed for the first change of who has just signed in by code or WeChat: the initial password is not his own. */
  current: z.string().min(1).max(256).optional(),
  password: newPasswordText,
})
export const PASSWORD_MIN_LENGTH = 10
/** What a refused password (`password_weak`) breaks, as `context.rule`. */
export const PASSWORD_RULES = ['too_short', 'too_common', 'contains_name', 'too_uniform'] as const
export type PasswordRule = (typeof PASSWORD_RULES)[number]

/** Six digits of the authenticator, or a recovery code. `challenge` comes with 401 `second_factor_required`, as `context.challenge`. */
export const secondFactorRequest = z.strictObject({ challenge: z.string().min(20).max(100), code: z.string().min(6).max(20) })
export const totpSetupSchema = z.object({
  secret: z.string(),
  /** For the QR picture: `otpauth://totp/…`. */
  uri: z.string(),
})
export const totpCodeRequest = z.strictObject({ code: codeText })
export const passwordConfirmation = z.strictObject({ password: z.string().min(1).max(256) })
export const recoveryCodesSchema = z.object({ codes: z.array(z.string()) })

/** Which ways of signing in the page offers; open to anybody. */
export const loginMethodsSchema = z.object({
  phoneCode: z.boolean(),
  wechat: z.object({ website: z.boolean(), official: z.boolean() }),
})
export type LoginMethods = z.infer<typeof loginMethodsSchema>

export const SCAN_VIAS = ['website', 'official'] as const
export type ScanVia = (typeof SCAN_VIAS)[number]
export const scanRequest = z.strictObject({ via: z.enum(SCAN_VIAS) })
/** Whoever has a password gives it: a new way in is not made by whoever finds a desk open. */
export const bindScanRequest = scanRequest.extend({ password: z.string().min(1).max(256).optional() })
export const scanSchema = z.object({
  id: z.uuid(),
  via: z.enum(SCAN_VIAS),
  /** website: the page at WeChat to go to. */
  authorizeUrl: z.string().nullable(),
  /** official: what the QR code to scan says. */
  qrText: z.string().nullable(),
  expiresAt: z.iso.datetime(),
})
export type Scan = z.infer<typeof scanSchema>
/** `scanned`: he is asked on his phone whether it was he who wants in; `confirmed` or `refused` is his answer. */
export const SCAN_STATUSES = ['waiting', 'scanned', 'confirmed', 'refused', 'done', 'expired'] as const
export type ScanStatus = (typeof SCAN_STATUSES)[number]
export const scanStateSchema = z.object({ status: z.enum(SCAN_STATUSES) })

export const SESSION_METHODS = ['password', 'code', 'wechat'] as const
export type SessionMethod = (typeof SESSION_METHODS)[number]
export const sessionSchema = z.object({
  id: z.uuid(),
  current: z.boolean(),
  method: z.enum(SESSION_METHODS),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
})
export type LoginSession = z.infer<typeof sessionSchema>

/** My ways in. */
export const securitySchema = z.object({
  hasPassword: z.boolean(),
  passwordChangedAt: z.iso.datetime().nullable(),
  /** Masked: `+86 138****8000`. */
  phone: z.string().nullable(),
  /** False for one that a colleague entered: it resets no password, and signs in only who has never signed in before. */
  phoneProven: z.boolean(),
  wechat: z.object({ nickname: z.string().nullable(), boundAt: z.iso.datetime() }).nullable(),
  totp: z.object({ enabled: z.boolean(), recoveryCodesLeft: z.int().nonnegative() }),
})
export type Security = z.infer<typeof securitySchema>
export const bindPhoneCodeRequest = z.strictObject({ phone: phoneText, captcha: captchaAnswer.optional() })
/** `password` as in `bindScanRequest`. */
export const bindPhoneRequest = z.strictObject({ phone: phoneText, code: codeText, password: z.string().min(1).max(256).optional() })

export const SMS_PROVIDERS = ['development', 'tencent', 'aliyun'] as const
export type SmsProviderKind = (typeof SMS_PROVIDERS)[number]
const signature = safeText(30, 1)
const endpoint = z.url({ protocol: /^https?$/ }).optional()
/** A secret that is left out of a change stays as it is. */
const secret = z.string().min(1).max(200).optional()
export const smsSettingsInput = z.discriminatedUnion('provider', [
  z.strictObject({ provider: z.literal('development') }),
  z.strictObject({
    provider: z.literal('tencent'),
    secretId: z.string().min(1).max(100),
    secretKey: secret,
    sdkAppId: z.string().regex(/^\d{6,20}$/),
    signName: signature,
    /** Template with two parameters: the code, and the minutes it is good for. */
    templateId: z.string().regex(/^\d{1,20}$/),
    region: z
      .string()
      .regex(/^[a-z0-9-]{2,30}$/)
      .default('ap-guangzhou'),
    endpoint,
  }),
  z.strictObject({
    provider: z.literal('aliyun'),
    accessKeyId: z.string().min(1).max(100),
    accessKeySecret: secret,
    signName: signature,
    /** Template with the variable `code`. */
    templateCode: z.string().regex(/^SMS_\d{1,20}$/),
    endpoint,
  }),
])
export type SmsSettingsInput = z.infer<typeof smsSettingsInput>
export const wechatLoginInput = z.strictObject({
  /** The website application of the open platform; null switches it off. */
  website: z
    .strictObject({
      appId: z.string().regex(/^wx[0-9a-zA-Z]{10,30}$/),
      appSecret: secret,
      /** Another address than WeChat's own, for the simulator. */
      base: endpoint,
    })
    .nullable(),
  /** The official account whose codes staff may scan; null switches it off. */
  officialAccountId: z.uuid().nullable(),
})

export const loginSettingsSchema = z.object({
  phoneCode: z.boolean(),
  /** Secrets are told as set or not, never shown. */
  sms: z.object({ provider: z.enum(SMS_PROVIDERS), values: z.record(z.string(), z.string()), secretsSet: z.array(z.string()) }).nullable(),
  wechat: z.object({
    website: z.object({ appId: z.string(), secretSet: z.boolean(), base: z.string().nullable() }).nullable(),
    officialAccountId: z.uuid().nullable(),
    /** To be registered at the open platform. */
    callbackUrl: z.string(),
  }),
  providers: z.array(z.enum(SMS_PROVIDERS)),
  smsHealth: z.object({ failingSince: z.iso.datetime().nullable(), error: z.string().nullable() }),
  version: z.int().positive(),
})
export type LoginSettings = z.infer<typeof loginSettingsSchema>
export const loginSettingsPatch = z.strictObject({
  version: z.int().positive(),
  phoneCode: z.boolean().optional(),
  sms: smsSettingsInput.nullable().optional(),
  wechat: wechatLoginInput.optional(),
})
export const smsTestRequest = z.strictObject({ phone: phoneText })
export const smsTestSchema = z.object({ ok: z.boolean(), code: z.string().nullable(), detail: z.string().nullable() })
