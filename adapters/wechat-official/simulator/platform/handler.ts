/** The platform as an HTTP application: reads the call, applies faults, answers, and keeps the log. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { newRid } from '../state/identifiers.ts'
import type { World } from '../state/world.ts'
import type { ApiFaultEffect } from '../types.ts'
import { dispatch, refusal, type Dispatched } from './dispatch.ts'
import type { Answer, CallContext } from './endpoint.ts'
import { messageOf } from './errors.ts'
import { describeFault, takeApiFault } from './faults.ts'

const MAX_BODY_BYTES = 25 * 1_048_576
const LOGGED_CHARACTERS = 4_000
/** Everything before the platform's own paths is where a root mounted us. */
const PLATFORM_PATH = /^(.*?)(\/(?:cgi-bin|sns|connect|mmbiz)\/.*)$/

const HTML_HEADERS = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'; style-src 'self'" }

interface Rendered {
  status: number
  headers: Record<string, string>
  body: Buffer
}

const render = (answer: Answer): Rendered => {
  if ('json' in answer) return render({ rawJson: JSON.stringify(answer.json) })
  if ('rawJson' in answer)
    return { status: 200, headers: { 'content-type': 'application/json; encoding=utf-8' }, body: Buffer.from(answer.rawJson) }
  if ('html' in answer) return { status: answer.status ?? 200, headers: HTML_HEADERS, body: Buffer.from(answer.html) }
  if ('redirect' in answer) return { status: 302, headers: { location: answer.redirect }, body: Buffer.alloc(0) }
  const disposition = answer.fileName ? { 'content-disposition': `attachment; filename="${answer.fileName}"` } : {}
  return { status: 200, headers: { 'content-type': answer.mime, ...disposition }, body: answer.binary }
}

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
    size += bytes.length
    if (size > MAX_BODY_BYTES) throw new Error('body too large')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

const contextOf = (world: World, request: IncomingMessage, body: Buffer, tasks: (() => void)[]): CallContext => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const match = PLATFORM_PATH.exec(url.pathname)
  const baseUrl = world.publicBaseUrl ?? `http://${request.headers.host ?? 'localhost'}${match?.[1] ?? ''}`
  // Customers' pictures need an address before anybody has asked for one.
  world.publicBaseUrl ??= baseUrl
  const now = world.clock.now()
  return {
    world,
    now,
    method: request.method ?? 'GET',
    path: match?.[2] ?? url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body,
    baseUrl,
    remoteAddress: (request.socket.remoteAddress ?? '').replace('::ffff:', ''),
    rid: newRid(now),
    afterAnswer: (task) => void tasks.push(task),
  }
}

const shorten = (name: string, value: string) =>
  /^(access_token|secret|refresh_token)$/.test(name) && value.length > 8 ? `${value.slice(0, 6)}…` : value
const queryForLog = (query: URLSearchParams) => [...query].map(([name, value]) => `${name}=${shorten(name, value)}`).join('&')
const maskJson = (text: string) => text.replace(/("(?:access_token|secret|refresh_token)":")([^"]{6})[^"]*/g, '$1$2…')

const textForLog = (body: Buffer, contentType: string) =>
  /json|xml|text|^$/.test(contentType)
    ? maskJson(body.toString('utf8', 0, LOGGED_CHARACTERS))
    : `[${contentType.split(';')[0]}, ${body.length} B]`

const logCall = (ctx: CallContext, result: Dispatched, rendered: Rendered | null, fault: ApiFaultEffect | undefined) => {
  // Files and pictures that a browser shows are no calls of the account's server.
  if (ctx.path.startsWith('/mmbiz/') || ctx.path === '/cgi-bin/showqrcode' || ctx.path.endsWith('.css')) return
  ctx.world.recordCall({
    at: ctx.now,
    direction: 'api',
    ...(result.account ? { appId: result.account.appId } : {}),
    method: ctx.method,
    path: ctx.path,
    query: queryForLog(ctx.query),
    request: textForLog(ctx.body, String(ctx.headers['content-type'] ?? '')),
    status: rendered?.status ?? 0,
    response: rendered ? textForLog(rendered.body, rendered.headers['content-type'] ?? '') : '',
    ...(result.errcode === undefined ? {} : { errcode: result.errcode }),
    rid: ctx.rid,
    ...(fault ? { fault: describeFault(fault) } : {}),
  })
}

/** Faults that keep the call from being processed. */
const preempt = (ctx: CallContext, fault: ApiFaultEffect | undefined): Dispatched | null => {
  if (fault?.kind === 'status') return { answer: { html: `<html><body><h1>${fault.status}</h1></body></html>`, status: fault.status } }
  if (fault?.kind !== 'errcode') return null
  return { answer: refusal(fault.errcode, fault.errmsg ?? messageOf(fault.errcode), ctx.rid), errcode: fault.errcode }
}

const isReset = (fault: ApiFaultEffect | undefined) => fault?.kind === 'reset_before' || fault?.kind === 'reset_after'

const answerCall = async (ctx: CallContext, request: IncomingMessage, response: ServerResponse) => {
  const fault = takeApiFault(ctx.world, ctx.path)
  if (fault?.kind === 'reset_before') {
    logCall(ctx, { answer: { json: {} } }, null, fault)
    return request.socket.resetAndDestroy()
  }
  const result = preempt(ctx, fault) ?? (await dispatch(ctx))
  const rendered = render(result.answer)
  if (fault?.kind === 'malformed') rendered.body = rendered.body.subarray(0, Math.ceil(rendered.body.length / 2))
  logCall(ctx, result, isReset(fault) ? null : rendered, fault)
  if (fault?.kind === 'reset_after') return request.socket.resetAndDestroy()
  if (fault?.kind === 'latency') await new Promise<void>((resolve) => void ctx.world.clock.after(fault.ms, resolve))
  response.writeHead(rendered.status, { ...rendered.headers, 'content-length': String(rendered.body.length) })
  response.end(ctx.method === 'HEAD' ? undefined : rendered.body)
}

const handle = async (world: World, request: IncomingMessage, response: ServerResponse) => {
  const tasks: (() => void)[] = []
  try {
    const ctx = contextOf(world, request, await readBody(request), tasks)
    await answerCall(ctx, request, response)
  } catch {
    // A fault of the simulator itself, or a body without end.
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' })
    response.end('simulator error')
  }
  for (const task of tasks) setImmediate(task)
}

export const createPlatformHandler =
  (world: World): RequestListener =>
  (request, response) =>
    void handle(world, request, response)
