/** The accounts as the runtime uses them: settings opened and parsed, with the adapter that speaks for them. */
import { PermanentFailure, type ChannelAccount, type ChannelAdapter, type ChannelHttp } from '#adapters/contract/index.ts'
import type { App } from '#api/core/app.ts'
import { accountsOf, ChannelAccountRow, openSettings, type OpenAccount } from '#api/modules/channels/index.ts'
import { NotFound } from '#api/core/errors.ts'
import { createSyncedClock, type SyncedClock } from './clock.ts'
import { createContexts, type Contexts, type PlatformCall } from './context.ts'
import type { Adapters } from './discover.ts'
import { createChannelHttp } from './http/channel-http.ts'
import { createTokens } from './tokens.ts'

export interface LiveChannel {
  adapter: ChannelAdapter
  account: ChannelAccount
  active: boolean
  /** What the adapter is handed for one call. */
  call(withinMs: number): PlatformCall
}

export interface Channels {
  clock: SyncedClock
  /** For what belongs to no account. */
  http: ChannelHttp
  /**
   * Remembered for two seconds.
   * @throws NotFound
   * @throws PermanentFailure `configuration` when no adapter is left for it, or its settings no longer fit
   */
  get(accountId: string): Promise<LiveChannel>
  /** As `get`, but as stored now: whoever has just saved new settings tests these. */
  fresh(accountId: string): Promise<LiveChannel>
  close(): Promise<void>
}

const open = new WeakMap<App, Channels>()

/** The ones of this process: callbacks, workers and routes share tokens and connections. @throws Error where the bot does not run */
export function channelsOf(app: App): Channels {
  const channels = open.get(app)
  if (!channels) throw new Error('this process has no bot role')
  return channels
}

export function openChannels(app: App, adapters: Adapters): Channels {
  const clock = createSyncedClock(app)
  const http = createChannelHttp({ allowLoopback: !app.config.production })
  const contexts = createContexts(app, { http, tokens: createTokens(app.redis, app.config.redisPrefix), clock })
  const accounts = accountsOf(app)
  const live = new WeakMap<OpenAccount, LiveChannel>()
  const channels: Channels = {
    clock,
    http,
    async get(accountId) {
      const settings = await accounts.get(accountId)
      const alive = live.get(settings)
      if (alive) return alive
      const channel = bringToLife(settings, adapters, contexts)
      live.set(settings, channel)
      return channel
    },
    async fresh(accountId) {
      const row = await ChannelAccountRow.query(app.db).findById(accountId)
      if (!row) throw new NotFound('channel account')
      return bringToLife(
        { id: row.id, kind: row.kind, active: row.status === 'active', config: openSettings(app, row) },
        adapters,
        contexts,
      )
    },
    async close() {
      open.delete(app)
      clock.stop()
      await http.close()
    },
  }
  open.set(app, channels)
  return channels
}

function bringToLife(stored: Pick<OpenAccount, 'id' | 'kind' | 'active' | 'config'>, adapters: Adapters, contexts: Contexts): LiveChannel {
  const adapter = adapters.get(stored.kind)
  if (!adapter) throw new PermanentFailure('configuration', `no adapter of kind ${stored.kind}`)
  const config = adapter.configSchema.safeParse(stored.config)
  if (!config.success) throw new PermanentFailure('configuration', 'the settings do not fit this kind of channel')
  const account = { id: stored.id, kind: stored.kind, config: config.data }
  return { adapter, account, active: stored.active, call: (withinMs) => contexts.forCall(account, withinMs) }
}
