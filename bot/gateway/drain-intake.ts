import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '#api/core/app.ts'
import { waitingSenders } from '#api/modules/channels/index.ts'
import type { Intake } from './intake.ts'

const PAGE = 1000
const PATIENCE_MS = 2000

/** What a lost wake-up, a dead process or a replay left in the ledger. A sender that is under way already may come again: nothing is done twice. */
export async function drainIntake(app: App, intake: Intake): Promise<void> {
  for (;;) {
    const senders = await waitingSenders(app.db, PAGE)
    intake.add(senders)
    if (senders.length < PAGE) return
    // Under load the intake is never idle, and this backlog must not wait for that.
    await Promise.race([intake.idle(), sleep(PATIENCE_MS)])
  }
}
