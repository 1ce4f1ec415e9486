/**
 * Wake-ups say "look", they carry no truth: who wakes finds its work in PostgreSQL, and a sweeper finds what a lost one left.
 * A topic served by this process is run here at once; any other goes through Bull to a process that serves it.
 * Rings that come while a run is going on cause exactly one more run.
 */
import Bull from 'bull'
import type { Redis } from 'ioredis'
import type { Logger } from '../logger.ts'

export type Drain = () => Promise<void>

export interface Wakeups {
  /** This process serves `topic`: `drain` looks for work until there is none. */
  serve(topic: string, drain: Drain): void
  ring(topic: string): void
  /** Rings everything that this process serves: start-up and sweepers. */
  ringAll(): void
  /** Resolves when nothing is running and nothing waits: for graceful stop and tests. */
  idle(): Promise<void>
  close(): Promise<void>
}

interface Runner {
  drain: Drain
  running: Promise<void> | null
  again: boolean
}

const CLOSE_MS = 3000

const within = (ms: number, work: Promise<unknown>) => Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms).unref())])

export function createWakeups(options: { createClient: () => Redis; prefix: string; log: Logger }): Wakeups {
  const { log } = options
  const runners = new Map<string, Runner>()
  const adding = new Map<string, 'adding' | 'again'>()
  const sending = new Set<Promise<unknown>>()
  let closed = false
  const queues = new Map<string, Bull.Queue>()
  // Bull lets queues share all but the blocking connection.
  const shared: Partial<Record<'client' | 'subscriber', Redis>> = {}
  const queueFor = (topic: string) => {
    const known = queues.get(topic)
    if (known) return known
    const queue = new Bull(`wake-${topic.replaceAll(':', '-')}`, {
      createClient: (kind) => (kind === 'bclient' ? options.createClient() : (shared[kind] ??= options.createClient())),
      prefix: `{${options.prefix}}`,
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true, attempts: 1 },
    })
    queue.on('error', (error) => log.warn({ topic, error: error.message }, 'wakeups.redis_error'))
    queues.set(topic, queue)
    return queue
  }

  const run = (topic: string, runner: Runner): Promise<void> => {
    if (runner.running) {
      runner.again = true
      return runner.running
    }
    runner.running = (async () => {
      do {
        runner.again = false
        await runner.drain().catch((error: unknown) => log.error({ topic, error: String(error) }, 'wakeups.drain_failed'))
      } while (runner.again && !closed)
      runner.running = null
    })()
    return runner.running
  }

  /** At most one `add` is under way per topic; rings meanwhile cause one more. A failed one is the sweeper's business. */
  const send = (topic: string) => {
    if (adding.has(topic)) return void adding.set(topic, 'again')
    adding.set(topic, 'adding')
    const added = queueFor(topic)
      .add({})
      .catch((error: unknown) => log.warn({ topic, error: String(error) }, 'wakeups.ring_failed'))
      .finally(() => {
        sending.delete(added)
        const again = adding.get(topic) === 'again'
        adding.delete(topic)
        if (again && !closed) send(topic)
      })
    sending.add(added)
  }

  return {
    serve(topic, drain) {
      const runner: Runner = { drain, running: null, again: false }
      runners.set(topic, runner)
      queueFor(topic)
        .process(1, () => run(topic, runner))
        .catch((error: unknown) => {
          if (!closed) log.error({ topic, error: String(error) }, 'wakeups.process_failed')
        })
    },
    ring(topic) {
      if (closed) return
      const runner = runners.get(topic)
      if (runner) void run(topic, runner)
      else send(topic)
    },
    ringAll() {
      if (!closed) for (const [topic, runner] of runners) void run(topic, runner)
    },
    async idle() {
      for (;;) {
        const running = [...runners.values()].flatMap((runner) => (runner.running ? [runner.running] : []))
        if (running.length === 0) return
        await Promise.all(running)
      }
    },
    async close() {
      closed = true
      await Promise.all([...runners.values()].map((runner) => runner.running))
      // Bull ends badly when it is closed between connecting and adding: what was rung is let through first, within reason.
      await within(CLOSE_MS, Promise.allSettled(sending))
      await within(CLOSE_MS, Promise.allSettled([...queues.values()].map((queue) => queue.isReady().then(() => queue.close(true)))))
      for (const client of Object.values(shared)) client.disconnect()
    },
  }
}
