/**
 * The one way to the platform's HTTP API: base address, access token, typed failures.
 * Token: https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/getStableAccessToken.html
 */
import { z } from 'zod'
import type { ChannelContext, HttpAnswer, HttpRequest, TokenGrant } from '../contract/context.ts'
import { OutcomeUnknown, PermanentFailure, TransientFailure } from '../contract/failures.ts'
import { basesOf, type OfficialAccount } from './connection.ts'
import { sha256Hex } from './crypto.ts'
import { readJson } from './json.ts'
import { failureOf, isTokenError, tokenFailureOf, type PlatformError } from './platform-errors.ts'

export interface ApiCall {
  /** From the base on: `/cgi-bin/…`. */
  path: string
  query?: Record<string, string>
  json?: unknown
  multipart?: HttpRequest['multipart']
  timeoutMs?: number
  /** `deliver`: the customer sees an effect, so an unreadable answer leaves the outcome open. */
  purpose: 'read' | 'change' | 'deliver'
}

const apiObject = z.record(z.string(), z.unknown())
export type ApiObject = z.infer<typeof apiObject>

const errorFields = z.looseObject({ errcode: z.number().optional(), errmsg: z.string().optional() })

/**
 * Calls an API with the account's token. A refused token is renewed once and the call repeated once: the first one had no effect.
 * @throws ChannelFailure
 */
export function callApi(account: OfficialAccount, call: ApiCall, ctx: ChannelContext): Promise<ApiObject> {
  return withToken(account, ctx, async (token) => {
    const answer = await ctx.http.request(httpRequestOf(account, call, token, ctx))
    const body = objectOf(answer, call.purpose)
    return { value: body, error: platformErrorOf(body) }
  })
}

function httpRequestOf(account: OfficialAccount, call: ApiCall, token: string, ctx: ChannelContext): HttpRequest {
  const query = new URLSearchParams({ access_token: token, ...call.query })
  return {
    method: call.json === undefined && call.multipart === undefined ? 'GET' : 'POST',
    url: `${basesOf(account, ctx).api}${call.path}?${query.toString()}`,
    ...(call.json === undefined ? {} : { json: call.json }),
    ...(call.multipart === undefined ? {} : { multipart: call.multipart }),
    // An upload or a menu that was written twice harms nobody; a message that was sent twice does.
    idempotent: call.purpose !== 'deliver',
    ...(call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs }),
  }
}

/** What one try gave: a value, or the error that the platform put into its answer. */
export interface Attempt<T> {
  value: T
  error: PlatformError | null
}

/** @throws ChannelFailure of the second error, or of the first when a new token would not help */
export async function withToken<T>(
  account: OfficialAccount,
  ctx: ChannelContext,
  attempt: (token: string) => Promise<Attempt<T>>,
): Promise<T> {
  const token = await accessToken(account, ctx)
  const first = await attempt(token)
  if (first.error === null) return first.value
  if (!isTokenError(first.error)) throw failureOf(first.error, ctx.now())
  await ctx.tokens.invalidate(tokenName(account), token)
  const second = await attempt(await accessToken(account, ctx))
  if (second.error === null) return second.value
  throw failureOf(second.error, ctx.now())
}

/** The account's shared token. @throws PermanentFailure `configuration` when the platform refuses AppID, secret or our address */
export function accessToken(account: OfficialAccount, ctx: ChannelContext): Promise<string> {
  return ctx.tokens.get(tokenName(account), () => fetchToken(account, ctx))
}

/** A changed secret has a token of its own; the secret itself stays out of keys and logs. */
function tokenName(account: OfficialAccount): string {
  return `oa:${account.config.appId}:${sha256Hex(account.config.appSecret).slice(0, 8)}`
}

const grantAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })

/** The stable token in normal mode: other holders of the secret that do the same get the same one, none kills another's. */
async function fetchToken(account: OfficialAccount, ctx: ChannelContext): Promise<TokenGrant> {
  const answer = await ctx.http.request({
    method: 'POST',
    url: `${basesOf(account, ctx).api}/cgi-bin/stable_token`,
    json: { grant_type: 'client_credential', appid: account.config.appId, secret: account.config.appSecret },
    idempotent: true,
  })
  const body = objectOf(answer, 'read')
  const error = platformErrorOf(body)
  if (error !== null) throw tokenFailureOf(error, ctx.now())
  const grant = grantAnswer.safeParse(body)
  if (!grant.success) throw new TransientFailure('token answer without a token')
  return { token: grant.data.access_token, expiresInSeconds: grant.data.expires_in }
}

/** The JSON object in an answer. What is none came from something between us and the platform, or was cut off. */
export function objectOf(answer: Pick<HttpAnswer, 'status' | 'body'>, purpose: ApiCall['purpose']): ApiObject {
  if (answer.status >= 400 && answer.status < 500) throw new PermanentFailure('rejected', `http ${answer.status}`, String(answer.status))
  const object = answer.status < 300 ? apiObject.safeParse(readable(answer.body)) : undefined
  if (object?.success) return object.data
  throw purpose === 'deliver' ? new OutcomeUnknown('unreadable answer') : new TransientFailure('unreadable answer')
}

function readable(body: Buffer): unknown {
  try {
    return readJson(body.toString('utf8'))
  } catch {
    return undefined
  }
}

export function platformErrorOf(body: ApiObject): PlatformError | null {
  const fields = errorFields.safeParse(body)
  const code = fields.success ? (fields.data.errcode ?? 0) : 0
  return code === 0 ? null : { code, message: fields.data?.errmsg ?? '' }
}
