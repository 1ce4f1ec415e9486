/** What an endpoint of the platform is handed and answers. */
import type { Account } from '../state/records.ts'
import type { World } from '../state/world.ts'
import type { Fields } from './fields.ts'

export type Answer =
  | { json: Fields }
  /** Already serialised, for numbers beyond 2^53. */
  | { rawJson: string }
  | { binary: Buffer; mime: string; fileName?: string }
  | { html: string; status?: number }
  | { redirect: string; cookie?: string }

export interface CallContext {
  world: World
  now: number
  method: string
  path: string
  query: URLSearchParams
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: Buffer
  /** Address of the platform as the caller reached it, without a trailing slash. */
  baseUrl: string
  remoteAddress: string
  rid: string
  /** Runs after the answer has left: events that follow a call. */
  afterAnswer(task: () => void): void
}
export interface AccountContext extends CallContext {
  account: Account
}

export type Endpoint =
  /** Needs an access token; counted against the day's quota. */
  | { method: 'GET' | 'POST' | 'ANY'; token: true; run(ctx: AccountContext): Answer | Promise<Answer> }
  | { method: 'GET' | 'POST' | 'ANY'; token: false; run(ctx: CallContext): Answer | Promise<Answer> }

export type Endpoints = Record<string, Endpoint>

export const withToken = (method: 'GET' | 'POST' | 'ANY', run: (ctx: AccountContext) => Answer | Promise<Answer>): Endpoint => ({
  method,
  token: true,
  run,
})
export const withoutToken = (method: 'GET' | 'POST' | 'ANY', run: (ctx: CallContext) => Answer | Promise<Answer>): Endpoint => ({
  method,
  token: false,
  run,
})

export const OK: Fields = { errcode: 0, errmsg: 'ok' }
