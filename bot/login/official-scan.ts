/** Login by scanning a code of an official account: a scene that belongs to a login is nobody's way into a conversation. */
import type { InboundEvent } from '#adapters/contract/index.ts'
import type { App } from '#api/core/app.ts'
import { Conflict, Forbidden } from '#api/core/errors.ts'
import { isLoginScene, recordScan, wechatOfficialAccount, type WechatPerson } from '#api/modules/identity/index.ts'
import { channelsOf } from '../channels.ts'

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

/**
 * Takes the logins out of what an account received: noted before the platform is told "got it", so that it comes again when that fails.
 * A mere scan then is a line in the ledger and nobody's; who began to follow by it is a follower like any other, without the scene.
 */
export async function takeLoginScans(app: App, accountId: string, events: readonly InboundEvent[]): Promise<InboundEvent[]> {
  const rest: InboundEvent[] = []
  for (const event of events) {
    const scene = event.source?.kind === 'qr' && isLoginScene(event.source.label) ? event.source.label : null
    if (scene === null || event.from === null) {
      rest.push(event)
      continue
    }
    await recordScan(app, { state: scene, via: 'official' }, personOf(accountId, event.from))
    const { source: _login, ...plain } = event
    rest.push(event.kind === 'subscribed' ? plain : { ...plain, from: null })
  }
  return rest
}
