/** "Somebody is writing", passed on to the platform: seldom, by one process, and without a fuss when it fails. */
import type { App } from '#api/core/app.ts'
import { onTypingSignal, type TypingSignal } from '#api/core/signals.ts'
import type { Channels } from './channels.ts'

/** Platforms show it for longer than this; each call counts against a quota. */
const REPEAT_MS = 5000
const CALL_MS = 5000

export function passOnTyping(app: App, channels: Channels): { stop(): void } {
  const listening = onTypingSignal(app.config, app.log, (signal) => {
    passOn(app, channels, signal).catch((error: unknown) => {
      app.log.debug({ channelAccountId: signal.channelAccountId, error: String(error) }, 'typing.ignored')
    })
  })
  listening.catch((error: unknown) => app.log.warn({ error: String(error) }, 'typing.not_listening'))
  return { stop: () => void listening.then((end) => end()).catch(() => {}) } // told above
}

async function passOn(app: App, channels: Channels, { channelAccountId, externalId, typing }: TypingSignal): Promise<void> {
  const { adapter, account, active, call } = await channels.get(channelAccountId)
  if (!active || !adapter.typing) return
  const key = `${app.config.redisPrefix}:typing-sent:${channelAccountId}:${externalId}`
  // Every process hears the signal; who changes the key is the one that calls.
  const mine = typing ? (await app.redis.set(key, '1', 'PX', REPEAT_MS, 'NX')) === 'OK' : (await app.redis.del(key)) === 1
  if (mine) await adapter.typing(account, { externalId }, typing, call(CALL_MS).ctx)
}
