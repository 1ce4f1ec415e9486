/** Serves the outbox: many calls at once, one per conversation, a bounded share per account. */
import type { App } from '#api/core/app.ts'
import { claimDeliveries, type ClaimedDelivery } from '#api/modules/channels/index.ts'
import type { Channels } from '../channels.ts'
import { Worker } from '../worker.ts'
import { deliver } from './deliver.ts'
import { createSettle } from './settle.ts'

const SLOTS = 32
/** Claimed in steps of half a share by accounts that use at most the other half: none ever exceeds its share. */
const SHARE_PER_ACCOUNT = 8
const STEP = SHARE_PER_ACCOUNT / 2

export function createDeliveryWorker(app: App, channels: Channels): Worker<ClaimedDelivery> {
  const underWay = new Map<string, number>()
  const settle = createSettle(app)
  const count = (accountId: string, change: 1 | -1) => {
    const calls = (underWay.get(accountId) ?? 0) + change
    if (calls === 0) underWay.delete(accountId)
    else underWay.set(accountId, calls)
  }
  const worker: Worker<ClaimedDelivery> = new Worker<ClaimedDelivery>({
    name: 'delivery',
    slots: SLOTS,
    log: app.log,
    async claim(free) {
      const busy = [...underWay].filter(([, calls]) => calls > STEP).map(([accountId]) => accountId)
      const claims = await claimDeliveries(app.db, Math.min(free, STEP), busy)
      for (const claim of claims) count(claim.channel_account_id, 1)
      return claims
    },
    async run(claim) {
      try {
        const { kind, verdict } = await deliver(channels, claim, app.log)
        await settle(claim, verdict)
        app.metrics.deliveries.inc({ kind, outcome: verdict.outcome.state })
        if (verdict.outcome.state === 'queued') worker.lookAfter(waitUntil(verdict.outcome.retryAt, channels))
      } finally {
        count(claim.channel_account_id, -1)
      }
    },
  })
  return worker
}

/** Longer waits are the sweeper's. */
const LONGEST_TIMER_MS = 600_000
/** By the database's clock, which decides what is due. */
const waitUntil = (due: Date, channels: Channels) => Math.min(LONGEST_TIMER_MS, Math.max(0, due.getTime() - channels.clock.now().getTime()))
