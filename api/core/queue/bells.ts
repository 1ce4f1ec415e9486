/** Wake-ups between processes, by Bull: a job says "look" and nothing else. */
import Bull from 'bull'
import type { Redis } from 'ioredis'
import type { Logger } from '../logger.ts'
import { isOutage } from '../outage.ts'
import { endQueueClients } from '../redis.ts'

export interface Bells {
  /** At most one job is being added per topic; rings meanwhile cause one more. A failed one is the sweeper's business. */
  ring(topic: string): void
  answer(topic: string, handle: () => Promise<void>): void
  close(): Promise<void>
}

const CLOSE_MS = 3000

const within = (ms: number, work: Promise<unknown>) => Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms).unref())])

export function createBells(options: { createClient: () => Redis; prefix: string; log: Logger }): Bells {
  const { log } = options
  const clients: Redis[] = []
  const connect = () => {
    const client = options.createClient()
    clients.push(client)
    return client
  }
  // Bull lets queues share all but the blocking connection.
  const shared: Partial<Record<'client' | 'subscriber', Redis>> = {}
  const queues = new Map<string, Bull.Queue>()
  const queueFor = (topic: string) => {
    const known = queues.get(topic)
    if (known) return known
    const queue = new Bull(`wake-${topic.replaceAll(':', '-')}`, {
      createClient: (kind) => (kind === 'bclient' ? connect() : (shared[kind] ??= connect())),
      prefix: `{${options.prefix}}`,
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true, attempts: 1 },
    })
    // That Redis is away is told once, by its connections.
    queue.on('error', (error) => void (isOutage(error) || log.warn({ topic, error: error.message }, 'wakeups.redis_error')))
    queues.set(topic, queue)
    return queue
  }
  const state = { closed: false }
  const adding = new Map<string, { again: boolean; done: Promise<void> }>()
  const ring = (topic: string): void => {
    const underway = adding.get(topic)
    if (underway) return void (underway.again = true)
    const done = queueFor(topic)
      .add({})
      .catch((error: unknown) => log.warn({ topic, error: String(error) }, 'wakeups.ring_failed'))
      .then(() => {
        const again = adding.get(topic)?.again === true
        adding.delete(topic)
        if (again && !state.closed) ring(topic)
      })
    adding.set(topic, { again: false, done })
  }
  return {
    ring,
    answer(topic, handle) {
      const ended = queueFor(topic).process(1, handle)
      ended.catch((error: unknown) => state.closed || log.error({ topic, error: String(error) }, 'wakeups.process_failed'))
    },
    async close() {
      state.closed = true
      // Bull ends badly when it is closed between connecting and adding: what was rung is let through first, within reason.
      await within(CLOSE_MS, Promise.allSettled([...adding.values()].map(({ done }) => done)))
      await within(CLOSE_MS, Promise.allSettled([...queues.values()].map((queue) => queue.isReady().then(() => queue.close(true)))))
      await endQueueClients(clients)
    },
  }
}
