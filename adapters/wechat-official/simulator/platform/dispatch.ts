/** From a path of the platform to an answer: method, token, quota, refusal. */
import { countCall } from '../state/quota.ts'
import type { Account } from '../state/records.ts'
import { checkToken } from '../state/tokens.ts'
import { accountEndpoints } from './account-endpoints.ts'
import type { Answer, CallContext, Endpoint, Endpoints } from './endpoint.ts'
import { PlatformRefusal, refuse } from './errors.ts'
import { mediaEndpoints, serveMediaFile } from './media-endpoints.ts'
import { messageEndpoints } from './message-endpoints.ts'
import { oauthEndpoints } from './oauth-endpoints.ts'
import { oauthPages } from './oauth-pages.ts'
import { templateEndpoints } from './template-endpoints.ts'
import { tokenEndpoints } from './token-endpoints.ts'

const ENDPOINTS: Endpoints = {
  ...tokenEndpoints,
  ...messageEndpoints,
  ...templateEndpoints,
  ...mediaEndpoints,
  ...accountEndpoints,
  ...oauthEndpoints,
  ...oauthPages,
}

const endpointFor = (path: string): Endpoint | undefined =>
  path.startsWith('/mmbiz/') ? serveMediaFile : Object.hasOwn(ENDPOINTS, path) ? ENDPOINTS[path] : undefined

/** Management calls do not eat the quota that they manage. */
const UNCOUNTED = new Set(['/cgi-bin/openapi/quota/get', '/cgi-bin/openapi/rid/get', '/cgi-bin/clear_quota'])

const accountOf = ({ world, query, now, path }: CallContext): Account => {
  const token = query.get('access_token') ?? ''
  if (!token) refuse(41001)
  const check = checkToken(world.accounts.values(), token, now)
  if ('errcode' in check) return refuse(check.errcode)
  if (!UNCOUNTED.has(path) && !countCall(check.account, path, now)) refuse(45009)
  return check.account
}

export interface Dispatched {
  answer: Answer
  account?: Account | undefined
  errcode?: number
}

export const refusal = (errcode: number, message: string, rid: string): Answer => ({ json: { errcode, errmsg: `${message} rid: ${rid}` } })

export const dispatch = async (ctx: CallContext): Promise<Dispatched> => {
  let account: Account | undefined = ctx.world.accounts.get(ctx.query.get('appid') ?? '')
  try {
    const endpoint = endpointFor(ctx.path) ?? refuse(40066)
    if (endpoint.method === 'GET' && ctx.method !== 'GET' && ctx.method !== 'HEAD') refuse(43001)
    if (endpoint.method === 'POST' && ctx.method !== 'POST') refuse(43002)
    if (!endpoint.token) return { answer: await endpoint.run(ctx), account }
    account = accountOf(ctx)
    return { answer: await endpoint.run({ ...ctx, account }), account, errcode: 0 }
  } catch (error) {
    if (!(error instanceof PlatformRefusal)) throw error
    return { answer: refusal(error.errcode, error.message, ctx.rid), account, errcode: error.errcode }
  }
}
