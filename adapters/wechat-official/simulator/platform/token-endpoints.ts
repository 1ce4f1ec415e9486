/** Access tokens, quota and addresses of the platform. */
import type { Account } from '../state/records.ts'
import { clearQuota, countCall, quotaOf } from '../state/quota.ts'
import { newTicket } from '../state/identifiers.ts'
import { FORCE_REFRESH_SPACING_MS, issueLegacyToken, issueStableToken } from '../state/tokens.ts'
import type { IssuedToken } from '../types.ts'
import { OK, withoutToken, withToken, type AccountContext, type Answer, type CallContext, type Endpoints } from './endpoint.ts'
import { refuse } from './errors.ts'
import { parseFields, textOf } from './fields.ts'

const TICKET_LIFETIME_MS = 7_200_000
/** Documentation addresses (RFC 5737): nobody should talk to them. */
const PLATFORM_ADDRESSES = ['192.0.2.10', '192.0.2.11', '198.51.100.20', '203.0.113.30']

interface Credentials {
  grantType: string
  appId: string
  secret: string
}

const accountFor = (ctx: CallContext, { grantType, appId, secret }: Credentials): Account => {
  if (!appId) refuse(41002)
  if (grantType !== 'client_credential') refuse(40002)
  if (!secret) refuse(41004)
  const account = ctx.world.accounts.get(appId) ?? refuse(40013)
  if (account.appSecret !== secret) refuse(40125)
  if (account.ipAllowList && !account.ipAllowList.includes(ctx.remoteAddress)) {
    refuse(40164, ` ${ctx.remoteAddress} ipv6 ::ffff:${ctx.remoteAddress}, not in whitelist`)
  }
  return account
}

const grantAnswer = (issued: IssuedToken, now: number): Answer => ({
  json: { access_token: issued.token, expires_in: Math.floor((issued.expiresAt - now) / 1000) },
})

const legacyToken = (ctx: CallContext): Answer => {
  const { query, now } = ctx
  const account = accountFor(ctx, {
    grantType: query.get('grant_type') ?? '',
    appId: query.get('appid') ?? '',
    secret: query.get('secret') ?? '',
  })
  if (!countCall(account, ctx.path, now)) refuse(45009)
  return grantAnswer(issueLegacyToken(account, now), now)
}

const stableToken = (ctx: CallContext): Answer => {
  const { now } = ctx
  const fields = parseFields(ctx.body)
  const account = accountFor(ctx, {
    grantType: textOf(fields['grant_type']),
    appId: textOf(fields['appid']),
    secret: textOf(fields['secret']),
  })
  if (!countCall(account, ctx.path, now)) refuse(45009)
  const force = fields['force_refresh'] === true
  if (force) {
    if (account.lastForceRefreshAt !== null && now - account.lastForceRefreshAt < FORCE_REFRESH_SPACING_MS) refuse(45011)
    if (!countCall(account, `${ctx.path}#force_refresh`, now)) refuse(45009)
    account.lastForceRefreshAt = now
  }
  return grantAnswer(issueStableToken(account, now, force), now)
}

const jsTicket = ({ account, query, now }: AccountContext): Answer => {
  const type = query.get('type') ?? ''
  if (type !== 'jsapi' && type !== 'wx_card') refuse(40097)
  let issued = account.jsTickets.get(type)
  if (!issued || issued.expiresAt <= now) {
    issued = { ticket: newTicket(), expiresAt: now + TICKET_LIFETIME_MS }
    account.jsTickets.set(type, issued)
  }
  return { json: { ...OK, ticket: issued.ticket, expires_in: Math.floor((issued.expiresAt - now) / 1000) } }
}

const readQuota = ({ account, body, now }: AccountContext): Answer => {
  const path = textOf(parseFields(body)['cgi_path'])
  if (!/^\/(cgi-bin|customservice|sns)\/[\w/-]+$/.test(path)) refuse(76021)
  return { json: { ...OK, quota: quotaOf(account, path, now) } }
}

const resetQuota = ({ account, body, now }: AccountContext): Answer => {
  if (textOf(parseFields(body)['appid']) !== account.appId) refuse(40013)
  if (!clearQuota(account, now)) refuse(48006)
  return { json: OK }
}

const readRid = ({ world, account, body }: AccountContext): Answer => {
  const rid = textOf(parseFields(body)['rid'])
  const call = world.calls.find((candidate) => candidate.rid === rid && candidate.appId === account.appId) ?? refuse(76022)
  const request = {
    invoke_time: Math.floor(call.at / 1000),
    cost_in_ms: 1,
    request_url: `${call.path}?${call.query}`,
    request_body: call.request,
    response_body: call.response,
    client_ip: '127.0.0.1',
  }
  return { json: { ...OK, request } }
}

export const tokenEndpoints: Endpoints = {
  '/cgi-bin/token': withoutToken('GET', legacyToken),
  '/cgi-bin/stable_token': withoutToken('POST', stableToken),
  '/cgi-bin/ticket/getticket': withToken('GET', jsTicket),
  '/cgi-bin/get_api_domain_ip': withToken('GET', () => ({ json: { ip_list: PLATFORM_ADDRESSES } })),
  '/cgi-bin/getcallbackip': withToken('GET', () => ({ json: { ip_list: [...PLATFORM_ADDRESSES, '127.0.0.1'] } })),
  '/cgi-bin/openapi/quota/get': withToken('POST', readQuota),
  '/cgi-bin/openapi/rid/get': withToken('POST', readRid),
  '/cgi-bin/clear_quota': withToken('POST', resetQuota),
}
