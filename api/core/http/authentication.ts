/** Who calls: staff by session cookie, customers of the web channel by bearer token. The modules that know them are behind ports. */
import type { Request, Server, ServerAuthScheme } from '@hapi/hapi'
import type { App } from '../app.ts'
import type { CustomerActor, StaffActor } from '../context.ts'
import { Forbidden, Unauthenticated } from '../errors.ts'

declare module '../modules.ts' {
  interface Hooks {
    /** The signed-in member of staff behind a session token; null when it is unknown, expired or revoked. */
    'auth.staff'?: (app: App, token: string) => Promise<StaffActor | null>
    'auth.customer'?: (app: App, token: string) => Promise<CustomerActor | null>
    /** Of these sessions, those still good: sockets of the others are cut. */
    'auth.alive'?: (app: App, sessionIds: readonly string[]) => Promise<ReadonlySet<string>>
    /** The same of customer tokens, by their ids. */
    'auth.customers-alive'?: (app: App, tokenIds: readonly string[]) => Promise<ReadonlySet<string>>
  }
}

declare module '@hapi/hapi' {
  interface AuthCredentials {
    actor?: StaffActor | CustomerActor
  }
}

export const SESSION_COOKIE = 'lianke_session'

const bearer =
  (app: App): ServerAuthScheme =>
  () => ({
    async authenticate(request, h) {
      const [, token] = /^Bearer ([\w-]{20,200})$/.exec(headerText(request.headers.authorization) ?? '') ?? []
      const actor = token ? await app.hooks.only('auth.customer')(app, token) : null
      if (!actor) throw new Unauthenticated('unauthenticated', 'a valid customer token is needed')
      return h.authenticated({ credentials: { actor } })
    },
  })

const session =
  (app: App): ServerAuthScheme =>
  () => ({
    async authenticate(request, h) {
      const token: unknown = request.state[SESSION_COOKIE]
      const actor = typeof token === 'string' ? await app.hooks.only('auth.staff')(app, token) : null
      if (!actor) throw new Unauthenticated('unauthenticated', 'sign in first')
      return h.authenticated({ credentials: { actor } })
    },
  })

/** The cookie carries an opaque token whose digest is in PostgreSQL, so that a session can be revoked at once. */
export function registerAuthentication(server: Server, app: App): void {
  server.state(SESSION_COOKIE, {
    isSecure: app.config.publicUrl.startsWith('https://'),
    isHttpOnly: true,
    isSameSite: 'Lax',
    path: '/',
    ttl: 7 * 24 * 3600 * 1000,
    encoding: 'none',
    strictHeader: true,
    ignoreErrors: true,
  })
  server.auth.scheme('session', session(app))
  server.auth.strategy('staff', 'session')
  server.auth.scheme('bearer', bearer(app))
  server.auth.strategy('customer', 'bearer')
}

/** Cookies travel with cross-site requests of some browsers: writes by cookie must come from our own pages. */
export function checkOrigin(app: App, request: Request): void {
  const { origin } = request.headers
  if (request.headers['sec-fetch-site'] === 'cross-site') throw new Forbidden('origin_not_allowed', 'cross-site request')
  if (typeof origin !== 'string' || origin === '') return
  if (!isOwnOrigin(app, origin, headerText(request.headers.host))) throw new Forbidden('origin_not_allowed', 'foreign origin')
}

/** Hapi types headers loosely; a repeated one counts as absent. */
export const headerText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

export function isOwnOrigin(app: App, origin: string, host: string | undefined): boolean {
  const url = URL.canParse(origin) ? new URL(origin) : null
  if (!url) return false
  return url.origin === new URL(app.config.publicUrl).origin || (!app.config.production && url.host === host)
}
