/**
 * The platform answers HTTP 200 with `errcode`; this table says what each code means for a delivery.
 * https://developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html
 */
import type { DeliveryReason } from '#api/contract/errors.ts'
import { PermanentFailure, QuotaSpent, ReplyWindowClosed, TransientFailure, type ChannelFailure } from '../contract/failures.ts'

export interface PlatformError {
  code: number
  /** Ends in ` rid: …`, by which the platform's support finds the call. */
  message: string
}

/** The token is wrong, not the newest, or expired: a new one helps. */
const TOKEN_CODES: ReadonlySet<number> = new Set([40001, 40014, 42001])
export const isTokenError = (error: PlatformError): boolean => TOKEN_CODES.has(error.code)

const ONE_MINUTE_MS = 60_000

const REASONS = new Map<number, DeliveryReason>([
  [40002, 'configuration'],
  [40013, 'configuration'],
  [40125, 'configuration'],
  [40164, 'configuration'],
  [40243, 'configuration'],
  [41001, 'configuration'],
  [41002, 'configuration'],
  [41004, 'configuration'],
  [50004, 'configuration'],
  [50007, 'configuration'],
  [61004, 'configuration'],
  [89503, 'configuration'],
  [40003, 'customer_unknown'],
  [43004, 'customer_unfollowed'],
  [43019, 'customer_blocked'],
  [43101, 'customer_refuses'],
  [48002, 'customer_refuses'],
  [40004, 'media_refused'],
  [40005, 'media_refused'],
  [40006, 'media_refused'],
  [40007, 'media_refused'],
  [40009, 'media_refused'],
  [40010, 'media_refused'],
  [40011, 'media_refused'],
  [40012, 'media_refused'],
  [44001, 'media_refused'],
  [45001, 'media_refused'],
  [45007, 'media_refused'],
  [40008, 'part_not_supported'],
  [45002, 'content_too_long'],
  [45003, 'content_too_long'],
  [45004, 'content_too_long'],
  [87014, 'content_refused'],
  [40036, 'template_refused'],
  [40037, 'template_refused'],
  [47003, 'template_refused'],
  [48008, 'template_refused'],
  [40200, 'not_authorised'],
  [48001, 'not_authorised'],
  [48005, 'not_authorised'],
  [48004, 'account_limited'],
  [50001, 'account_limited'],
  [50002, 'account_limited'],
  [50005, 'account_limited'],
])

/** 61450–61458 and 65400–65416: accounts of the platform's own desk. */
const isDeskError = (code: number): boolean => (code >= 61450 && code <= 61458) || (code >= 65400 && code <= 65416)

/** What the runtime shall do about an error. `now` gives the end of a daily quota. */
export function failureOf(error: PlatformError, now: Date): ChannelFailure {
  const platformCode = String(error.code)
  const message = `${error.code} ${error.message}`.slice(0, 500)
  if (error.code === 45015) return new ReplyWindowClosed(platformCode)
  if (error.code === 45047) return new QuotaSpent('count', { platformCode })
  if (error.code === 45009) return new QuotaSpent('account', { platformCode, resetsAt: nextMidnightInChina(now) })
  if (error.code === 45011) return new TransientFailure(message, { platformCode, retryAfterMs: ONE_MINUTE_MS })
  if (error.code === -1 || isTokenError(error)) return new TransientFailure(message, { platformCode })
  return new PermanentFailure(REASONS.get(error.code) ?? (isDeskError(error.code) ? 'configuration' : 'rejected'), message, platformCode)
}

/** As `failureOf`, for the call that asks for the token: there a "wrong token" means a wrong AppSecret, which no retry mends. */
export function tokenFailureOf(error: PlatformError, now: Date): ChannelFailure {
  if (isTokenError(error)) return new PermanentFailure('configuration', `${error.code} ${error.message}`.slice(0, 500), String(error.code))
  return failureOf(error, now)
}

const CHINA_OFFSET_MS = 8 * 3_600_000
const DAY_MS = 24 * 3_600_000

/** Daily quotas start again at 00:00 UTC+8. */
function nextMidnightInChina(now: Date): Date {
  const local = now.getTime() + CHINA_OFFSET_MS
  return new Date(local - (local % DAY_MS) + DAY_MS - CHINA_OFFSET_MS)
}
