/** A callback, from the platform's request to what it reads as "got it": verify → parse → record → acknowledge (architecture §6.1). */
import { createHash } from 'node:crypto'
import { SignatureInvalid, type CallbackRequest, type InboundEvent, type Verified } from '#adapters/contract/index.ts'
import type { App } from '#api/core/app.ts'
import { NotFound } from '#api/core/errors.ts'
import type { InboundRecord } from '#api/modules/channels/index.ts'
import type { Channels, LiveChannel } from '../channels.ts'
import { takeLoginScans } from '../login/official-scan.ts'
import type { Ledger } from './ledger.ts'

export type CallbackAnswer =
  | { status: 200; body: string; contentType: string }
  /** Empty, whatever was wrong: nothing for a prober to learn. */
  | { status: 403 }

export interface Callback extends CallbackRequest {
  kind: string
  accountId: string
}

/** @throws NotFound; and whatever kept the events from being stored, so that the platform comes again */
export type Receive = (callback: Callback) => Promise<CallbackAnswer>

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** How old our idea of the time may be before a signature is refused for it. */
const CLOCK_MS = 1000
const PLAIN_TEXT = 'text/plain; charset=utf-8'

export function createReceive(app: App, channels: Channels, ledger: Ledger): Receive {
  const count = (kind: string, outcome: string) => app.metrics.callbacks.inc({ kind, outcome })
  return async (callback) => {
    const channel = await findChannel(channels, callback)
    if (!channel) {
      count('unknown', 'not_found')
      throw new NotFound('channel account')
    }
    const { kind } = channel.adapter
    const verified = await verify(app, channels, channel, callback)
    if (!verified) {
      count(kind, 'signature_invalid')
      return { status: 403 }
    }
    if ('challenge' in verified) {
      count(kind, 'challenge')
      return { status: 200, body: verified.challenge, contentType: PLAIN_TEXT }
    }
    const logins = await takeLoginScans(app, channel.account.id, eventsOf(app, channels, channel, verified.payload))
    const records = recordsOf(channel, verified.payload, logins.rest)
    const fresh = await ledger.record(records)
    records.forEach((record, index) => app.metrics.inbound.inc({ kind, outcome: fresh[index] ? record.kind : 'duplicate' }))
    count(kind, 'recorded')
    // The platform waits five seconds at most, and not for a call to itself.
    void logins.say()
    return { status: 200, body: '', contentType: PLAIN_TEXT, ...channel.adapter.acknowledgement }
  }
}

async function findChannel(channels: Channels, { kind, accountId }: Callback): Promise<LiveChannel | null> {
  if (!UUID.test(accountId)) return null
  try {
    const channel = await channels.get(accountId)
    const { adapter } = channel
    return channel.active && adapter.kind === kind && adapter.verify && adapter.parse ? channel : null
  } catch (error) {
    if (error instanceof NotFound) return null
    throw error
  }
}

async function verify(app: App, channels: Channels, channel: LiveChannel, callback: Callback): Promise<Verified | null> {
  const attempt = () => {
    try {
      return channel.adapter.verify?.(callback, channel.account, channels.clock.now()) ?? null
    } catch (error) {
      if (!(error instanceof SignatureInvalid))
        app.log.error({ channelAccountId: channel.account.id, error: String(error) }, 'callback.defect')
      return null
    }
  }
  // A clock that has jumped must not turn callbacks away until it is next compared.
  return attempt() ?? ((await channels.clock.sync(CLOCK_MS)) ? attempt() : null)
}

const eventsOf = (app: App, channels: Channels, channel: LiveChannel, payload: string): InboundEvent[] =>
  parse(app, channel, payload) ?? [unreadable(payload, channels.clock.now())]

function recordsOf({ account }: LiveChannel, payload: string, events: readonly InboundEvent[]): InboundRecord[] {
  return events.map((event) => ({
    channelAccountId: account.id,
    externalKey: event.externalKey,
    kind: event.kind,
    sender: event.from?.externalId ?? null,
    event,
    raw: payload,
    occurredAt: event.occurredAt,
  }))
}

function parse(app: App, { adapter, account }: LiveChannel, payload: string): InboundEvent[] | null {
  try {
    return adapter.parse?.(payload, account) ?? null
  } catch (error) {
    app.log.error({ channelAccountId: account.id, error: error instanceof Error ? error.name : 'unknown' }, 'callback.unreadable')
    return null
  }
}

/** Authentic but beyond the adapter: kept in the ledger, where an operator finds it. Refused, the platform would drop it after three tries. */
const unreadable = (payload: string, now: Date): InboundEvent => ({
  kind: 'other',
  externalKey: `unreadable:${createHash('sha256').update(payload).digest('hex')}`,
  occurredAt: now.toISOString(),
  from: null,
})
