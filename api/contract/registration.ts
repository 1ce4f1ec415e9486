/** How customers register and sign in on our own pages (BP-001, BP-002), and the links that invite them. */
import { z } from 'zod'
import { listQuery } from './list.ts'
import { captchaAnswer, codeText, newPasswordText, phoneText, SCAN_VIAS, scanRequest, scanSchema } from './login.ts'
import { safeText } from './message.ts'

export const LINK_STATES = ['valid', 'used_up', 'expired', 'revoked'] as const
export type LinkState = (typeof LINK_STATES)[number]

/** The unguessable part of `/join/{token}`; only its digest is stored. */
export const linkToken = z.string().regex(/^[\w-]{24,64}$/)

export const registrationLinkSchema = z.object({
  id: z.uuid(),
  /** What it is for, to colleagues. */
  label: z.string().nullable(),
  state: z.enum(LINK_STATES),
  createdBy: z.object({ id: z.uuid(), name: z.string() }),
  /** Whose customers they become. */
  team: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  /** The page where they talk. */
  channel: z.object({ accountId: z.uuid(), name: z.string() }),
  /** People who may register with it, and who have. Opening the page counts for nothing. */
  maxUses: z.int().positive(),
  uses: z.int().nonnegative(),
  expiresAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  version: z.int().positive(),
})
export type RegistrationLink = z.infer<typeof registrationLinkSchema>

export const MAX_LINK_USES = 1000
export const MAX_LINK_HOURS = 24 * 365
export const registrationLinkCreate = z.strictObject({
  accountId: z.uuid(),
  teamId: z.uuid().optional(),
  label: safeText(60, 1).optional(),
  validHours: z.int().min(1).max(MAX_LINK_HOURS).default(72),
  maxUses: z.int().min(1).max(MAX_LINK_USES).default(1),
})
/** `url` is shown this once: afterwards nobody, not even the database, knows it. */
export const registrationLinkCreated = z.object({ link: registrationLinkSchema, url: z.url() })
export const registrationLinkQuery = listQuery.extend({
  state: z.enum(LINK_STATES).optional(),
  createdBy: z.uuid().optional(),
  teamId: z.uuid().optional(),
  q: safeText(60).optional(),
})
export const registrationLinkRevoke = z.strictObject({ version: z.int().positive() })
export const registrationUseSchema = z.object({
  id: z.uuid(),
  customer: z.object({ id: z.uuid(), name: z.string().nullable(), tail: z.string() }),
  /** False: somebody we knew already, who signed in with it. */
  isNew: z.boolean(),
  at: z.iso.datetime(),
})
export type RegistrationUse = z.infer<typeof registrationUseSchema>
/** What a link can be made for. */
export const registrationTargetsSchema = z.object({
  accounts: z.array(z.object({ id: z.uuid(), name: z.string() })),
  teams: z.array(z.object({ id: z.uuid(), name: z.string() })),
})
export type RegistrationTargets = z.infer<typeof registrationTargetsSchema>

// The customer's half

export const CUSTOMER_LOGIN_METHODS = ['code', 'password', 'wechat'] as const
export type CustomerLoginMethod = (typeof CUSTOMER_LOGIN_METHODS)[number]

/** What stands on every customer page, before anybody is known. */
export const webPageSchema = z.object({
  accountId: z.uuid(),
  title: z.string(),
  accent: z.string().nullable(),
  companyName: z.string(),
  icpNumber: z.string().nullable(),
  privacyVersion: z.int().positive(),
  methods: z.array(z.enum(CUSTOMER_LOGIN_METHODS)),
  /** How WeChat can be scanned, when it can. */
  scanVias: z.array(z.enum(SCAN_VIAS)),
})
export type WebPage = z.infer<typeof webPageSchema>
/** Opening a link shows where it leads and uses nothing up. */
export const linkOpenRequest = z.strictObject({ token: linkToken })
export const openedLinkSchema = z.object({ page: webPageSchema, invitedBy: z.string(), team: z.string().nullable() })
export type OpenedLink = z.infer<typeof openedLinkSchema>

export const webPrivacyQuery = z.strictObject({ version: z.coerce.number().int().positive().optional() })
export const webPrivacySchema = z.object({
  version: z.int().positive(),
  zh: z.string(),
  en: z.string(),
  publishedAt: z.iso.datetime(),
  companyName: z.string(),
  icpNumber: z.string().nullable(),
})
export type WebPrivacy = z.infer<typeof webPrivacySchema>

export const webCodeRequest = z.strictObject({ phone: phoneText, captcha: captchaAnswer.optional() })

/** There are no cookies on embedded pages: the browser that began a scan shows this to see how it ends. */
const browserToken = z.string().regex(/^[\w-]{20,100}$/)
export const webScanRequest = scanRequest
export const webScanSchema = z.object({ scan: scanSchema, browserToken: z.string() })
export type WebScan = z.infer<typeof webScanSchema>
export const webScanStateRequest = z.strictObject({ browserToken })

const privacyVersion = z.int().positive()
/** True: what was written on this device before goes along. Otherwise it stays apart. */
const keepConversation = z.boolean().default(false)
export const webLoginRequest = z.discriminatedUnion('method', [
  z.strictObject({
    method: z.literal('code'),
    phone: phoneText,
    code: codeText,
    privacyVersion,
    link: linkToken.optional(),
    keepConversation,
  }),
  z.strictObject({ method: z.literal('password'), phone: phoneText, password: newPasswordText, privacyVersion, keepConversation }),
  /** The scan that was begun by this page and is done. */
  z.strictObject({
    method: z.literal('wechat'),
    scanId: z.uuid(),
    browserToken,
    privacyVersion,
    link: linkToken.optional(),
    keepConversation,
  }),
])
export type WebLoginRequest = z.infer<typeof webLoginRequest>

export const webProfileSchema = z.object({
  name: z.string().nullable(),
  /** Masked. */
  phone: z.string().nullable(),
  /** 单位, in his own words; once it is known as an institution, its name. */
  organisation: z.string().nullable(),
  /** 职务 */
  title: z.string().nullable(),
  status: z.enum(['temporary', 'formal']),
  hasPassword: z.boolean(),
  wechatBound: z.boolean(),
  version: z.int().positive(),
})
export type WebProfile = z.infer<typeof webProfileSchema>
export const webLoginSchema = z.object({
  token: z.string(),
  expiresAt: z.iso.datetime(),
  /** True: the profile was made by this login. */
  registered: z.boolean(),
  profile: webProfileSchema,
})
export type WebLogin = z.infer<typeof webLoginSchema>
/** `profile` is null for a visitor who has not signed in. */
export const webMeSchema = z.object({ profile: webProfileSchema.nullable() })
export const webProfilePatch = z.strictObject({
  name: safeText(60, 1).nullable().optional(),
  organisation: safeText(100, 1).nullable().optional(),
  title: safeText(60, 1).nullable().optional(),
  version: z.int().positive(),
})
export type WebProfilePatch = z.infer<typeof webProfilePatch>

/** Code by `POST /api/v1/web/{accountId}/codes`. */
export const webPhoneRequest = z.strictObject({ phone: phoneText, code: codeText })
/** With the old password, or within ten minutes of a login by code. */
export const webPasswordRequest = z.strictObject({ password: newPasswordText, current: newPasswordText.optional() })
/** Signs in as well; every other session ends. */
export const webPasswordReset = z.strictObject({ phone: phoneText, code: codeText, password: newPasswordText, privacyVersion })
export const webDeviceSchema = z.object({
  id: z.uuid(),
  method: z.enum(CUSTOMER_LOGIN_METHODS),
  /** The page's name: one may be signed in on several. */
  page: z.string(),
  userAgent: z.string().nullable(),
  ip: z.string().nullable(),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  current: z.boolean(),
})
export type WebDevice = z.infer<typeof webDeviceSchema>

// From temporary to formal (BP-001.5)

export const DUPLICATE_REASONS = ['phone', 'unionid', 'name_and_institution'] as const
export const archivingProposalSchema = z.object({
  /** 单位 as the customer wrote it. */
  organisation: z.string().nullable(),
  /** Institutions that it may mean; the first is the same name, when there is one. */
  institutions: z.array(z.object({ id: z.uuid(), name: z.string(), exact: z.boolean() })),
  duplicates: z.array(
    z.object({
      id: z.uuid(),
      name: z.string().nullable(),
      institution: z.string().nullable(),
      reasons: z.array(z.enum(DUPLICATE_REASONS)),
    }),
  ),
})
export type ArchivingProposal = z.infer<typeof archivingProposalSchema>
export const archivingRequest = z.strictObject({ institutionId: z.uuid(), version: z.int().positive() })
export const registrationSettingsSchema = z.object({
  /** Who has a verified phone, a name, and a 单位 that names exactly one institution becomes formal by himself. */
  archiveMatching: z.boolean(),
  version: z.int().positive(),
})
export type RegistrationSettings = z.infer<typeof registrationSettingsSchema>
export const registrationSettingsPatch = z.strictObject({ archiveMatching: z.boolean(), version: z.int().positive() })
