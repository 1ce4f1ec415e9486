/** The customer's routes. Every failure is an `ApiFailure`; nothing here retries. */
import { isRecord, parseJson } from '../record.ts'
import { isAttachment, isHistoryPage, isMessage, isNothing, isSession, isTicket, type Shape } from './shapes.ts'
import type { Attachment, CustomerMessage, HistoryPage, PartInput, Session, SessionRequest } from './wire.ts'

export class ApiFailure extends Error {
  /** A code of the contract; `offline` when no answer came, `aborted` when the customer cancelled. */
  readonly code: string
  readonly status: number
  readonly retryAfterMs: number | null
  constructor(code: string, status = 0, retryAfterMs: number | null = null) {
    super(code)
    this.name = 'ApiFailure'
    this.code = code
    this.status = status
    this.retryAfterMs = retryAfterMs
  }
  /** The same request may well succeed later. */
  get passing(): boolean {
    return this.code === 'offline' || this.status === 429 || this.status >= 500
  }
  get signedOut(): boolean {
    return this.status === 401
  }
}

export interface HistoryQuery {
  conversationId?: string
  afterSeq?: number
  beforeSeq?: number
  limit?: number
}

export interface Api {
  startSession(request: SessionRequest, token: string | null): Promise<Session>
  history(query: HistoryQuery): Promise<HistoryPage>
  send(clientKey: string, parts: PartInput[]): Promise<CustomerMessage>
  read(conversationId: string, seq: number): Promise<void>
  ticket(): Promise<string>
  upload(file: File, options: { onProgress(share: number): void; signal: AbortSignal }): Promise<Attachment>
}

const TIMEOUT_MS = 20_000

export function createApi(accountId: string, token: () => string | null): Api {
  const post = <T>(path: string, body: unknown, shape: Shape<T>, bearer = token()): Promise<T> =>
    request({ path, init: { method: 'POST', body: JSON.stringify(body) }, bearer, shape })
  return {
    startSession: (session, bearer) => post(`/api/v1/web/${encodeURIComponent(accountId)}/sessions`, session, isSession, bearer),
    history(query) {
      const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))
      return request({ path: `/api/v1/web/history?${search}`, init: {}, bearer: token(), shape: isHistoryPage })
    },
    send: (clientKey, parts) => post('/api/v1/web/messages', { clientKey, parts }, isMessage),
    async read(conversationId, seq) {
      await post('/api/v1/web/read', { conversationId, seq }, isNothing)
    },
    ticket: async () => (await post('/api/v1/web/realtime-tickets', {}, isTicket)).ticket,
    upload: (file, options) => upload(file, options, token()),
  }
}

interface Call<T> {
  path: string
  init: RequestInit
  bearer: string | null
  shape: Shape<T>
  /** Longer for files. */
  timeoutMs?: number
}

export async function request<T>({ path, init, bearer, shape, timeoutMs = TIMEOUT_MS }: Call<T>): Promise<T> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), timeoutMs)
  try {
    const headers = {
      ...(typeof init.body === 'string' ? { 'content-type': 'application/json' } : {}),
      ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
    }
    // The token is the only credential: a member of staff who looks at the page does not lend it his cookie.
    const response = await fetch(path, { credentials: 'omit', ...init, headers, signal: limit.signal, cache: 'no-store' })
    const text = await response.text()
    if (!response.ok) throw failureOf(response.status, text, response.headers.get('retry-after'))
    return dataOf(text, shape)
  } catch (error) {
    throw error instanceof ApiFailure ? error : new ApiFailure('offline')
  } finally {
    clearTimeout(timer)
  }
}

function dataOf<T>(text: string, shape: Shape<T>): T {
  const body = parseJson(text)
  const data = isRecord(body) ? body.data : undefined
  if (!shape(data)) throw new ApiFailure('internal', 502)
  return data
}

function failureOf(status: number, text: string, retryAfter: string | null): ApiFailure {
  const body = parseJson(text)
  const error = isRecord(body) && isRecord(body.error) ? body.error : {}
  const seconds = Number(retryAfter)
  return new ApiFailure(
    typeof error.code === 'string' ? error.code : 'internal',
    status,
    retryAfter !== null && Number.isFinite(seconds) ? seconds * 1000 : null,
  )
}

/** XMLHttpRequest, because fetch does not tell how much of the body has left. */
function upload(file: File, options: { onProgress(share: number): void; signal: AbortSignal }, bearer: string | null): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open('POST', '/api/v1/web/attachments')
    if (bearer) xhr.setRequestHeader('authorization', `Bearer ${bearer}`)
    xhr.upload.addEventListener('progress', (event) => event.lengthComputable && options.onProgress(event.loaded / event.total))
    xhr.addEventListener('load', () => {
      if (xhr.status >= 300) return reject(failureOf(xhr.status, xhr.responseText, xhr.getResponseHeader('retry-after')))
      try {
        resolve(dataOf(xhr.responseText, isAttachment))
      } catch (error) {
        reject(error instanceof ApiFailure ? error : new ApiFailure('internal', 502))
      }
    })
    xhr.addEventListener('error', () => reject(new ApiFailure('offline')))
    xhr.addEventListener('abort', () => reject(new ApiFailure('aborted')))
    options.signal.addEventListener('abort', () => xhr.abort())
    const form = new FormData()
    form.append('file', file, file.name)
    xhr.send(form)
  })
}
