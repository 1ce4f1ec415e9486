/** Web authorisation inside WeChat and login by QR code on websites: exchange of codes and reading of profiles. */
import { newCode, newOauthToken, openIdElsewhere } from '../state/identifiers.ts'
import { personOf, trimMap, type Customer, type OauthGrant } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { OK, withoutToken, type Answer, type CallContext, type Endpoints } from './endpoint.ts'
import { refuse } from './errors.ts'
import type { Fields } from './fields.ts'

const CODE_LIFETIME_MS = 300_000
const TOKEN_LIFETIME_MS = 7_200_000
const REFRESH_LIFETIME_MS = 30 * 86_400_000
const KEPT_GRANTS = 5_000

export interface OauthConsent {
  /** An account, or a website of the Open Platform. */
  appId: string
  scope: string
  customer: Customer
  /** Seen through a preview ("snapshot page"): a virtual user. */
  snapshot?: boolean | undefined
}

/** A single-use code, good for five minutes. */
export const issueCode = (world: World, { appId, scope, customer, snapshot = false }: OauthConsent): string => {
  const isHome = customer.appId === appId
  const own = isHome ? customer.openId : openIdElsewhere(appId, personOf(customer))
  const grant: OauthGrant = {
    appId,
    scope,
    openId: snapshot ? openIdElsewhere(appId, `snapshot:${own}`) : own,
    person: { accountAppId: customer.appId, openId: customer.openId },
    snapshot,
  }
  const code = newCode()
  world.oauthCodes.set(code, { grant, expiresAt: world.clock.now() + CODE_LIFETIME_MS, used: false })
  trimMap(world.oauthCodes, KEPT_GRANTS)
  return code
}

const checkSecret = ({ world, query }: CallContext) => {
  const appId = query.get('appid') ?? ''
  if (!appId) refuse(41002)
  const app = world.accounts.get(appId) ?? world.websites.get(appId) ?? refuse(40013)
  if (!query.get('secret')) refuse(41004)
  if (app.appSecret !== query.get('secret')) refuse(40125)
  return appId
}

const customerOf = (world: World, { person }: OauthGrant) => world.accounts.get(person.accountAppId)?.customers.get(person.openId)

const unionIdOf = (world: World, grant: OauthGrant): Fields => {
  const bound = world.accounts.get(grant.appId)?.unionBound ?? world.websites.has(grant.appId)
  const unionId = customerOf(world, grant)?.unionId
  return bound && unionId && !grant.snapshot ? { unionid: unionId } : {}
}

const grantTokens = (world: World, grant: OauthGrant, refreshToken?: string): Fields => {
  const now = world.clock.now()
  const token = newOauthToken()
  world.oauthTokens.set(token, { grant, expiresAt: now + TOKEN_LIFETIME_MS })
  trimMap(world.oauthTokens, KEPT_GRANTS)
  const refresh = refreshToken ?? newOauthToken()
  if (!refreshToken) world.refreshTokens.set(refresh, { grant, expiresAt: now + REFRESH_LIFETIME_MS })
  trimMap(world.refreshTokens, KEPT_GRANTS)
  return { access_token: token, expires_in: TOKEN_LIFETIME_MS / 1000, refresh_token: refresh, openid: grant.openId, scope: grant.scope }
}

const exchangeCode = (ctx: CallContext): Answer => {
  const { world, query, now } = ctx
  const appId = checkSecret(ctx)
  if (query.get('grant_type') !== 'authorization_code') refuse(40002)
  const code = query.get('code') ?? refuse(41008)
  const issued = world.oauthCodes.get(code) ?? refuse(40029)
  if (issued.used) refuse(40163)
  if (issued.grant.appId !== appId || issued.expiresAt <= now) refuse(40029)
  issued.used = true
  const snapshot = issued.grant.snapshot ? { is_snapshotuser: 1 } : {}
  return { json: { ...grantTokens(world, issued.grant), ...snapshot, ...unionIdOf(world, issued.grant) } }
}

const refreshGrant = ({ world, query, now }: CallContext): Answer => {
  if (query.get('grant_type') !== 'refresh_token') refuse(40002)
  const refreshToken = query.get('refresh_token') ?? ''
  const issued = world.refreshTokens.get(refreshToken) ?? refuse(40030)
  if (issued.grant.appId !== query.get('appid')) refuse(40013)
  if (issued.expiresAt <= now) refuse(42002)
  return { json: grantTokens(world, issued.grant, refreshToken) }
}

const liveGrant = ({ world, query, now }: CallContext): OauthGrant => {
  const issued = world.oauthTokens.get(query.get('access_token') ?? refuse(41001)) ?? refuse(40001)
  if (issued.expiresAt <= now) refuse(42001)
  if (issued.grant.openId !== query.get('openid')) refuse(40003)
  return issued.grant
}

const readProfile = (ctx: CallContext): Answer => {
  const grant = liveGrant(ctx)
  if (grant.scope === 'snsapi_base') refuse(48001)
  const nickname = grant.snapshot ? '微信用户' : (customerOf(ctx.world, grant)?.nickname ?? '')
  const profile = {
    openid: grant.openId,
    nickname,
    sex: 0,
    language: '',
    city: '',
    province: '',
    country: '',
    headimgurl: '',
    privilege: [],
  }
  return { json: { ...profile, ...unionIdOf(ctx.world, grant) } }
}

const checkGrant = (ctx: CallContext): Answer => {
  liveGrant(ctx)
  return { json: OK }
}

export const oauthEndpoints: Endpoints = {
  '/sns/oauth2/access_token': withoutToken('GET', exchangeCode),
  '/sns/oauth2/refresh_token': withoutToken('GET', refreshGrant),
  '/sns/userinfo': withoutToken('GET', readProfile),
  '/sns/auth': withoutToken('GET', checkGrant),
}
