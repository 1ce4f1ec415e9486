/** Errors → HTTP answers. The only file that knows status codes. */
import Boom from '@hapi/boom'
import type { Request, ResponseToolkit } from '@hapi/hapi'
import { ZodError } from 'zod'
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

const body = (code: ErrorCode, message: string, context: Record<string, unknown> = {}): ErrorBody => ({ error: { code, message, context } })

export function describeFailure(error: unknown): { status: number; body: ErrorBody; expected: boolean } {
  if (error instanceof AppError) return { status: statusOf(error.code), body: body(error.code, error.message, error.context), expected: true }
  if (error instanceof ZodError) {
    const issues = error.issues.slice(0, 20).map((issue) => ({ path: issue.path.join('.'), code: issue.code, message: issue.message }))
    return { status: 400, body: body('invalid_request', 'the request does not fit its schema', { issues }), expected: true }
  }
  if (isOutage(error)) return { status: 503, body: body('unavailable', 'a part of the system is down; try again'), expected: false }
  if (Boom.isBoom(error) && error.output.statusCode < 500) {
    const { statusCode } = error.output
    const malformed = statusCode === 400 && /JSON|payload/i.test(error.message)
    return {
      status: statusCode,
      body: body(malformed ? 'malformed_json' : (BY_STATUS[statusCode] ?? 'invalid_request'), error.message),
      expected: true,
    }
  }
  return { status: 500, body: body('internal', 'internal error'), expected: false }
}

/** Turns every error response of the server into the contract's shape. */
export const answerFailures = (log: Logger) => (request: Request, h: ResponseToolkit) => {
  const { response } = request
  if (!(response instanceof Error)) return h.continue
  const failure = describeFailure(response)
  if (!failure.expected)
    log.error({ route: request.route.path, method: request.method, error: response.message, stack: response.stack }, 'http.failed')
  const answer = h.response(failure.body).code(failure.status).header('cache-control', 'no-store')
  const retry = failure.body.error.context.retryAfterSeconds
  if (typeof retry === 'number') answer.header('retry-after', String(retry))
  if (failure.status === 503) answer.header('retry-after', '2')
  return answer
}
