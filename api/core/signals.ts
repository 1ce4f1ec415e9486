/** Fleeting signals between processes (somebody is typing). Lost ones do not matter; nothing is stored. */
import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { Config } from './config.ts'
import type { Logger } from './logger.ts'
import { connectRedis } from './redis.ts'

export const typingSignal = z.object({ channelAccountId: z.uuid(), externalId: z.string(), typing: z.boolean() })
export type TypingSignal = z.infer<typeof typingSignal>

const channelOf = (config: Config) => `${config.redisPrefix}:typing`

export async function sendTypingSignal(config: Config, redis: Redis, signal: TypingSignal): Promise<void> {
  await redis.publish(channelOf(config), JSON.stringify(signal))
}

/** @returns a function that stops listening */
export async function onTypingSignal(config: Config, log: Logger, handle: (signal: TypingSignal) => void): Promise<() => void> {
  const redis = connectRedis(config.redisUrl, log)
  redis.on('message', (_channel, text) => {
    const signal = typingSignal.safeParse(JSON.parse(text))
    if (signal.success) handle(signal.data)
  })
  await redis.subscribe(channelOf(config))
  return () => redis.disconnect()
}
