/** A caller of the HTTP API, as a browser or a script would be: real requests, answers as they came. */
import { expect } from '@jest/globals'
import type { ErrorCode } from '../contract/errors.ts'

export interface Answer {
  status: number
  headers: Headers
  /** Parsed JSON, else the text. */
  body: any // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into whatever came
}

export interface UploadedFile {
  name: string
  data: Buffer | string
  /** What the client claims; the server judges by the bytes. */
  mime?: string
  field?: string
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export class ApiClient {
  readonly url: string
  readonly headers: Record<string, string>

  /** @param url of the process, without a path */
  constructor(url: string, headers: Record<string, string>) {
    this.url = url
    this.headers = headers
  }

  /** Whatever the answer is. `path` begins with `/api/v1` left out, or is absolute below the process when it begins with `//`. */
  async ask(method: Method, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const isText = typeof body === 'string'
    const response = await fetch(this.address(path), {
      method,
      redirect: 'manual',
      headers: { ...this.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    })
    return answerOf(response)
  }

  get<T>(path: string): Promise<T> {
    return this.data<T>('GET', path)
  }

  post<T>(path: string, body?: unknown): Promise<T> {
    return this.data<T>('POST', path, body)
  }

  put<T>(path: string, body?: unknown): Promise<T> {
    return this.data<T>('PUT', path, body)
  }

  patch<T>(path: string, body?: unknown): Promise<T> {
    return this.data<T>('PATCH', path, body)
  }

  /** The request must be refused so; gives the error's context. */
  async expectError(method: Method, path: string, body: unknown, status: number, code: ErrorCode): Promise<Record<string, unknown>> {
    const answer = await this.ask(method, path, body)
    expect({ status: answer.status, code: answer.body?.error?.code }).toEqual({ status, code })
    return answer.body.error.context
  }

  async upload(path: string, file: UploadedFile): Promise<Answer> {
    const form = new FormData()
    const bytes = typeof file.data === 'string' ? file.data : new Uint8Array(file.data)
    form.append(file.field ?? 'file', new Blob([bytes], { type: file.mime ?? 'application/octet-stream' }), file.name)
    return answerOf(await fetch(this.address(path), { method: 'POST', headers: this.headers, body: form }))
  }

  /** The bytes behind an address that the API named. */
  async download(path: string): Promise<{ status: number; headers: Headers; data: Buffer }> {
    const response = await fetch(new URL(path, this.url), { headers: this.headers })
    return { status: response.status, headers: response.headers, data: Buffer.from(await response.arrayBuffer()) }
  }

  private address(path: string): string {
    return this.url + (path.startsWith('//') ? path.slice(1) : `/api/v1${path}`)
  }

  private async data<T>(method: Method, path: string, body?: unknown): Promise<T> {
    const answer = await this.ask(method, path, body)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body.data as T
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') && text !== ''
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}
