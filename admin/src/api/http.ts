import type { ErrorCode } from '#api/contract/errors.ts'

/** `offline`: the request never got an answer, so it may or may not have arrived. `timeout` is the same to the reader. */
export type FailureCode = ErrorCode | 'offline' | 'cancelled'

/** A refused or lost request. `code` is worded by `i18n` under `errors.<code>`; `context` fills the blanks. */
export class ApiError extends Error {
  readonly code: FailureCode
  readonly status: number
  readonly context: Record<string, unknown>
  constructor(code: FailureCode, status: number, context: Record<string, unknown> = {}) {
    super(code)
    this.name = 'ApiError'
    this.code = code
    this.status = status
    this.context = context
  }
}

export interface Page<T> {
  data: T[]
  nextCursor: string | null
}

type QueryValue = string | number | undefined | null

const TIMEOUT_MS = 20_000

let onUnauthenticated: () => void = () => undefined
/** Called when the server no longer knows the session, wherever that is noticed first. */
export const whenUnauthenticated = (handler: () => void): void => {
  onUnauthenticated = handler
}

/** Where the API has this, for links that the browser follows by itself. */
export const addressOf = (path: string, query: Record<string, QueryValue> = {}): string => {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') params.set(key, String(value))
  }
  const text = params.toString()
  return `/api/v1${path}${text === '' ? '' : `?${text}`}`
}

const failureOf = async (response: Response): Promise<ApiError> => {
  const body = await response.json<{ error?: { code?: FailureCode; context?: Record<string, unknown> } }>().catch(() => null)
  const fallback: FailureCode = response.status >= 500 ? 'unavailable' : 'internal'
  return new ApiError(body?.error?.code ?? fallback, response.status, body?.error?.context ?? {})
}

const asked = async (method: string, url: string, body?: unknown): Promise<Response> => {
  let response: Response
  try {
    response = await fetch(url, {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? { accept: 'application/json' } : { accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch {
    throw new ApiError('offline', 0)
  }
  if (!response.ok) {
    const failure = await failureOf(response)
    if (failure.status === 401 && failure.code !== 'invalid_credentials') onUnauthenticated()
    throw failure
  }
  return response
}
const request = async <T>(method: string, url: string, body?: unknown): Promise<T> => (await asked(method, url, body)).json<T>()

const unwrapped = async <T>(answer: Promise<{ data: T }>): Promise<T> => (await answer).data

export const http = {
  get: <T>(path: string, query?: Record<string, QueryValue>): Promise<T> => unwrapped(request<{ data: T }>('GET', addressOf(path, query))),
  page: <T>(path: string, query?: Record<string, QueryValue>): Promise<Page<T>> => request<Page<T>>('GET', addressOf(path, query)),
  /** The answer as it is, for those that say more than `data`. */
  whole: <T>(path: string, query?: Record<string, QueryValue>): Promise<T> => request<T>('GET', addressOf(path, query)),
  post: <T>(path: string, body: unknown = {}): Promise<T> => unwrapped(request<{ data: T }>('POST', addressOf(path), body)),
  put: <T>(path: string, body: unknown): Promise<T> => unwrapped(request<{ data: T }>('PUT', addressOf(path), body)),
  patch: <T>(path: string, body: unknown): Promise<T> => unwrapped(request<{ data: T }>('PATCH', addressOf(path), body)),
  delete: <T>(path: string, query?: Record<string, QueryValue>): Promise<T> =>
    unwrapped(request<{ data: T }>('DELETE', addressOf(path, query))),
  /** An answer that is a file. */
  file: async (path: string, body: unknown): Promise<Blob> => (await asked('POST', addressOf(path), body)).blob(),
}

export const isApiError = (error: unknown): error is ApiError => error instanceof ApiError
export const failureCode = (error: unknown): FailureCode => (isApiError(error) ? error.code : 'internal')
