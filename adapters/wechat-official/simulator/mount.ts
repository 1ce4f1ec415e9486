/** Simulators of all channels under one path: their platforms, one page, one small JSON API for the page and for tests in a browser. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import path from 'node:path'
import { pipeline } from 'node:stream'
import { json, problem, readJsonBody, requireSameSite, RequestRefused } from './mount-http.ts'

/** What a channel's simulator must offer to be mounted. The kinds' own typed controls stay with them. */
export interface MountableSimulator {
  kind: string
  /** Path segment of its platform: `/simulator/{base}/…` */
  base: string
  handler: RequestListener
  /** JSON for the page. */
  snapshot(): unknown
  /** What a customer does; the body has been read as JSON and nothing more. @throws RequestRefused */
  runAction(body: unknown): Promise<unknown>
  /** Faults, time, settings. @throws RequestRefused */
  runCommand(body: unknown): Promise<unknown>
  media(accountId: string, mediaId: string): { data: Buffer; mime: string } | null
  /** Cookie that tells the platform's pages on whose phone a link was opened. */
  phoneCookie?(accountId: string, customerId: string): string
  onChange(listener: () => void): () => void
}

/** A text message that nobody was sent: shown, so that its code can be read. */
export interface ShownSms {
  id: string
  phone: string
  text: string
  /** ISO time. */
  sentAt: string
}

export interface MountOptions {
  /** Default `/simulator`. */
  prefix?: string
  /** Where the built page lies; default `dist/pages/simulator` of the working directory. */
  pageDirectory?: string
  /** What the development SMS provider was given, newest first; none without it. */
  messages?: () => Promise<readonly ShownSms[]>
}

const CHANGES_AT_MOST_EVERY_MS = 100
const KEEP_ALIVE_MS = 20_000
const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}
const PAGE_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: http: https:; media-src 'self' blob: http: https:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

/** One event per burst of changes; the page then asks for the state. */
const streamChanges = (simulators: readonly MountableSimulator[], request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
  response.write('event: change\ndata: {}\n\n')
  let planned: NodeJS.Timeout | undefined
  const announce = () => {
    planned ??= setTimeout(() => {
      planned = undefined
      response.write('event: change\ndata: {}\n\n')
    }, CHANGES_AT_MOST_EVERY_MS)
  }
  const keepAlive = setInterval(() => response.write(': still here\n\n'), KEEP_ALIVE_MS)
  keepAlive.unref()
  const unsubscribe = simulators.map((simulator) => simulator.onChange(announce))
  request.on('close', () => {
    clearTimeout(planned)
    clearInterval(keepAlive)
    for (const end of unsubscribe) end()
  })
}

/** Opens a link as if it had been touched on that customer's phone. */
const openLink = (simulator: MountableSimulator, query: URLSearchParams, response: ServerResponse, prefix: string) => {
  const target = query.get('url') ?? ''
  if (!URL.canParse(target) || !/^https?:$/.test(new URL(target).protocol)) throw new RequestRefused(400, 'not a web address')
  const cookie = simulator.phoneCookie?.(query.get('account') ?? '', query.get('customer') ?? '')
  const headers = cookie ? { 'set-cookie': `${cookie}; Path=${prefix}; HttpOnly; SameSite=Lax` } : {}
  response.writeHead(302, { ...headers, location: target }).end()
}

const sendMedia = (simulator: MountableSimulator, [accountId = '', mediaId = '']: string[], response: ServerResponse) => {
  const media = simulator.media(accountId, mediaId)
  if (!media) throw new RequestRefused(404, 'no such media')
  const headers = {
    'content-type': media.mime,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  }
  response.writeHead(200, headers).end(media.data)
}

const answerApi = async (mounted: Mounted, segments: string[], request: IncomingMessage, response: ServerResponse) => {
  const [head = '', call = '', ...rest] = segments
  if (head === 'state') return json(response, 200, { data: mounted.simulators.map((simulator) => simulator.snapshot()) })
  if (head === 'sms') return json(response, 200, { data: (await mounted.messages?.()) ?? [] })
  if (head === 'events') return streamChanges(mounted.simulators, request, response)
  const simulator = mounted.simulators.find(({ kind }) => kind === head)
  if (!simulator) throw new RequestRefused(404, 'no such simulator')
  if (call === 'media') return sendMedia(simulator, rest, response)
  if (call === 'open') return openLink(simulator, new URL(request.url ?? '/', 'http://localhost').searchParams, response, mounted.prefix)
  if (request.method !== 'POST') throw new RequestRefused(404, 'no such call')
  json(response, 200, { data: await act(simulator, call, request) })
}

const act = async (simulator: Mounted['simulators'][number], call: string, request: IncomingMessage): Promise<unknown> => {
  if (call !== 'actions' && call !== 'commands') throw new RequestRefused(404, 'no such call')
  requireSameSite(request)
  const body = await readJsonBody(request)
  return call === 'actions' ? simulator.runAction(body) : simulator.runCommand(body)
}

const sendPage = async (mounted: Mounted, name: string, response: ServerResponse) => {
  const file = path.join(mounted.pageDirectory, path.normalize(`/${name || 'index.html'}`))
  const found = await stat(file).catch(() => null)
  if (!found?.isFile()) throw new RequestRefused(name ? 404 : 503, name ? 'not found' : 'the simulator page has not been built')
  const headers = {
    'content-type': CONTENT_TYPES[path.extname(file)] ?? 'application/octet-stream',
    'content-security-policy': PAGE_CSP,
    'x-content-type-options': 'nosniff',
    'cache-control': name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  }
  response.writeHead(200, headers)
  pipeline(createReadStream(file), response, () => {})
}

interface Mounted {
  messages: MountOptions['messages']
  simulators: readonly MountableSimulator[]
  prefix: string
  pageDirectory: string
}

const handle = async (mounted: Mounted, request: IncomingMessage, response: ServerResponse) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  if (pathname === mounted.prefix) return response.writeHead(302, { location: `${mounted.prefix}/` }).end()
  if (!pathname.startsWith(`${mounted.prefix}/`)) throw new RequestRefused(404, 'not found')
  const inside = decodeURIComponent(pathname.slice(mounted.prefix.length + 1))
  const [head = '', ...rest] = inside.split('/')
  const platform = mounted.simulators.find(({ base }) => base === head)
  if (platform) return platform.handler(request, response)
  if (head === 'api') return answerApi(mounted, rest, request, response)
  return sendPage(mounted, inside, response)
}

/**
 * One plain Node listener for everything below `prefix`. Only composition roots mount it, and never in production:
 * whoever reaches it can speak as any customer.
 */
export const mountSimulator = (simulators: readonly MountableSimulator[], options: MountOptions = {}): RequestListener => {
  const mounted: Mounted = {
    messages: options.messages,
    simulators,
    prefix: options.prefix ?? '/simulator',
    pageDirectory: path.resolve(options.pageDirectory ?? 'dist/pages/simulator'),
  }
  return (request, response) => void handle(mounted, request, response).catch((error: unknown) => problem(response, error))
}
