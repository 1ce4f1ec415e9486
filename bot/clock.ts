/** The database's time without a query per use: its distance from our own clock, measured now and then. */
import type { App } from '#api/core/app.ts'

const SYNC_MS = 30_000

export interface SyncedClock {
  /** Our own clock's until the first measurement is in. */
  now(): Date
  /**
   * Measures again unless that was done within `maxAgeMs`.
   * @returns whether the time moved by more than a second
   */
  sync(maxAgeMs: number): Promise<boolean>
  stop(): void
}

export function createSyncedClock(app: Pick<App, 'clock' | 'db' | 'log'>): SyncedClock {
  let offsetMs = 0
  let measuredAt = -Infinity
  const measure = async () => {
    measuredAt = performance.now()
    const before = Date.now()
    const now = await app.clock.now(app.db)
    const after = Date.now()
    const measured = now.getTime() - (before + after) / 2
    const difference = Math.abs(measured - offsetMs)
    // The answer may have been made at any moment of the wait: within that, a difference says nothing.
    if (difference > (after - before) / 2) offsetMs = measured
    return difference > 1000
  }
  const measureSoon = () => {
    // A lost measurement leaves the last distance, which hardly changes.
    measure().catch((error: unknown) => app.log.warn({ error: String(error) }, 'clock.sync_failed'))
  }
  measureSoon()
  const timer = setInterval(measureSoon, SYNC_MS).unref()
  return {
    now: () => new Date(Date.now() + offsetMs),
    sync: async (maxAgeMs) => (performance.now() - measuredAt > maxAgeMs ? measure() : false),
    stop: () => clearInterval(timer),
  }
}
