/** The simulator's memory. Everything that traffic can grow is bounded. */
import type {
  AccountSettings,
  Allowance,
  BodyFormat,
  CustomerSettings,
  Delivery,
  EncryptionMode,
  IssuedToken,
  MessageTemplate,
  PhoneEntry,
  WebsiteApp,
} from '../types.ts'
import { newOpenId, newOriginalId } from './identifiers.ts'

export interface StoredMedia {
  mediaId: string
  kind: 'image' | 'voice' | 'video' | 'thumb'
  mime: string
  fileName: string
  data: Buffer
  durationMs?: number
  createdAt: number
  expiresAt: number
  /** Uploaded article images and customers' pictures are served by address, without a token. */
  publicPath: string
}

export interface QrTicket {
  ticket: string
  scene: string
  numeric: boolean
  url: string
  /** Null for permanent codes. */
  expiresAt: number | null
}

export interface Customer {
  appId: string
  openId: string
  unionId?: string
  nickname: string
  following: boolean
  followedAt: number
  followScene: string
  followQrScene: string
  remark: string
  /** On the account's blocklist: 43019. */
  blocked: boolean
  /** Switched off receiving: 48002. */
  refuses: boolean
  allowances: Allowance[]
  /** When account and customer last exchanged anything; the typing command needs it to be recent. */
  lastExchangeAt: number | null
  typingUntil: number
  /** Unused consents to subscription notices, by template. */
  grants: Map<string, number>
  phone: PhoneEntry[]
}

export type MenuButton = Record<string, unknown>

export interface Account extends AccountSettings {
  name: string
  mode: EncryptionMode
  format: BodyFormat
  originalId: string
  unionBound: boolean
  unfollowedErrcode: 45015 | 43004
  customers: Map<string, Customer>
  tokens: IssuedToken[]
  templates: Map<string, MessageTemplate>
  media: Map<string, StoredMedia>
  tickets: Map<string, QrTicket>
  menu: MenuButton[] | null
  menuId: string
  jsTickets: Map<string, { ticket: string; expiresAt: number }>
  /** Calls today by path; `day` is the platform's calendar day (UTC+8). */
  usage: { day: string; calls: Map<string, number> }
  dailyLimits: Map<string, number>
  quotaClears: { month: string; count: number }
  lastForceRefreshAt: number | null
  /** `client_msg_id` → what it was answered with, for ten minutes. */
  recentClientIds: Map<string, { msgId: string; until: number }>
  /** Serves the TEMPLATESENDJOBFINISH of the next template messages. */
  templateOutcomes: ('failed:user block' | 'failed: system failed')[]
}

export const pushBounded = <T>(list: T[], entry: T, limit: number) => {
  list.push(entry)
  if (list.length > limit) list.splice(0, list.length - limit)
}

/** Forgets the oldest entries of a map beyond `limit`. */
export const trimMap = <K, V>(map: Map<K, V>, limit: number) => {
  for (const key of map.keys()) {
    if (map.size <= limit) return
    map.delete(key)
  }
}

export const newAccount = (settings: AccountSettings): Account => ({
  ...settings,
  name: settings.name ?? settings.appId,
  mode: settings.mode ?? 'safe',
  format: settings.format ?? 'xml',
  originalId: settings.originalId ?? newOriginalId(),
  unionBound: settings.unionBound ?? true,
  unfollowedErrcode: settings.unfollowedErrcode ?? 45015,
  customers: new Map(),
  tokens: [],
  templates: new Map(),
  media: new Map(),
  tickets: new Map(),
  menu: null,
  menuId: '',
  jsTickets: new Map(),
  usage: { day: '', calls: new Map() },
  dailyLimits: new Map(),
  quotaClears: { month: '', count: 0 },
  lastForceRefreshAt: null,
  recentClientIds: new Map(),
  templateOutcomes: [],
})

export const newCustomer = (settings: CustomerSettings, now: number): Customer => ({
  appId: settings.appId,
  openId: settings.openId ?? newOpenId(),
  ...(settings.unionId ? { unionId: settings.unionId } : {}),
  nickname: settings.nickname,
  following: settings.following ?? true,
  followedAt: now,
  followScene: 'ADD_SCENE_SEARCH',
  followQrScene: '',
  remark: '',
  blocked: false,
  refuses: false,
  allowances: [],
  lastExchangeAt: null,
  typingUntil: 0,
  grants: new Map(),
  phone: [],
})

/** A person is one across applications when the unionid says so. */
export const personOf = (customer: Customer) => customer.unionId ?? customer.openId

export interface OauthGrant {
  appId: string
  scope: string
  /** The customer's openid at `appId`. */
  openId: string
  person: { accountAppId: string; openId: string }
  snapshot: boolean
}
export interface Directory {
  accounts: Map<string, Account>
  websites: Map<string, WebsiteApp>
  deliveries: Map<string, Delivery>
  oauthCodes: Map<string, { grant: OauthGrant; expiresAt: number; used: boolean }>
  oauthTokens: Map<string, { grant: OauthGrant; expiresAt: number }>
  refreshTokens: Map<string, { grant: OauthGrant; expiresAt: number }>
}
