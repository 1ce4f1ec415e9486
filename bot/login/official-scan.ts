/**
 * Login by scanning a code of an official account: a scene that belongs to a login is nobody's way into a conversation. A scan alone lets
 * nobody in: codes are shown to people by strangers. The account asks him who scanned, in its conversation with him on WeChat.
 */
import type { InboundEvent } from '#adapters/contract/index.ts'
import type { App } from '#api/core/app.ts'
import { Conflict, Forbidden } from '#api/core/errors.ts'
import type { MessagePart } from '#api/contract/message.ts'
import { newId } from '#api/core/ids.ts'
import {
  Account,
  decideScan,
  forgetScan,
  isLoginScene,
  recordScan,
  scanLocale,
  wechatOfficialAccount,
  type WechatPerson,
} from '#api/modules/identity/index.ts'
import { channelsOf } from '../channels.ts'
import { confirmMenu, decidedText, readDecision } from './confirm-words.ts'

const CALL_MS = 10_000

/** What a login code says: drawn as a picture by the page. @throws Forbidden `login_method_disabled`; Conflict `channel_unsupported` */
export async function officialQrText(app: App, state: string, seconds: number): Promise<string> {
  const accountId = await wechatOfficialAccount(app)
  if (accountId === null) throw new Forbidden('login_method_disabled', 'no official account is set up for signing in')
  const { adapter, account, active, call } = await channelsOf(app).get(accountId)
  if (!active || !adapter.createQrCode)
    throw new Conflict('channel_unsupported', 'this channel cannot make codes', { feature: 'createQrCode' })
  const { url } = await adapter.createQrCode(account, { scene: state, expiresInSeconds: seconds }, call(CALL_MS).ctx)
  return url
}

/** The id that is the same in all applications of one owner; null where the account has none, or nobody answers. */
export async function unionidOf(app: App, channelAccountId: string, openid: string): Promise<string | null> {
  try {
    const { adapter, account, call } = await channelsOf(app).get(channelAccountId)
    const profile = await adapter.fetchProfile?.(account, openid, call(CALL_MS).ctx)
    return profile?.unionid ?? null
  } catch (error) {
    app.log.warn({ channelAccountId, error: error instanceof Error ? error.name : 'unknown' }, 'login.profile_not_fetched')
    return null
  }
}

const personOf = (accountId: string, from: NonNullable<InboundEvent['from']>): WechatPerson => ({
  appId: accountId,
  openid: from.externalId,
  unionid: from.unionid ?? null,
  nickname: from.name ?? null,
})

/** What belongs to logins, taken out of what an account received. */
export interface LoginScans {
  rest: InboundEvent[]
  /** To be said to those people once the platform has its answer; never fails. */
  say(): Promise<void>
}

/**
 * Takes the logins out of what an account received: noted before the platform is told "got it", so that it comes again when that fails.
 * A mere scan, or the answer whether it was he, then is a line in the ledger and nobody's; who began to follow by it is a follower like any
 * other, without the scene.
 */
export async function takeLoginScans(app: App, accountId: string, events: readonly InboundEvent[]): Promise<LoginScans> {
  const rest: InboundEvent[] = []
  const said: (() => Promise<void>)[] = []
  for (const event of events) {
    const say = event.from === null ? null : ((await scanned(app, accountId, event)) ?? (await decided(app, accountId, event)))
    if (say === null) {
      rest.push(event)
      continue
    }
    said.push(say)
    const { source: _login, ...plain } = event
    rest.push(event.kind === 'subscribed' ? plain : { ...plain, from: null })
  }
  const unheard = (error: unknown) =>
    app.log.warn({ channelAccountId: accountId, error: error instanceof Error ? error.name : 'unknown' }, 'login.not_told')
  return { rest, say: async () => void (await Promise.all(said.map((say) => say().catch(unheard)))) }
}

type Say = () => Promise<void>

/** @returns null for what is no scan of a login */
async function scanned(app: App, accountId: string, { source, from }: InboundEvent): Promise<Say | null> {
  if (from === null || source?.kind !== 'qr' || !isLoginScene(source.label)) return null
  const scan = await recordScan(app, source.label, personOf(accountId, from))
  return async () => {
    if (scan === null) return
    const account = scan.account_id === null ? undefined : await Account.query(app.db).findById(scan.account_id).select('name')
    const asked = await tell(app, accountId, { to: from.externalId, part: confirmMenu(scan, account?.name ?? '') })
    if (!asked) await forgetScan(app, scan)
  }
}

/** @returns null for what is no answer to our question */
async function decided(app: App, accountId: string, { parts, from }: InboundEvent): Promise<Say | null> {
  const [part] = parts ?? []
  const decision = part?.type === 'text' && part.menuOptionId !== undefined ? readDecision(part.menuOptionId) : null
  if (from === null || decision === null) return null
  const outcome = await decideScan(app, { id: decision.id, appId: accountId, openid: from.externalId }, decision.agreed)
  return async () => {
    if (outcome === 'again') return
    await tell(app, accountId, { to: from.externalId, part: decidedText(outcome, await scanLocale(app, decision.id)) })
  }
}

/** Straight to the platform: it belongs to no conversation, and who waits before a browser has no use for it later. @returns whether it left */
async function tell(app: App, accountId: string, { to, part }: { to: string; part: MessagePart }): Promise<boolean> {
  try {
    const { adapter, account, call } = await channelsOf(app).get(accountId)
    await adapter.send(account, { to: { externalId: to }, part, deliveryId: newId() }, call(CALL_MS).ctx)
    return true
  } catch (error) {
    app.log.warn({ channelAccountId: accountId, error: error instanceof Error ? error.name : 'unknown' }, 'login.not_told')
    return false
  }
}
