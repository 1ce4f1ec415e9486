/** Everything a process owns, made once by a composition root and handed down. No module-level singletons. */
import type { Knex } from 'knex'
import type { Redis } from 'ioredis'
import type { ChannelCatalogue } from './catalogue.ts'
import { databaseClock, type Clock } from './clock.ts'
import type { Config } from './config.ts'
import { connectDatabase } from './db.ts'
import type { Listener } from './events/domain-events.ts'
import { createLogger, type Logger } from './logger.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createHookRegistry, discoverModules, type HookRegistry, type ModuleDefinition } from './modules.ts'
import { createWakeups, type Wakeups } from './queue/wakeups.ts'
import { createRealtime, type Realtime } from './realtime/realtime.ts'
import { connectAdapterRedis, connectQueueRedis, connectRedis } from './redis.ts'
import { createSecretBox, type SecretBox } from './secrets.ts'
import { createStorage, type Storage } from './storage/storage.ts'

export interface App {
  config: Config
  log: Logger
  db: Knex
  redis: Redis
  clock: Clock
  secrets: SecretBox
  storage: Storage
  catalogue: ChannelCatalogue
  modules: readonly ModuleDefinition[]
  hooks: HookRegistry
  listeners: readonly Listener[]
  wakeups: Wakeups
  realtime: Realtime
  metrics: Metrics
  /** Ends what `createApp` began: realtime, wake-ups, Redis, database, in this order. */
  close(): Promise<void>
}

/** @param options.listeners beyond those of the modules: the bot's own speech */
export async function createApp(options: {
  config: Config
  catalogue: ChannelCatalogue
  listeners?: readonly Listener[]
  log?: Logger
}): Promise<App> {
  const { config, catalogue } = options
  const log = options.log ?? createLogger(config.logLevel)
  const db = connectDatabase(config.databaseUrl, config.databasePool, log)
  const redis = connectRedis(config.redisUrl, log)
  const modules = await discoverModules()
  const wakeups = createWakeups({ createClient: () => connectQueueRedis(config.redisUrl, log), prefix: config.redisPrefix, log })
  const streams = connectAdapterRedis(config.redisUrl, log)
  const metrics = createMetrics()
  const realtime = createRealtime({ redis: streams.redis, prefix: config.redisPrefix, log, metrics })
  return {
    config,
    log,
    db,
    redis,
    clock: databaseClock,
    secrets: createSecretBox(config.secretKeys),
    storage: await createStorage(config),
    catalogue,
    modules,
    hooks: createHookRegistry(modules),
    listeners: [...modules.flatMap((definition) => definition.listeners ?? []), ...(options.listeners ?? [])],
    wakeups,
    realtime,
    metrics,
    async close() {
      await realtime.close()
      await wakeups.close()
      redis.disconnect()
      await streams.close()
      await db.destroy()
    },
  }
}
