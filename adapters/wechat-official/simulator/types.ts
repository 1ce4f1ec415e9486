/** What the simulated platform knows: accounts, people, messages, calls. Times are milliseconds of the simulator's clock. */

export type EncryptionMode = 'plain' | 'compatible' | 'safe'
export type BodyFormat = 'xml' | 'json'

/** An official account as its owner set it up at the platform. */
export interface AccountSettings {
  appId: string
  appSecret: string
  /** 3–32 letters or digits. */
  token: string
  /** 43 characters; may stay away in plain mode. */
  encodingAesKey?: string | undefined
  mode?: EncryptionMode | undefined
  format?: BodyFormat | undefined
  /** `gh_…` */
  originalId?: string | undefined
  name?: string | undefined
  /** Where customer actions are delivered. Without it they stay undelivered, as on a real account without a server. */
  callbackUrl?: string | undefined
  /** Bound to an Open Platform account: only then does a unionid appear. Default true. */
  unionBound?: boolean | undefined
  /** Domain that web authorisation may return to; absent = any. */
  oauthDomain?: string | undefined
  /** Source addresses that may fetch a token; absent = any (40164 otherwise). */
  ipAllowList?: string[] | undefined
  /** Fill `Recognition` of voice messages. The platform is retiring it. Default false. */
  voiceRecognition?: boolean | undefined
  /** Accounts of the platform's own service desk; a reply that names another one is refused. */
  kfAccounts?: string[] | undefined
  /** What a reply to somebody who does not follow answers: sources name both. Default 45015. */
  unfollowedErrcode?: 45015 | 43004 | undefined
}

/** A website registered at the Open Platform: login by QR code (`/connect/qrconnect`). */
export interface WebsiteApp {
  appId: string
  appSecret: string
  name: string
  redirectDomain?: string | undefined
}

export interface CustomerSettings {
  appId: string
  openId?: string | undefined
  unionId?: string | undefined
  nickname: string
  /** Default true, with the follow window already over. */
  following?: boolean | undefined
}

/** The actions that let an account write to somebody, each with its own window and count. */
export type AllowanceKind = 'message' | 'menu' | 'follow' | 'scan' | 'pay'
export interface AllowanceRule {
  windowMs: number
  /** Replies per action; null = unlimited. */
  count: number | null
}
export interface Allowance {
  kind: AllowanceKind
  openedAt: number
  endsAt: number
  remaining: number | null
}

export interface Article {
  title: string
  description: string
  url: string
  picUrl: string
}
/** What a phone can show. Media are named by `mediaId`. */
export type Content =
  | { type: 'text'; text: string; menuOptionId?: string }
  | { type: 'image'; mediaId: string }
  | { type: 'voice'; mediaId: string; durationMs?: number }
  | { type: 'video'; mediaId: string; thumbMediaId?: string; title?: string; description?: string }
  | { type: 'music'; title: string; description: string; url: string; thumbMediaId?: string }
  | { type: 'location'; latitude: number; longitude: number; scale: number; label: string }
  | { type: 'link'; title: string; description: string; url: string }
  | { type: 'news'; articles: Article[] }
  | { type: 'menu'; head: string; options: { id: string; text: string }[]; tail: string }
  | { type: 'card'; card: 'mpnews' | 'mpnewsarticle' | 'wxcard' | 'miniprogrampage'; title: string; refId: string; thumbMediaId?: string }
  | { type: 'template'; templateId: string; title: string; lines: { label: string; value: string }[]; url?: string }
  | { type: 'other'; msgType: string }

export type PhoneNotice = 'followed' | 'unfollowed' | 'scanned' | 'menu_clicked' | 'menu_viewed' | 'service_unavailable' | 'event'
/** One line on a customer's phone. */
export type PhoneEntry = { id: number; at: number } & (
  | { side: 'customer'; content: Content; deliveryId?: string }
  | { side: 'account'; content: Content; via: SentVia }
  | { side: 'notice'; notice: PhoneNotice; detail: string; deliveryId?: string }
)

export type SentVia = 'custom' | 'template' | 'subscribe' | 'passive' | 'menu'
/** A message that the platform accepted from the account's server. */
export interface SentMessage {
  /** Position over all accounts, from 1: the order of acceptance. */
  seq: number
  at: number
  appId: string
  openId: string
  via: SentVia
  msgType: string
  content: Content
  /** The request as it came. */
  payload: Record<string, unknown>
  /** Decimal digits; only template and subscription messages have one. */
  msgId?: string
}

export type CallbackFaultKind =
  | 'wrong_signature'
  | 'wrong_appid'
  | 'missing_signature'
  | 'stale_timestamp'
  /** Delivered again although it was answered. */
  | 'duplicate'
  /** Never delivered. */
  | 'drop'

/** One POST to the account's callback. */
export interface DeliveryAttempt {
  at: number
  url: string
  contentType: string
  body: string
  fault?: CallbackFaultKind
  status?: number
  answer?: string
  outcome: 'waiting' | 'accepted' | 'replied' | 'refused' | 'timed_out' | 'unreachable'
}
/** A customer's action on its way to the account's server. */
export interface Delivery {
  id: string
  appId: string
  openId: string
  /** MsgType, or the event's name. */
  kind: string
  /** Decimal digits; events have none. */
  msgId?: string
  state: 'held' | 'pending' | 'accepted' | 'failed' | 'dropped' | 'undeliverable'
  attempts: DeliveryAttempt[]
  /** The account's answer in the callback itself. */
  passiveReply?: Content
}

/** Misbehaviour for calls to the platform. `path` is the platform's path or `*`; the fault lasts `times` calls (default 1). */
export interface ApiFault {
  path: string
  times?: number | undefined
  fault: ApiFaultEffect
}
export type ApiFaultEffect =
  /** The call is processed at once, its answer held back. */
  | { kind: 'latency'; ms: number }
  | { kind: 'status'; status: number }
  /** Processed, then half of the JSON is answered. */
  | { kind: 'malformed' }
  | { kind: 'reset_before' }
  /** Processed, then the connection is reset: the caller cannot know. */
  | { kind: 'reset_after' }
  | { kind: 'errcode'; errcode: number; errmsg?: string | undefined }

/** One line of the log: a call to the platform, or a callback from it. Secrets and tokens are shortened. */
export interface WireCall {
  id: number
  at: number
  direction: 'api' | 'callback'
  appId?: string
  method: string
  path: string
  query: string
  request: string
  /** Callbacks: what happened, and the content before it was encrypted. */
  kind?: string
  content?: string
  /** 0 = connection reset or no answer. */
  status: number
  response: string
  errcode?: number
  rid?: string
  fault?: string
}

export interface MessageTemplate {
  appId: string
  templateId: string
  /** `subscribe` = subscription notice (bizsend), else a template message. */
  kind?: 'template' | 'subscribe' | undefined
  title: string
  /** Lines such as `订单号:{{character_string1.DATA}}`. */
  content: string
}

export interface IssuedToken {
  appId: string
  kind: 'legacy' | 'stable'
  token: string
  issuedAt: number
  /** After this the answer is 42001. */
  expiresAt: number
  /** After this the answer is 40001: a newer token replaced it. */
  supersededAt?: number
}
