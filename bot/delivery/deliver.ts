/** One delivery: the platform call, outside any transaction, and what it means. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ChannelFailure, OutcomeUnknown, PermanentFailure, TransientFailure, type OutboundCall } from '#adapters/contract/index.ts'
import { NotFound } from '#api/core/errors.ts'
import type { Logger } from '#api/core/logger.ts'
import { LEASE_SECONDS, type ClaimedDelivery } from '#api/modules/channels/index.ts'
import type { Channels, LiveChannel } from '../channels.ts'
import type { PlatformCall } from '../context.ts'
import { asLink, fits, linkable } from './as-link.ts'
import { sentVerdict, verdictOn, type Verdict } from './verdict.ts'

/** Leaves the rest of the lease for writing down how it ended. */
const CALL_MS = LEASE_SECONDS * 1000 - 10_000

export interface Delivered {
  /** Unknown when the account could not be opened. */
  kind: string
  verdict: Verdict
}

export async function deliver(channels: Channels, claim: ClaimedDelivery, log: Logger): Promise<Delivered> {
  let call: PlatformCall | undefined
  let kind = 'unknown'
  try {
    const channel = await openChannel(channels, claim.channel_account_id)
    kind = channel.adapter.kind
    call = channel.call(CALL_MS)
    const { externalId } = await inTime(sendOnce(channel, claim, call), call)
    return { kind, verdict: sentVerdict(externalId) }
  } catch (error) {
    if (!(error instanceof ChannelFailure)) {
      log.error({ deliveryId: claim.id, channelKind: kind, error: error instanceof Error ? error.stack : String(error) }, 'delivery.defect')
    }
    const mayHaveActed = call?.mayHaveActed() ?? false
    const verdict = verdictOn(error, { attempts: claim.attempts, mayHaveActed, now: channels.clock.now(), random: Math.random() })
    return { kind, verdict }
  }
}

async function openChannel(channels: Channels, accountId: string): Promise<LiveChannel> {
  try {
    return await channels.get(accountId)
  } catch (error) {
    if (error instanceof ChannelFailure) throw error
    if (error instanceof NotFound) throw new PermanentFailure('configuration', 'the account is gone')
    throw new TransientFailure('the account cannot be read')
  }
}

async function sendOnce(channel: LiveChannel, claim: ClaimedDelivery, { ctx }: PlatformCall): Promise<{ externalId?: string }> {
  const { adapter, account } = channel
  const call: OutboundCall = { to: { externalId: claim.recipient }, part: claim.part, deliveryId: claim.id }
  if (!linkable(claim.part, adapter.capabilities)) return adapter.send(account, call, ctx)
  const { part } = claim
  const send = async () => adapter.send(account, { ...call, part: await asLink(part, ctx.files) }, ctx)
  if (!fits(part, adapter.capabilities)) return send()
  try {
    return await adapter.send(account, call, ctx)
  } catch (error) {
    // Refused for its format, which only the adapter knows: nothing was delivered, and a link always works.
    if (error instanceof PermanentFailure && (error.reason === 'media_refused' || error.reason === 'part_not_supported')) return send()
    throw error
  }
}

/** Requests end by themselves; this is for an adapter that computes or waits too long. */
async function inTime<T>(work: Promise<T>, call: PlatformCall): Promise<T> {
  const done = new AbortController()
  const late = async (): Promise<never> => {
    await sleep(CALL_MS, undefined, { signal: done.signal })
    throw call.mayHaveActed() ? new OutcomeUnknown('call took too long') : new TransientFailure('call took too long')
  }
  const lateOrNever = late()
  lateOrNever.catch(() => {}) // aborted when the work is done first
  try {
    return await Promise.race([work, lateOrNever])
  } finally {
    done.abort()
    work.catch(() => {}) // its late failure has been told as lateness
  }
}
