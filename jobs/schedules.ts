/** Runs what modules ask to be run now and then: once per cluster, by Bull's repeatable jobs. */
import Bull from 'bull'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { App } from '#api/core/app.ts'
import type { Schedule } from '#api/core/modules.ts'
import { isOutage } from '#api/core/outage.ts'
import { connectQueueRedis, endQueueClients } from '#api/core/redis.ts'
import { housekeeping } from './sweepers/housekeeping.ts'

const jobData = z.object({ name: z.string() })
/** So that what must be on time (the clocks of tickets) does not wait behind what takes long. Each connection less is one for requests. */
const AT_ONCE = 4
/** Redis may have been emptied: who is gone is entered again. */
const RENEW_MS = 15_000

export function runSchedules(app: App): { stop(): Promise<void> } {
  const schedules: readonly Schedule[] = [...app.modules.flatMap((definition) => definition.schedules ?? []), ...housekeeping]
  const byName = new Map(schedules.map((schedule) => [schedule.name, schedule]))
  const clients: Redis[] = []
  const queue = new Bull('schedules', {
    createClient: () => {
      const client = connectQueueRedis(app.config.redisUrl, app.log)
      clients.push(client)
      return client
    },
    prefix: `{${app.config.redisPrefix}}`,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true, attempts: 1, timeout: 300_000 },
  })
  // That Redis is away is told once, by its connections.
  queue.on('error', (error) => void (isOutage(error) || app.log.warn({ error: error.message }, 'schedules.redis_error')))
  queue.on('failed', (job, error) =>
    app.log.error({ schedule: jobData.safeParse(job.data).data?.name, error: error.message }, 'schedules.failed'),
  )
  let stopped = false
  const run = oneRunOfEach(app)
  queue
    .process(AT_ONCE, async (job) => {
      const schedule = byName.get(jobData.parse(job.data).name)
      // A schedule of an older release may still stand in Redis.
      if (schedule && !stopped) await run(schedule)
    })
    .catch((error: unknown) => {
      if (!stopped) app.log.error({ error: String(error) }, 'schedules.process_failed')
    })
  const enter = async () => {
    for (const { name, everySeconds } of schedules)
      if (!stopped) await queue.add({ name }, { jobId: name, repeat: { every: everySeconds * 1000 } })
  }
  const tryToEnter = () => void enter().catch((error: unknown) => app.log.warn({ error: String(error) }, 'schedules.not_entered'))
  tryToEnter()
  const renew = setInterval(tryToEnter, RENEW_MS)
  return {
    async stop() {
      stopped = true
      clearInterval(renew)
      await queue.close(true)
      await endQueueClients(clients)
    },
  }
}

/** A run that takes longer than its interval is not joined by the next: that one is left out. */
export function oneRunOfEach(app: App): (schedule: Schedule) => Promise<void> {
  const running = new Set<string>()
  return async (schedule) => {
    if (running.has(schedule.name)) return
    running.add(schedule.name)
    try {
      await schedule.run(app)
    } finally {
      running.delete(schedule.name)
    }
  }
}
