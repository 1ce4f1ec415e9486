/** Writes down how a delivery ended, in the account, the purse and the message. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '#api/core/app.ts'
import { exhaustAllowances, LEASE_SECONDS, pauseAccount, recordHealth, type ClaimedDelivery } from '#api/modules/channels/index.ts'
import { recordDeliveryOutcome } from '#api/modules/conversations/index.ts'
import type { Verdict } from './verdict.ts'

const FIRST_WAIT_MS = 200
const HEALTH_MS = 60_000

export type Settle = (claim: ClaimedDelivery, verdict: Verdict) => Promise<void>

export function createSettle(app: App): Settle {
  const isNews = createHealthFilter()
  return async (claim, verdict) => {
    const { pauseUntil, exhausted, health } = verdict
    // Before the row is free again, so that nothing slips out through an account that was just found spent.
    if (pauseUntil) await tried(app, 'pause', () => pauseAccount(app.db, claim.channel_account_id, pauseUntil))
    if (exhausted) await tried(app, 'exhaust', () => exhaustAllowances(app.db, claim.identity_id, exhausted === 'window'))
    await untilWritten(app, claim, verdict)
    const reason = health?.state === 'failing' ? health.reason : null
    if (health && isNews(claim.channel_account_id, `${health.state} ${reason ?? ''}`)) {
      await tried(app, 'health', () => recordHealth(app.db, claim.channel_account_id, health.state, reason))
    }
  }
}

/** An answer that is not written down turns into "unknown": worth insisting as long as the lease lasts. */
async function untilWritten(app: App, claim: ClaimedDelivery, verdict: Verdict): Promise<void> {
  const deadline = Date.now() + LEASE_SECONDS * 1000
  for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
    try {
      return await recordDeliveryOutcome(app, claim, verdict.outcome)
    } catch (error) {
      app.log.warn({ deliveryId: claim.id, state: verdict.outcome.state, error: String(error) }, 'delivery.not_written')
      if (Date.now() + wait > deadline) return
      await sleep(wait)
    }
  }
}

async function tried(app: App, what: string, write: () => PromiseLike<unknown>): Promise<void> {
  try {
    await write()
  } catch (error) {
    app.log.warn({ what, error: String(error) }, 'delivery.side_note_failed')
  }
}

/** Spares a statement per delivery: an account's health is told when it changes, and once a minute. */
function createHealthFilter(): (accountId: string, health: string) => boolean {
  const told = new Map<string, { health: string; at: number }>()
  return (accountId, health) => {
    const last = told.get(accountId)
    if (last?.health === health && Date.now() - last.at < HEALTH_MS) return false
    told.set(accountId, { health, at: Date.now() })
    return true
  }
}
