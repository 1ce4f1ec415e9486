/**
 * What the server refused is told to whoever keeps the trail: every 403, and 401 and 404 on writes of signed-in staff. Told in the background
 * and together, so that no request waits; the same again within a moment is counted, so that a flood makes few lines.
 */
import type { Request, Server } from '@hapi/hapi'
import type { ErrorCode } from '../../contract/errors.ts'
import type { App } from '../app.ts'
import type { Actor, RequestSource } from '../context.ts'
import { statusOf } from './failures.ts'

export interface Refusal {
  actor: Actor | null
  source: RequestSource
  /** `PATCH /api/v1/customers/{id}`; never the address itself, whose parts may be secrets. */
  route: string
  /** Ids in the address. */
  ids: Record<string, string>
  code: ErrorCode
  status: number
  /** How often within the moment. */
  times: number
}

declare module '../modules.ts' {
  interface Hooks {
    'access.refused'?: (app: App, refusals: readonly Refusal[]) => Promise<void>
  }
}

declare module '@hapi/hapi' {
  interface RequestApplicationState {
    /** Why the request was refused, for the trail. */
    refusedAs?: ErrorCode
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const MOMENT_MS = 500
/** Different refusals within a moment; more than these are an attack, of which these tell enough. */
const MOST = 500

const isRefusal = (status: number, method: string, actor: Actor | null) =>
  status === 403 || ((status === 401 || status === 404) && method !== 'get' && actor?.kind === 'staff')

function describe(request: Request, sourceOf: (request: Request) => RequestSource): Refusal | null {
  const code = request.app.refusedAs
  if (!code) return null
  const status = statusOf(code)
  const actor = request.auth.isAuthenticated ? (request.auth.credentials.actor ?? null) : null
  if (!isRefusal(status, request.method, actor)) return null
  const params = Object.entries(request.params).filter((entry): entry is [string, string] => UUID.test(String(entry[1])))
  const route = `${request.method.toUpperCase()} ${request.route.path}`
  return { actor, source: sourceOf(request), route, ids: Object.fromEntries(params), code, status, times: 1 }
}

const idOf = (actor: Actor | null) => (actor?.kind === 'staff' ? actor.accountId : actor?.kind === 'customer' ? actor.identityId : '')
const keyOf = ({ actor, source, route, ids, code }: Refusal) => JSON.stringify([idOf(actor), source.ip, route, ids, code])

/** @returns `flush`: waits until everything refused so far is told */
export function watchRefusals(server: Server, app: App, sourceOf: (request: Request) => RequestSource): { flush(): Promise<void> } {
  let waiting = new Map<string, Refusal>()
  let timer: NodeJS.Timeout | null = null
  let telling: Promise<void> = Promise.resolve()
  const tell = () => {
    timer = null
    const refusals = [...waiting.values()]
    waiting = new Map()
    if (refusals.length > 0) telling = telling.then(() => tellAll(app, refusals))
    return telling
  }
  server.events.on('response', (request) => {
    const refusal = describe(request, sourceOf)
    if (!refusal) return
    const before = waiting.get(keyOf(refusal))
    if (before) before.times += 1
    else if (waiting.size < MOST) waiting.set(keyOf(refusal), refusal)
    timer ??= setTimeout(() => void tell(), MOMENT_MS)
  })
  return {
    flush() {
      if (timer) clearTimeout(timer)
      return tell()
    },
  }
}

async function tellAll(app: App, refusals: readonly Refusal[]): Promise<void> {
  try {
    for (const hear of app.hooks.all('access.refused')) await hear(app, refusals)
  } catch (error) {
    app.log.error({ refusals: refusals.length, error: String(error) }, 'http.refusals_not_recorded')
  }
}
