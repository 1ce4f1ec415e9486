/** Fetches what a platform or a customer named, without becoming his tool against our own network. */
import { isIP } from 'node:net'
import { Agent, request as send, type Dispatcher } from 'undici'
import { PermanentFailure, type ChannelHttp } from '#adapters/contract/index.ts'
import { boundedStream } from './bounded-body.ts'
import { classify, MAX_DOWNLOAD_BYTES, refuseBusy, singleHeaders, timeLimits, watchfulConnector } from './exchange.ts'
import { AddressRefused, isPublicAddress, publicLookup, type Resolve } from './public-address.ts'

export interface ForeignOptions {
  /** Outside production a simulator on this machine may serve media over plain http. */
  allowLoopback: boolean
  resolve?: Resolve
}

const MAX_REDIRECTS = 3
const FOREIGN_MS = 30_000
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])

export function createForeignFetch(options: ForeignOptions): { fetch: ChannelHttp['fetchForeign']; close(): Promise<void> } {
  const unreached = new WeakSet()
  const strangers = new Agent({ connect: watchfulConnector({ lookup: publicLookup(options.resolve) }, unreached) })
  const loopback = new Agent({ connect: watchfulConnector({}, unreached) })

  const hop = async (url: URL, local: boolean, limits: ReturnType<typeof timeLimits>): Promise<Dispatcher.ResponseData> => {
    try {
      const answer = await send(url, { method: 'GET', ...limits, dispatcher: local ? loopback : strangers })
      await refuseBusy(answer)
      return answer
    } catch (error) {
      if (error instanceof AddressRefused) throw refused('address')
      throw classify(error, true, unreached)
    }
  }

  return {
    async fetch(address, { maxBytes = MAX_DOWNLOAD_BYTES, timeoutMs = FOREIGN_MS } = {}) {
      const limits = timeLimits(timeoutMs)
      let url = parsed(address)
      // Only a call that starts on this machine may stay on it: a redirect from outside never gets in.
      let local = options.allowLoopback && isLoopback(url)
      for (let redirects = 0; ; redirects++) {
        local &&= isLoopback(url)
        if (!local) requirePublic(url)
        const { statusCode, headers, body } = await hop(url, local, limits)
        const location = redirectOf(statusCode, headers)
        if (location === undefined) return { status: statusCode, headers: singleHeaders(headers), stream: boundedStream(body, maxBytes) }
        await body.dump().catch(() => {}) // nobody reads the page of a redirect
        if (redirects === MAX_REDIRECTS) throw refused('redirects')
        url = parsed(location, url)
      }
    },
    async close() {
      await Promise.all([strangers.destroy(), loopback.destroy()])
    },
  }
}

const refused = (what: string) => new PermanentFailure('media_refused', `foreign ${what} refused`)

function parsed(address: string, base?: URL): URL {
  if (!URL.canParse(address, base?.href)) throw refused('address')
  return new URL(address, base)
}

const isLoopback = (url: URL) => url.protocol === 'http:' && LOOPBACK.has(url.hostname)

/** `URL` has turned decimal, octal and short forms of an IPv4 address into four numbers. A literal never meets the lookup: judged here. */
function requirePublic(url: URL): void {
  if (url.protocol !== 'https:') throw refused('scheme')
  if (url.username !== '' || url.password !== '') throw refused('credentials')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw refused('address')
}

function redirectOf(status: number, headers: Dispatcher.ResponseData['headers']): string | undefined {
  if (![301, 302, 303, 307, 308].includes(status)) return undefined
  const { location } = headers
  return typeof location === 'string' ? location : undefined
}
