/** Serves the outbox: many calls at once, one per conversation, a bounded share per account. */
import type { App } from '#api/core/app.ts'
import { claimDeliveries, type ClaimedDelivery } from '#api/modules/channels/index.ts'
import type { Channels } from '../channels.ts'
import { Worker } from '../worker.ts'
import { deliver } from './deliver.ts'
import { createSettle } from './settle.ts'

const SLOTS = 32
const SHARE_PER_ACCOUNT = 8
const HALF_SHARE = SHARE_PER_ACCOUNT / 2

export function createDeliveryWorker(app: App, channels: Channels): Worker<ClaimedDelivery> {
  const underWay = new Map<string, number>()
  const settle = createSettle(app)
  const count = (accountId: string, change: 1 | -1) => {
    const calls = (underWay.get(accountId) ?? 0) + change
    if (calls === 0) underWay.delete(accountId)
    else underWay.set(accountId, calls)
  }
  const accountsWith = (atLeast: number) => [...underWay].filter(([, calls]) => calls >= atLeast).map(([accountId]) => accountId)
  /** A claim cannot tell accounts apart, so its size is what the fullest of those it may meet has left. */
  const claim = async (free: number): Promise<ClaimedDelivery[]> => {
    const filling = accountsWith(HALF_SHARE + 1)
    const claims = await claimDeliveries(app.db, Math.min(free, HALF_SHARE), filling)
    if (claims.length > 0 || filling.length === 0) return claims
    const left = filling.map((accountId) => SHARE_PER_ACCOUNT - (underWay.get(accountId) ?? 0)).filter((calls) => calls > 0)
    return left.length === 0 ? [] : claimDeliveries(app.db, Math.min(free, ...left), accountsWith(SHARE_PER_ACCOUNT))
  }
  const worker: Worker<ClaimedDelivery> = new Worker<ClaimedDelivery>({
    name: 'delivery',
    slots: SLOTS,
    log: app.log,
    async claim(free) {
      const claims = await claim(free)
      for (const { channel_account_id } of claims) count(channel_account_id, 1)
      return claims
    },
    async run(delivery) {
      try {
        const { kind, verdict } = await deliver(channels, delivery, app.log)
        await settle(delivery, verdict)
        app.metrics.deliveries.inc({ kind, outcome: verdict.outcome.state })
        if (verdict.outcome.state === 'queued') {
          const waitMs = waitUntil(verdict.outcome.retryAt, channels)
          // Twice, since it is the database's clock that decides and the first look may be a moment early.
          for (const afterMs of [waitMs, waitMs + 1000]) worker.lookAfter(afterMs)
        }
      } finally {
        count(delivery.channel_account_id, -1)
      }
    },
  })
  return worker
}

/** Longer waits are the sweeper's. */
const LONGEST_TIMER_MS = 600_000
/** By the database's clock, which decides what is due. */
const waitUntil = (due: Date, channels: Channels) => Math.min(LONGEST_TIMER_MS, Math.max(0, due.getTime() - channels.clock.now().getTime()))
