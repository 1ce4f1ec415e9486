/** What a platform's answer means for a delivery. Pure; decided by the class of the failure alone. */
import {
  OutcomeUnknown,
  PermanentFailure,
  QuotaSpent,
  ReplyWindowClosed,
  TransientFailure,
  type ChannelFailure,
} from '#adapters/contract/index.ts'
import type { DeliveryReason } from '#api/contract/errors.ts'
import type { Outcome } from '#api/modules/channels/index.ts'

export const MAX_ATTEMPTS = 8
const FIRST_DELAY_MS = 1000
const MAX_DELAY_MS = 300_000
/** An account whose quota is spent and that names no end is tried once a minute (F10). */
const PROBE_MS = 60_000

export interface Verdict {
  outcome: Outcome
  /** Nothing more goes out through this account before. */
  pauseUntil?: Date
  /** The platform allows nothing more to this customer: answers used up, or the time over. */
  exhausted?: 'count' | 'window'
  /** How the account looks after this call; null when it says nothing about the account. */
  health: { state: 'ok' } | { state: 'failing'; reason: DeliveryReason } | null
}

export interface Circumstances {
  /** This one included. */
  attempts: number
  /** A request that must not be repeated has left us. */
  mayHaveActed: boolean
  now: Date
  /** In [0, 1). */
  random: number
}

const ACCOUNT_REASONS: readonly DeliveryReason[] = ['configuration', 'not_authorised', 'account_limited', 'api_quota_spent']
const failing = (reason: DeliveryReason) => ({ state: 'failing', reason }) as const
const codeOf = (failure: ChannelFailure) => (failure.platformCode === undefined ? {} : { platformCode: failure.platformCode })

export const sentVerdict = (externalId: string | undefined): Verdict => ({
  outcome: { state: 'sent', ...(externalId === undefined ? {} : { externalId }) },
  health: { state: 'ok' },
})

export function verdictOn(error: unknown, circumstances: Circumstances): Verdict {
  if (error instanceof TransientFailure) return onTransient(error, circumstances)
  if (error instanceof QuotaSpent) return onQuota(error, circumstances.now)
  if (error instanceof PermanentFailure) return onPermanent(error)
  const unknown: Verdict = { outcome: { state: 'unknown', reason: 'outcome_unknown' }, health: failing('platform_unreachable') }
  if (error instanceof OutcomeUnknown) return unknown
  // A defect of the adapter. Before anything left, the message is still here; afterwards nobody knows.
  return circumstances.mayHaveActed ? { ...unknown, health: null } : { outcome: { state: 'failed', reason: 'rejected' }, health: null }
}

function onTransient(failure: TransientFailure, { attempts, now, random }: Circumstances): Verdict {
  const reason = 'platform_unreachable'
  const health = failing(reason)
  if (attempts >= MAX_ATTEMPTS) return { outcome: { state: 'failed', reason, ...codeOf(failure) }, health }
  const wished = failure.retryAfterMs ?? FIRST_DELAY_MS * 2 ** (attempts - 1)
  // Spread, so that the messages of one outage do not come back as one wave; never earlier than the platform asked.
  const spread = failure.retryAfterMs === undefined ? 0.75 + random / 2 : 1 + random / 4
  const retryAt = new Date(now.getTime() + Math.min(MAX_DELAY_MS, wished * spread))
  return { outcome: { state: 'queued', retryAt, reason, ...codeOf(failure) }, health }
}

function onQuota(failure: QuotaSpent, now: Date): Verdict {
  if (failure.scope === 'count') {
    return { outcome: { state: 'failed', reason: 'reply_quota_spent', ...codeOf(failure) }, exhausted: 'count', health: { state: 'ok' } }
  }
  const reason = 'api_quota_spent'
  const pauseUntil = failure.resetsAt !== undefined && failure.resetsAt > now ? failure.resetsAt : new Date(now.getTime() + PROBE_MS)
  return { outcome: { state: 'queued', retryAt: pauseUntil, reason, ...codeOf(failure) }, pauseUntil, health: failing(reason) }
}

function onPermanent(failure: PermanentFailure): Verdict {
  return {
    outcome: { state: 'failed', reason: failure.reason, ...codeOf(failure) },
    ...(failure instanceof ReplyWindowClosed ? { exhausted: 'window' as const } : {}),
    health: ACCOUNT_REASONS.includes(failure.reason) ? failing(failure.reason) : { state: 'ok' },
  }
}
