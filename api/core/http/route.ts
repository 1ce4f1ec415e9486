/** How a module declares a route. Everything the OpenAPI document, the policy test and the server need stands in one object. */
import type { Request, ResponseToolkit, ResponseObject } from '@hapi/hapi'
import type { z } from 'zod'
import type { ErrorCode } from '../../contract/errors.ts'
import type { Permission } from '../../contract/identity.ts'
import type { Ctx, CustomerActor, StaffActor, SystemActor } from '../context.ts'

/** `public`: anybody. `customer`: bearer token of the web channel. `staff`: signed in; with a permission where named. */
export type RouteAuth = 'public' | 'customer' | 'staff' | { permission: Permission }

export type ActorOf<A extends RouteAuth> = A extends 'public' ? SystemActor : A extends 'customer' ? CustomerActor : StaffActor

export interface Limit {
  /** Counted per client address, or per account/identity. */
  per: 'ip' | 'actor'
  max: number
  windowSeconds: number
}

export interface Input<P, Q, B> {
  params: P
  query: Q
  body: B
  request: Request
  h: ResponseToolkit
  /** Client address, through trusted proxies only. */
  ip: string
}

interface Common {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Hapi path, `/api/v1/…`. */
  path: string
  summary: string
  tag: string
  /** Codes beyond those every route can answer. */
  errors?: readonly ErrorCode[]
  status?: 200 | 201
  /** Default: 600 a minute for an actor, 300 for an address. */
  limit?: Limit
  /** Open to who must change his password first; every other route of staff answers 403 `password_change_required`. */
  beforePasswordChange?: true
  /** Sent by the page itself, as when its connection comes back: it does not show that anybody is at the desk. */
  automatic?: true
  /** Which process serves it; routes that call a platform belong to `bot`. */
  role?: 'api' | 'bot'
  /** `none`: the handler opens its own; `ctx.trx` is then the pool. Default: `write` except for GET. */
  transaction?: 'write' | 'none'
  /** A multipart upload of one file: bytes at most. */
  upload?: { maxBytes: number }
  maxBodyBytes?: number
}

export interface RouteSpec<A extends RouteAuth, P, Q, B, R> extends Common {
  auth: A
  params?: z.ZodType<P>
  query?: z.ZodType<Q>
  body?: z.ZodType<B>
  /** A body as a client would send it, for the documentation. */
  example?: NoInfer<B>
  /** The whole answer, envelope included; `binary` for files. */
  response: z.ZodType<R> | 'binary'
  handle(ctx: Ctx<ActorOf<A>>, input: Input<P, Q, B>): Promise<R | ResponseObject>
}

export interface Route extends Common {
  auth: RouteAuth
  params: z.ZodType | undefined
  query: z.ZodType | undefined
  body: z.ZodType | undefined
  example?: unknown
  response: z.ZodType | 'binary'
  handle(ctx: Ctx, input: Input<unknown, unknown, unknown>): Promise<unknown>
}

/** Binds the handler to its schemas and its actor, so that a handler never sees an unchecked value. */
export function route<A extends RouteAuth, P = undefined, Q = undefined, B = undefined, R = unknown>(
  spec: RouteSpec<A, P, Q, B, R>,
): Route {
  // The server parses with these very schemas before it calls, and authenticates by `auth`: the one place where the types are joined.

  return { ...spec, params: spec.params, query: spec.query, body: spec.body }
}
