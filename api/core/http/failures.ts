/** Errors → HTTP answers. The only file that knows status codes. */
import Boom from '@hapi/boom'
import type { Request, ResponseToolkit } from '@hapi/hapi'
import type { ErrorBody, ErrorCode } from '../../contract/errors.ts'
import { AppError, type ErrorKind, KIND_OF } from '../errors.ts'
import type { Logger } from '../logger.ts'
import { isOutage } from '../outage.ts'

const STATUS: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  wrong_method: 405,
  conflict: 409,
  too_large: 413,
  unsupported: 415,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
}

/** The status a code is answered with: by the server, and in its description. */
export const statusOf = (code: ErrorCode): number => STATUS[KIND_OF[code]]

/** What Hapi itself refuses comes as a status alone. */
const BY_STATUS: Record<number, ErrorCode> = {
  400: 'invalid_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'route_not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'unavailable',
}

interface Failure {
  status: number
  body: ErrorBody
  /** The caller's doing, not ours: not logged as a failure. */
  expected: boolean
}

const failure = (code: ErrorCode, message: string, expected: boolean, context: Record<string, unknown> = {}): Failure => ({
  status: statusOf(code),
  body: { error: { code, message, context } },
  expected,
})

export function describeFailure(error: unknown): Failure {
  if (error instanceof AppError) return failure(error.code, error.message, true, error.context)
  if (isOutage(error)) return failure('unavailable', 'a part of the system is down; try again', false)
  if (Boom.isBoom(error) && error.output.statusCode < 500) {
    const { statusCode } = error.output
    const malformed = statusCode === 400 && /JSON|payload/i.test(error.message)
    const code = malformed ? 'malformed_json' : (BY_STATUS[statusCode] ?? 'invalid_request')
    return { ...failure(code, error.message, true), status: statusCode }
  }
  return failure('internal', 'internal error', false)
}

/** Turns every error response of the server into the contract's shape. */
export const answerFailures = (log: Logger) => (request: Request, h: ResponseToolkit) => {
  const { response } = request
  if (!(response instanceof Error)) return h.continue
  const { status, body, expected } = describeFailure(response)
  request.app.refusedAs = body.error.code
  if (!expected)
    log.error({ route: request.route.path, method: request.method, error: response.message, stack: response.stack }, 'http.failed')
  const answer = h.response(body).code(status).header('cache-control', 'no-store')
  const retry = body.error.context.retryAfterSeconds
  if (typeof retry === 'number') answer.header('retry-after', String(retry))
  if (status === 503) answer.header('retry-after', '2')
  return answer
}
