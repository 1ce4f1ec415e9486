/**
 * Wake-ups say "look", they carry no truth: who wakes finds its work in PostgreSQL, and a sweeper finds what a lost one left.
 * A topic served by this process is run here at once; any other is rung at a process that serves it.
 * Rings that come while a run is going on cause exactly one more run.
 */
import type { Redis } from 'ioredis'
import type { Logger } from '../logger.ts'
import { createBells } from './bells.ts'

export type Drain = () => Promise<void>

export interface Wakeups {
  /** This process serves `topic`: `drain` looks for work until there is none. */
  serve(topic: string, drain: Drain): void
  ring(topic: string): void
  /** Resolves when nothing is running and nothing waits: for graceful stop and tests. */
  idle(): Promise<void>
  close(): Promise<void>
}

interface Runner {
  topic: string
  drain: Drain
  running: Promise<void> | null
  again: boolean
}

export function createWakeups(options: { createClient: () => Redis; prefix: string; log: Logger }): Wakeups {
  const runners = new Map<string, Runner>()
  const bells = createBells(options)
  const state = { closed: false }

  const rungAgain = (runner: Runner): boolean => {
    const { again } = runner
    runner.again = false
    return again && !state.closed
  }
  const runAll = async (runner: Runner): Promise<void> => {
    do {
      await runner
        .drain()
        .catch((error: unknown) => options.log.error({ topic: runner.topic, error: String(error) }, 'wakeups.drain_failed'))
    } while (rungAgain(runner))
    runner.running = null
  }
  const run = (runner: Runner): Promise<void> => {
    if (!runner.running) return (runner.running = runAll(runner))
    runner.again = true
    return runner.running
  }

  return {
    serve(topic, drain) {
      const runner: Runner = { topic, drain, running: null, again: false }
      runners.set(topic, runner)
      bells.answer(topic, () => run(runner))
    },
    ring(topic) {
      if (state.closed) return
      const runner = runners.get(topic)
      if (runner) void run(runner)
      else bells.ring(topic)
    },
    async idle() {
      for (;;) {
        const running = [...runners.values()].flatMap((runner) => (runner.running ? [runner.running] : []))
        if (running.length === 0) return
        await Promise.all(running)
      }
    },
    async close() {
      state.closed = true
      await Promise.all([...runners.values()].map((runner) => runner.running ?? Promise.resolve()))
      await bells.close()
    },
  }
}
