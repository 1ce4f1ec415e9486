/** The simulator's time: real time plus whatever was skipped, or a time that only moves when told to. */

export interface SimulatorClock {
  now(): number
  /** Runs `task` once `delayMs` of simulated time have passed; returns how to call it off. */
  after(delayMs: number, task: () => void): () => void
  /** Moves time forward and runs, in order, everything that falls due on the way. */
  advance(ms: number): Promise<void>
  /** Drops all that is still planned. */
  stop(): void
}

interface Planned {
  due: number
  order: number
  task: () => void
  timer?: NodeJS.Timeout
}

/** Longest delay of setTimeout; further tasks wait for `advance`. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

/** Lets promise chains that a task started get as far as they can without real time. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

export interface ClockOptions {
  /** Base time, default Date.now. */
  now?: (() => number) | undefined
  /** No real timers: tasks run in `advance` alone, so that tests need no waiting. */
  manual?: boolean | undefined
  onAdvanced?: () => void
}

export const createClock = (options: ClockOptions = {}): SimulatorClock => new OwnClock(options)

class OwnClock implements SimulatorClock {
  private readonly base: () => number
  private readonly onAdvanced: (() => void) | undefined
  private readonly planned = new Set<Planned>()
  private frozenAt: number | null
  private skipped = 0
  private order = 0

  constructor({ now = Date.now, manual = false, onAdvanced }: ClockOptions) {
    this.base = now
    this.frozenAt = manual ? now() : null
    this.onAdvanced = onAdvanced
  }

  now(): number {
    return (this.frozenAt ?? this.base()) + this.skipped
  }

  after(delayMs: number, task: () => void): () => void {
    const entry: Planned = { due: this.now() + delayMs, order: this.order++, task }
    this.planned.add(entry)
    this.arm(entry)
    return () => {
      this.planned.delete(entry)
      clearTimeout(entry.timer)
    }
  }

  async advance(ms: number): Promise<void> {
    const until = this.now() + ms
    for (let entry = this.nextDue(until); entry; entry = this.nextDue(until)) {
      this.skipped += Math.max(0, entry.due - this.now())
      this.run(entry)
      await settle()
    }
    this.skipped += Math.max(0, until - this.now())
    for (const entry of this.planned) this.arm(entry)
    this.onAdvanced?.()
  }

  stop(): void {
    for (const entry of this.planned) clearTimeout(entry.timer)
    this.planned.clear()
    this.frozenAt ??= this.base()
  }

  private arm(entry: Planned): void {
    clearTimeout(entry.timer)
    const delay = entry.due - this.now()
    if (this.frozenAt !== null || delay > MAX_TIMEOUT_MS) return
    entry.timer = setTimeout(() => this.run(entry), Math.max(0, delay))
    entry.timer.unref()
  }

  private run(entry: Planned): void {
    if (!this.planned.delete(entry)) return
    clearTimeout(entry.timer)
    entry.task()
  }

  private nextDue(until: number): Planned | undefined {
    return [...this.planned].filter((entry) => entry.due <= until).sort((a, b) => a.due - b.due || a.order - b.order)[0]
  }
}
