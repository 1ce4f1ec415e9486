/** The HTTP server: routes of the modules, one error shape, security headers, health and metrics. */
import Boom from '@hapi/boom'
import hapi, { type Request, type ResponseToolkit, type Server } from '@hapi/hapi'
import inert from '@hapi/inert'
import type { z } from 'zod'
import type { App } from '../app.ts'
import { type Actor, inTransaction, readOnly, type RequestSource, SYSTEM } from '../context.ts'
import { Forbidden, Invalid, Unauthenticated } from '../errors.ts'
import { checkOrigin, headerText, registerAuthentication } from './authentication.ts'
import { createAddressReader, networkOf } from './client-address.ts'
import { fromOutside } from '../request-shape.ts'
import { answerFailures } from './failures.ts'
import { securityHeaders } from './headers.ts'
import { createLimiter, type Limiter } from './limiter.ts'
import { registerOperations } from './operations.ts'
import { watchRefusals } from './refusals.ts'
import type { Input, Limit, Route } from './route.ts'

export type Role = 'api' | 'bot' | 'jobs'

interface Parts {
  app: App
  limiter: Limiter
  addressOf: (request: Request) => string
}

export async function createHttpServer(options: {
  app: App
  port: number
  host: string
  roles: ReadonlySet<Role>
  routes: readonly Route[]
}): Promise<Server> {
  const { app } = options
  const server = hapi.server({
    port: options.port,
    host: options.host,
    routes: { payload: { maxBytes: 1_048_576 } },
    router: { stripTrailingSlash: false },
  })
  await server.register(inert)
  registerAuthentication(server, app)
  const readAddress = createAddressReader(app.config.trustedProxies)
  const parts: Parts = {
    app,
    limiter: createLimiter(app.redis, app.config.redisPrefix),
    addressOf: (request) => readAddress(request.info.remoteAddress, headerText(request.headers['x-forwarded-for'])),
  }
  server.ext('onPreResponse', answerFailures(app.log))
  server.ext('onPreResponse', securityHeaders(app.config))
  server.events.on('response', (request) => measure(app, request))
  const refusals = watchRefusals(server, app, (request) => sourceOf(parts, request))
  server.ext('onPostStop', () => refusals.flush())
  registerOperations(server, app, options.roles)
  for (const route of options.routes) {
    if (options.roles.has(route.role ?? 'api')) server.route(toHapi(parts, route))
  }
  return server
}

/** A handler may have answered by itself, or handed the connection over; the types do not say so. */
function statusOf({ response, raw }: { response: unknown; raw: Request['raw'] }): number {
  if (Boom.isBoom(response)) return response.output.statusCode
  if (typeof response === 'object' && response !== null && 'statusCode' in response) return Number(response.statusCode)
  return raw.res.headersSent ? raw.res.statusCode : 499
}

function measure(app: App, request: Request): void {
  const status = statusOf(request)
  const seconds = (Date.now() - request.info.received) / 1000
  app.metrics.httpSeconds.observe({ method: request.method, route: request.route.path, status: String(status) }, seconds)
  app.log.debug({ route: request.route.path, method: request.method, status, seconds }, 'http.answered')
}

function payloadOptions(route: Route) {
  if (route.upload) {
    return {
      output: 'stream' as const,
      parse: true,
      multipart: { output: 'stream' as const },
      allow: 'multipart/form-data',
      maxBytes: route.upload.maxBytes + 10_000,
      timeout: 120_000,
    }
  }
  return { output: 'data' as const, parse: true, allow: 'application/json', maxBytes: route.maxBodyBytes ?? 262_144 }
}

function toHapi(parts: Parts, route: Route) {
  const auth = route.auth === 'public' ? false : route.auth === 'customer' ? 'customer' : 'staff'
  return {
    method: route.method,
    path: route.path,
    options: {
      auth: auth === false ? (false as const) : { strategy: auth, mode: 'required' as const },
      ...(route.method === 'GET' ? {} : { payload: payloadOptions(route) }),
      tags: [route.tag],
      description: route.summary,
    },
    handler: (request: Request, h: ResponseToolkit) => answer(parts, route, request, h),
  }
}

function actorOf(route: Route, request: Request): Actor {
  if (route.auth === 'public') return SYSTEM
  const actor = request.auth.credentials.actor
  if (!actor) throw new Unauthenticated('unauthenticated', 'sign in first')
  if (actor.kind === 'staff' && actor.mustChangePassword && !route.beforePasswordChange)
    throw new Forbidden('password_change_required', 'change the initial password first')
  if (typeof route.auth === 'object' && !(actor.kind === 'staff' && actor.permissions.has(route.auth.permission))) {
    throw new Forbidden('forbidden', 'permission missing', { permission: route.auth.permission })
  }
  return actor
}

const sourceOf = (parts: Parts, request: Request): RequestSource => ({
  ip: parts.addressOf(request),
  userAgent: headerText(request.headers['user-agent'])?.slice(0, 300) ?? null,
})

async function takeLimit(parts: Parts, route: Route, actor: Actor, ip: string): Promise<void> {
  const who = actor.kind === 'staff' ? actor.accountId : actor.kind === 'customer' ? actor.identityId : networkOf(ip)
  const fallback: Limit = { per: actor.kind === 'system' ? 'ip' : 'actor', max: actor.kind === 'staff' ? 1200 : 300, windowSeconds: 60 }
  if (!route.limit) return parts.limiter.take(`all:${who}`, fallback)
  await parts.limiter.take(`${route.method}${route.path}:${route.limit.per === 'ip' ? networkOf(ip) : who}`, route.limit)
}

async function answer(parts: Parts, route: Route, request: Request, h: ResponseToolkit) {
  const { app } = parts
  if (route.method !== 'GET' && route.auth !== 'customer') checkOrigin(app, request)
  const actor = actorOf(route, request)
  const ip = parts.addressOf(request)
  await takeLimit(parts, route, actor, ip)
  const input: Input<unknown, unknown, unknown> = {
    params: route.params && fromOutside(route.params, request.params),
    query: parseQuery(route, request),
    body: route.body ? parseBody(route.body, request.payload) : refuseBody(route, request),
    request,
    h,
    ip,
  }
  const source = sourceOf(parts, request)
  if (route.method !== 'GET' && !route.automatic && actor.kind === 'staff')
    for (const note of app.hooks.all('staff.active')) note(app, actor.accountId)
  const writes = route.transaction === 'none' ? false : route.method !== 'GET'
  const result = writes
    ? await inTransaction(app, actor, (ctx) => route.handle(ctx, input), source)
    : await route.handle(await readOnly(app, actor, source), input)
  if (route.response === 'binary') return result
  if (!app.config.production) route.response.parse(result)
  return h
    .response(JSON.stringify(result))
    .type('application/json')
    .code(route.status ?? 200)
    .header('cache-control', 'no-store')
}

function parseQuery(route: Route, request: Request): unknown {
  if (route.query) return fromOutside(route.query, request.query)
  const [unknown] = Object.keys(request.query)
  if (unknown !== undefined) throw new Invalid('invalid_request', 'unknown query parameter', { parameter: unknown })
  return undefined
}

/** No body at all reads as an empty one: every field may have a default. */
const parseBody = (schema: z.ZodType, payload: unknown): unknown => fromOutside(schema, payload ?? {})

function refuseBody(route: Route, request: Request): unknown {
  if (route.upload || route.method === 'GET') return request.payload
  const payload: unknown = request.payload
  const empty = payload === null || payload === undefined || (typeof payload === 'object' && Object.keys(payload).length === 0)
  if (!empty) throw new Invalid('invalid_request', 'this route takes no body')
  return undefined
}
