/** Contexts to run an adapter in without the runtime: one whose network is down, one that really speaks HTTP. */
import { Readable } from 'node:stream'
import {
  OutcomeUnknown,
  TransientFailure,
  type ChannelContext,
  type ChannelHttp,
  type ChannelTokens,
  type HttpRequest,
  type StoredFile,
} from '../contract/index.ts'

export interface TestContextOptions {
  bases?: Partial<ChannelContext['bases']>
  files?: Readonly<Record<string, { name: string; mime: string; data: Buffer }>>
  now?: () => Date
}

/** A port that nobody listens on and that `fetch` does not refuse by itself. */
const NOWHERE = 'http://127.0.0.1:2'

/** Nobody can be reached; `requests` tells who would have been called. */
export function isolatedContext(options: TestContextOptions = {}): { ctx: ChannelContext; requests: string[] } {
  const requests: string[] = []
  const refuse = (url: string): never => {
    requests.push(url)
    throw new TransientFailure('connection refused')
  }
  const http: ChannelHttp = {
    request: async (request) => refuse(request.url),
    download: async (request) => refuse(request.url),
    fetchForeign: async (url) => refuse(url),
  }
  return { ctx: contextOver(http, options), requests }
}

/** `foreign` lists the addresses that were asked for through `fetchForeign`, which this context serves like any other. */
export function httpContext(options: TestContextOptions = {}): { ctx: ChannelContext; foreign: string[] } {
  const foreign: string[] = []
  const http: ChannelHttp = {
    request: async (request) => {
      const response = await reach(request)
      return { status: response.status, headers: Object.fromEntries(response.headers), body: Buffer.from(await response.arrayBuffer()) }
    },
    download: async (request) => streamOf(await reach(request)),
    fetchForeign: async (url) => {
      foreign.push(url)
      return streamOf(await reach({ url }))
    },
  }
  return { ctx: contextOver(http, options), foreign }
}

function contextOver(http: ChannelHttp, options: TestContextOptions): ChannelContext {
  return {
    http,
    tokens: memoryTokens(),
    files: { open: async (id) => storedFile(options.files?.[id]), link: async (id) => `https://files.example/${id}` },
    cache: memoryCache(),
    now: options.now ?? (() => new Date()),
    bases: { wxApi: NOWHERE, wxMp: NOWHERE, wxOpen: NOWHERE, wecomApi: NOWHERE, ...options.bases },
    log: { info() {}, warn() {} },
  }
}

function storedFile(file: { name: string; mime: string; data: Buffer } | undefined): StoredFile {
  const { name, mime, data } = file ?? { name: 'a.bin', mime: 'application/octet-stream', data: Buffer.from('abc') }
  return { name, mime, sizeBytes: data.length, read: async () => data }
}

/** One fetch per name however many ask at once; `invalidate` compares before it forgets. */
function memoryTokens(): ChannelTokens {
  const tokens = new Map<string, Promise<string>>()
  return {
    async get(name, fetch) {
      const present = tokens.get(name)
      if (present !== undefined) return present
      const fetched = fetch().then(({ token }) => token)
      tokens.set(name, fetched)
      fetched.catch(() => tokens.delete(name))
      return fetched
    },
    async invalidate(name, token) {
      if ((await tokens.get(name)) === token) tokens.delete(name)
    },
  }
}

function memoryCache(): ChannelContext['cache'] {
  const entries = new Map<string, string>()
  return {
    get: async (key) => entries.get(key) ?? null,
    set: async (key, value) => void entries.set(key, value),
  }
}

/** Failures as the contract of `ChannelHttp` words them. */
async function reach(request: HttpRequest): Promise<Response> {
  const response = await fetch(request.url, { method: request.method ?? 'GET', ...bodyOf(request) }).catch((error: unknown) => {
    const repeatable = request.idempotent ?? (request.method ?? 'GET') === 'GET'
    throw repeatable || neverArrived(error) ? new TransientFailure('not reached') : new OutcomeUnknown('no answer')
  })
  if (response.status >= 500 || response.status === 429) throw new TransientFailure(`http ${response.status}`)
  return response
}

function neverArrived(error: unknown): boolean {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined
  // Not `instanceof`: jest runs tests in a realm of their own.
  return typeof cause === 'object' && cause !== null && 'code' in cause && (cause.code === 'ECONNREFUSED' || cause.code === 'ENOTFOUND')
}

function bodyOf(request: HttpRequest): { body?: string | FormData; headers?: Record<string, string> } {
  if (request.json !== undefined)
    return { body: JSON.stringify(request.json), headers: { 'content-type': 'application/json; charset=utf-8' } }
  if (request.multipart === undefined) return {}
  const form = new FormData()
  const { fields, file } = request.multipart
  for (const [name, value] of Object.entries(fields ?? {})) form.append(name, value)
  form.append(file.field, new Blob([new Uint8Array(file.data)], { type: file.mime }), file.name)
  return { body: form }
}

async function streamOf(response: Response): ReturnType<ChannelHttp['download']> {
  const stream = Readable.from(Buffer.from(await response.arrayBuffer()))
  return { status: response.status, headers: Object.fromEntries(response.headers), stream }
}
