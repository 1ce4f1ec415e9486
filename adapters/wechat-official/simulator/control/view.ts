/** What the page is told: types only, free of anything that a browser lacks. */
import type { ApiFault, BodyFormat, CallbackFaultKind, Delivery, EncryptionMode, PhoneEntry, WireCall } from '../types.ts'

export interface CustomerView {
  openId: string
  unionId: string | null
  nickname: string
  remark: string
  following: boolean
  blocked: boolean
  refuses: boolean
  typing: boolean
  /** Replies that the account may still send; null = no limit. */
  remaining: number | null
  /** End of the last open window; null = closed. */
  windowEndsAt: number | null
  grants: Record<string, number>
  phone: PhoneEntry[]
}
export interface MenuButtonView {
  name: string
  type: string
  url: string
  sub: MenuButtonView[]
}
export interface AccountView {
  appId: string
  originalId: string
  name: string
  mode: EncryptionMode
  format: BodyFormat
  callbackUrl: string | null
  ipLocked: boolean
  tokens: number
  menu: MenuButtonView[]
  tickets: { ticket: string; scene: string; expiresAt: number | null }[]
  templates: { templateId: string; title: string; kind: 'template' | 'subscribe' }[]
  sendQuota: { limit: number; used: number }
  customers: CustomerView[]
}
export interface SimulatorView {
  kind: 'wechat-official'
  base: string
  now: number
  accounts: AccountView[]
  apiFaults: ApiFault[]
  callbackFaults: CallbackFaultKind[]
  reorder: { size: number; held: number }
  /** Newest last. */
  calls: WireCall[]
  deliveries: Pick<Delivery, 'id' | 'kind' | 'state' | 'openId'>[]
}
