/** Claims rows and works on several at once. Whoever ends one looks for the next; a ring while looking causes one more look. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '#api/core/logger.ts'

/** Rows that fall due together are looked for together: an outage of thousands costs two timers a second. */
const SLOT_MS = 500

export interface WorkerOptions<Item> {
  name: string
  /** Items worked on at once. */
  slots: number
  log: Logger
  claim(free: number): Promise<Item[]>
  /** Deals with its failures itself; what it throws is logged as a defect. */
  run(item: Item): Promise<void>
}

export class Worker<Item> {
  readonly #options: WorkerOptions<Item>
  readonly #running = new Set<Promise<void>>()
  #looking: Promise<void> | null = null
  #again = false
  #stopped = false
  readonly #planned = new Map<number, NodeJS.Timeout>()

  constructor(options: WorkerOptions<Item>) {
    this.#options = options
  }

  /** Claims until nothing waits or no slot is free; does not wait for what it began. */
  look(): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    if (this.#looking) {
      this.#again = true
      return this.#looking
    }
    // Without a free slot, whoever ends next looks.
    if (this.#running.size >= this.#options.slots) return Promise.resolve()
    this.#looking = this.#claimAll()
    return this.#looking
  }

  /** Looks again then, half a second later at most: for rows that fall due by themselves. */
  lookAfter(ms: number): void {
    const slot = Math.ceil((Date.now() + ms) / SLOT_MS)
    if (this.#stopped || this.#planned.has(slot)) return
    const look = () => {
      this.#planned.delete(slot)
      this.#lookSoon()
    }
    this.#planned.set(slot, setTimeout(look, slot * SLOT_MS - Date.now()).unref())
  }

  /** Resolves when nothing is claimed and nothing runs. */
  async idle(): Promise<void> {
    while (this.#looking || this.#running.size > 0) {
      await this.#looking?.catch(() => {}) // told to whoever asked for the look
      await Promise.all(this.#running)
    }
  }

  /** Takes nothing new and waits for what runs, at most `graceMs`; leases and sweepers take care of the rest. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true
    for (const timer of this.#planned.values()) clearTimeout(timer)
    const over = new AbortController()
    await Promise.race([this.idle(), sleep(graceMs, undefined, { signal: over.signal }).catch(() => {})])
    over.abort()
  }

  async #claimAll(): Promise<void> {
    const { claim, slots } = this.#options
    try {
      do {
        while (!this.#stopped && this.#running.size < slots) {
          const items = await claim(slots - this.#running.size)
          if (items.length === 0) break
          for (const item of items) this.#begin(item)
        }
      } while (this.#wasRung())
    } finally {
      // In the same step as the last look at `#again`: a ring in between would be lost.
      this.#looking = null
    }
  }

  #wasRung(): boolean {
    const rung = this.#again && !this.#stopped
    this.#again = false
    return rung
  }

  #begin(item: Item): void {
    const { name, log, run } = this.#options
    const work: Promise<void> = run(item)
      .catch((error: unknown) => log.error({ worker: name, error: describe(error) }, 'worker.run_failed'))
      .finally(() => {
        this.#running.delete(work)
        this.#lookSoon()
      })
    this.#running.add(work)
  }

  #lookSoon(): void {
    const { name, log } = this.#options
    // A database that is away now is back when the sweeper rings.
    this.look().catch((error: unknown) => log.warn({ worker: name, error: describe(error) }, 'worker.claim_failed'))
  }
}

const describe = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error))
