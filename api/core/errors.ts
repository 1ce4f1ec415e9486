/** Typed errors with a code of the contract. Only `core/http` knows their status codes. */
import type { ErrorCode } from '../contract/errors.ts'

export type ErrorContext = Record<string, unknown>

/** `context`, never `details` or `data`: Hapi iterates the one and Boom takes the other. */
export abstract class AppError extends Error {
  abstract readonly kind:
    'invalid' | 'unauthenticated' | 'forbidden' | 'not_found' | 'conflict' | 'rate_limited' | 'too_large' | 'unsupported' | 'unavailable'
  readonly code: ErrorCode
  readonly context: ErrorContext
  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(message)
    this.name = new.target.name
    this.code = code
    this.context = context
  }
}

export class Invalid extends AppError {
  readonly kind = 'invalid'
}
export class Unauthenticated extends AppError {
  readonly kind = 'unauthenticated'
}
export class Forbidden extends AppError {
  readonly kind = 'forbidden'
}
/** Also for rows outside the caller's scope: hidden and missing look the same. */
export class NotFound extends AppError {
  readonly kind = 'not_found'
  constructor(noun: string, context: ErrorContext = {}) {
    super('not_found', `${noun} not found`, context)
  }
}
export class Conflict extends AppError {
  readonly kind = 'conflict'
}
export class RateLimited extends AppError {
  readonly kind = 'rate_limited'
  /** @param retryAfterSeconds whole seconds, ≥ 1 */
  constructor(retryAfterSeconds: number, code: ErrorCode = 'rate_limited') {
    super(code, 'too many attempts', { retryAfterSeconds })
  }
}
export class TooLarge extends AppError {
  readonly kind = 'too_large'
}
export class Unsupported extends AppError {
  readonly kind = 'unsupported'
}
export class Unavailable extends AppError {
  readonly kind = 'unavailable'
}
