/** Builds what an adapter is handed for one account and one call. */
import { PermanentFailure, TransientFailure, type ChannelContext, type ChannelHttp, type HttpRequest } from '#adapters/contract/index.ts'
import type { App } from '#api/core/app.ts'
import { AttachmentRow, fileLink } from '#api/modules/files/index.ts'
import type { SyncedClock } from './clock.ts'
import { isIdempotent } from './http/channel-http.ts'

/** How long a customer may open a file that went out as a link. */
export const LINK_SECONDS = 7 * 86_400

export interface PlatformCall {
  ctx: ChannelContext
  /** A request that must not be repeated has left. */
  mayHaveActed(): boolean
}

export interface Contexts {
  /** @param withinMs no request of this call lasts longer than what then remains */
  forCall(account: { id: string; kind: string }, withinMs: number): PlatformCall
}

export function createContexts(
  app: App,
  shared: { http: ChannelHttp; tokens: ChannelContext['tokens']; clock: Pick<SyncedClock, 'now'> },
): Contexts {
  const files = createFiles(app, shared.clock)
  return {
    forCall(account, withinMs) {
      const bounded = boundHttp(shared.http, Date.now() + withinMs)
      const log = app.log.child({ channelAccountId: account.id, channelKind: account.kind })
      return {
        mayHaveActed: bounded.mayHaveActed,
        ctx: {
          http: bounded.http,
          tokens: shared.tokens,
          files,
          cache: createCache(app, account.id),
          now: () => shared.clock.now(),
          bases: app.config.bases,
          log: { info: (fields, event) => log.info(fields, event), warn: (fields, event) => log.warn(fields, event) },
        },
      }
    },
  }
}

const DEFAULT_MS = { request: 10_000, download: 60_000, foreign: 30_000 }

function boundHttp(http: ChannelHttp, deadline: number): { http: ChannelHttp; mayHaveActed(): boolean } {
  let acted = false
  const within = (wanted: number) => {
    const left = deadline - Date.now()
    if (left <= 0) throw new TransientFailure('no time left for another request')
    return { timeoutMs: Math.min(wanted, left) }
  }
  const noted = (request: HttpRequest, defaultMs: number) => {
    const bounded = { ...request, ...within(request.timeoutMs ?? defaultMs) }
    acted ||= !isIdempotent(request)
    return bounded
  }
  return {
    mayHaveActed: () => acted,
    http: {
      request: async (request) => http.request(noted(request, DEFAULT_MS.request)),
      download: async (request) => http.download(noted(request, DEFAULT_MS.download)),
      fetchForeign: async (url, options) => http.fetchForeign(url, { ...options, ...within(options?.timeoutMs ?? DEFAULT_MS.foreign) }),
    },
  }
}

function createFiles(app: App, clock: Pick<SyncedClock, 'now'>): ChannelContext['files'] {
  return {
    async open(attachmentId) {
      const row = await fromStore(AttachmentRow.query(app.db).findById(attachmentId))
      if (!row) throw new PermanentFailure('media_refused', 'the file is gone')
      return {
        name: row.name,
        mime: row.mime,
        sizeBytes: Number(row.size_bytes),
        read: () => fromStore(app.storage.read(row.storage_key)),
      }
    },
    async link(attachmentId) {
      // Without an origin for files the link is a path of our own.
      return new URL(
        fileLink(app.config, attachmentId, 'original', new Date(clock.now().getTime() + LINK_SECONDS * 1000)),
        app.config.publicUrl,
      ).href
    },
  }
}

/** Our own disk or database being away is no fault of the message: it waits. */
async function fromStore<T>(answer: PromiseLike<T>): Promise<T> {
  try {
    return await answer
  } catch {
    throw new TransientFailure('file store unreachable')
  }
}

/** A cache that is away is an empty one. */
function createCache(app: App, accountId: string): ChannelContext['cache'] {
  const keyOf = (key: string) => `${app.config.redisPrefix}:channel-cache:${accountId}:${key}`
  const missed = (error: unknown) => {
    app.log.warn({ error: String(error) }, 'channel_cache.unreachable')
    return null
  }
  return {
    get: (key) => app.redis.get(keyOf(key)).catch(missed),
    set: async (key, value, ttlSeconds) =>
      void (await app.redis.set(keyOf(key), value, 'EX', Math.max(1, Math.round(ttlSeconds))).catch(missed)),
  }
}
