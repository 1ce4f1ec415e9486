/** What an adapter is handed. Adapters own no sockets, caches or clocks of their own. */

export interface HttpRequest {
  method?: 'GET' | 'POST'
  /** Absolute. Only bases from configuration are used; a foreign address goes through `fetchForeign`. */
  url: string
  json?: unknown
  /** Form fields and one file, sent as multipart/form-data. */
  multipart?: { fields?: Record<string, string>; file: { field: string; name: string; mime: string; data: Buffer } }
  timeoutMs?: number
  /** A second call would do no harm (a read, an upload, a token): a lost answer is then a `TransientFailure`. Default: true for GET. */
  idempotent?: boolean
  /** Stop reading past this many bytes. Default 1 MB for text, 25 MB for `download`. */
  maxBytes?: number
}

export interface HttpAnswer {
  status: number
  headers: Readonly<Record<string, string | undefined>>
  body: Buffer
}

export interface ChannelHttp {
  /**
   * @throws TransientFailure when the request certainly did not reach the platform (refused, DNS) or it answered 5xx/429
   * @throws OutcomeUnknown when it may have (time-out, reset after sending) and is not `idempotent`
   */
  request(request: HttpRequest): Promise<HttpAnswer>
  /** As `request`, but the body as a stream that ends with an error past `maxBytes`. */
  download(request: HttpRequest): Promise<{ status: number; headers: HttpAnswer['headers']; stream: NodeJS.ReadableStream }>
  /** For addresses that a platform or a customer named: public https hosts only, resolved once and pinned, redirects checked. */
  fetchForeign(
    url: string,
    options?: { maxBytes?: number; timeoutMs?: number },
  ): Promise<{ status: number; headers: HttpAnswer['headers']; stream: NodeJS.ReadableStream }>
}

export interface TokenGrant {
  token: string
  expiresInSeconds: number
}

export interface ChannelTokens {
  /**
   * The shared access token under `name` (for example `oa:wx123:ab12cd34`): from the cache, else fetched once across all processes.
   * The name must contain a digest of the secret, never the secret.
   */
  get(name: string, fetch: () => Promise<TokenGrant>): Promise<string>
  /** Forget `token` if it is still the stored one (compare-and-delete). */
  invalidate(name: string, token: string): Promise<void>
}

export interface StoredFile {
  name: string
  mime: string
  sizeBytes: number
  read(): Promise<Buffer>
}

export interface ChannelFiles {
  open(attachmentId: string): Promise<StoredFile>
  /** Signed, expiring address that the customer can open without signing in. */
  link(attachmentId: string): Promise<string>
}

export interface ChannelContext {
  http: ChannelHttp
  tokens: ChannelTokens
  files: ChannelFiles
  /** Small shared cache for ids that the platform hands out (uploaded media), by account. */
  cache: { get(key: string): Promise<string | null>; set(key: string, value: string, ttlSeconds: number): Promise<void> }
  now(): Date
  /** Bases from the environment (`WX_API_BASE` …); an account's own setting goes before them. */
  bases: { wxApi: string; wxMp: string; wxOpen: string; wecomApi: string }
  log: { info(fields: object, event: string): void; warn(fields: object, event: string): void }
}
