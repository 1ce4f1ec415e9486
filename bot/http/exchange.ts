/** What every exchange with a platform shares: limits, and what its failure means. */
import { buildConnector, type Dispatcher } from 'undici'
import { ChannelFailure, OutcomeUnknown, PermanentFailure, TransientFailure, type HttpAnswer } from '#adapters/contract/index.ts'

export const MAX_DOWNLOAD_BYTES = 25 * 1_048_576
const CONNECT_MS = 5_000

/** Connects, and remembers which errors came before anything could be sent. */
export function watchfulConnector(options: buildConnector.BuildOptions, unreached: WeakSet<object>): buildConnector.connector {
  const connect = buildConnector({ timeout: CONNECT_MS, ...options })
  return (target, callback) =>
    connect(target, (...outcome) => {
      if (outcome[0]) unreached.add(outcome[0])
      callback(...outcome)
    })
}

/** `signal` bounds the whole exchange, the body included: a server that drips bytes cannot hold a worker. */
export const timeLimits = (timeoutMs: number) => ({
  signal: AbortSignal.timeout(timeoutMs),
  headersTimeout: timeoutMs,
  bodyTimeout: timeoutMs,
})

/** @throws TransientFailure for 5xx and 429 */
export async function refuseBusy({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<void> {
  if (statusCode < 500 && statusCode !== 429) return
  await body.dump().catch(() => {}) // the status is all that matters
  const seconds = Number(headers['retry-after'])
  throw new TransientFailure(`http ${statusCode}`, {
    platformCode: String(statusCode),
    ...(Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}),
  })
}

/** What a failed exchange means for the caller. */
export function classify(error: unknown, idempotent: boolean, unreached: WeakSet<object>): Error {
  if (error instanceof ChannelFailure) return error
  const what = codeOf(error)
  if (what === 'ERR_INVALID_URL' || what === 'UND_ERR_INVALID_ARG') return new PermanentFailure('configuration', 'the address is not one')
  const notReached = typeof error === 'object' && error !== null && unreached.has(error)
  if (notReached || idempotent) return new TransientFailure(`no answer: ${what}`)
  return new OutcomeUnknown(`no answer: ${what}`)
}

export function singleHeaders(headers: Dispatcher.ResponseData['headers']): HttpAnswer['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]))
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown'
  if ('code' in error && typeof error.code === 'string') return error.code
  return 'name' in error && typeof error.name === 'string' ? error.name : 'unknown'
}
