/** The only way out to a platform: bounded in time and size, and honest about what may have arrived. */
import { Agent, request as send } from 'undici'
import type { ChannelHttp, HttpRequest } from '#adapters/contract/index.ts'
import { boundedStream, readAll } from './bounded-body.ts'
import { classify, MAX_DOWNLOAD_BYTES, refuseBusy, singleHeaders, timeLimits, watchfulConnector } from './exchange.ts'
import { createForeignFetch, type ForeignOptions } from './fetch-foreign.ts'
import { encodeMultipart } from './multipart.ts'

const MAX_TEXT_BYTES = 1_048_576
const REQUEST_MS = 10_000
const DOWNLOAD_MS = 60_000

export interface OwnedHttp extends ChannelHttp {
  close(): Promise<void>
}

export function createChannelHttp(options: ForeignOptions): OwnedHttp {
  const unreached = new WeakSet()
  const agent = new Agent({ connect: watchfulConnector({}, unreached) })
  const foreign = createForeignFetch(options)
  const open = async (request: HttpRequest, defaultMs: number) => {
    const timeoutMs = request.timeoutMs ?? defaultMs
    try {
      const answer = await send(request.url, { ...wireForm(request), ...timeLimits(timeoutMs), dispatcher: agent })
      await refuseBusy(answer)
      return answer
    } catch (error) {
      throw classify(error, isIdempotent(request), unreached)
    }
  }
  return {
    async request(request) {
      const { statusCode, headers, body } = await open(request, REQUEST_MS)
      try {
        return { status: statusCode, headers: singleHeaders(headers), body: await readAll(body, request.maxBytes ?? MAX_TEXT_BYTES) }
      } catch (error) {
        throw classify(error, isIdempotent(request), unreached)
      }
    },
    async download(request) {
      const { statusCode, headers, body } = await open(request, DOWNLOAD_MS)
      return { status: statusCode, headers: singleHeaders(headers), stream: boundedStream(body, request.maxBytes ?? MAX_DOWNLOAD_BYTES) }
    },
    fetchForeign: foreign.fetch,
    async close() {
      await Promise.all([agent.destroy(), foreign.close()])
    },
  }
}

export const isIdempotent = (request: HttpRequest): boolean => request.idempotent ?? methodOf(request) === 'GET'

const methodOf = ({ method, json, multipart }: HttpRequest) =>
  method ?? (json === undefined && multipart === undefined ? ('GET' as const) : ('POST' as const))

function wireForm(request: HttpRequest): { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string | Buffer } {
  const method = methodOf(request)
  if (request.multipart) {
    const { body, contentType } = encodeMultipart(request.multipart)
    return { method, headers: { 'content-type': contentType }, body }
  }
  if (request.json === undefined) return { method, headers: {} }
  return { method, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(request.json) }
}
