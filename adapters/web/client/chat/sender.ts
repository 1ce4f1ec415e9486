/** Carries the outbox to the server: uploads beside each other, messages one after the other, again and again until the server has them. */
import { ApiFailure, type Api } from './api.ts'
import { backoffMs } from './backoff.ts'
import type { Keep } from './keep.ts'
import {
  fileEntry,
  isKept,
  nextToPost,
  nextToUpload,
  partsOf,
  patchEntry,
  patchFile,
  removeEntry,
  restoreEntry,
  settleEchoes,
  textEntry,
} from './outbox.ts'
import type { Outbox, OutboxEntry } from './outbox.ts'
import type { CustomerMessage } from './wire.ts'

interface SenderParts {
  api: Api
  keep: Keep
  read(): Outbox
  write(outbox: Outbox): void
  /** Stored by the server, echo not seen yet. */
  posted(clientKey: string): void
  /** The token is no longer good: `kick` when there is a new one. */
  signedOut(): void
}

const PREFIX = 'out:'

export function restoreOutbox(keep: Keep): Outbox {
  const stored = keep.keys(PREFIX).map((key) => restoreEntry(keep.read(key)))
  return stored.filter((entry) => entry !== null).sort((a, b) => a.createdAt - b.createdAt)
}

export class Sender {
  readonly #parts: SenderParts
  readonly #files = new Map<string, File>()
  readonly #uploads = new Map<string, AbortController>()
  #failures = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(parts: SenderParts) {
    this.#parts = parts
  }

  sendText(text: string): void {
    this.#add(textEntry(newKey(), text, Date.now()))
  }

  sendFile(file: File): void {
    const entry = fileEntry(newKey(), file, Date.now())
    this.#files.set(entry.clientKey, file)
    this.#add(entry)
  }

  retry(clientKey: string): void {
    this.#save(patchEntry(this.#parts.read(), clientKey, { state: 'waiting', reason: null }))
    this.#pump()
  }

  /** Stops the upload, or takes back what has not left. */
  cancel(clientKey: string): void {
    this.#uploads.get(clientKey)?.abort()
    this.#drop([clientKey])
    this.#pump()
  }

  /** Tries now what waits: the network is back, the token is new. */
  kick(): void {
    clearTimeout(this.#timer)
    this.#failures = 0
    this.#pump()
  }

  /** Another customer uses this page now. */
  clear(): void {
    for (const upload of this.#uploads.values()) upload.abort()
    this.#drop(this.#parts.read().map((entry) => entry.clientKey))
  }

  /** The echo is there, whichever way it came; the answer to the post may still be on its way, or be lost. */
  settle(messages: readonly CustomerMessage[]): void {
    const outbox = this.#parts.read()
    const left = new Set(settleEchoes(outbox, messages))
    if (left.size < outbox.length) this.#drop(outbox.filter((entry) => !left.has(entry)).map((entry) => entry.clientKey))
  }

  /** What the customer picked, for the preview while it travels. */
  fileOf(clientKey: string): File | undefined {
    return this.#files.get(clientKey)
  }

  #add(entry: OutboxEntry): void {
    this.#save([...this.#parts.read(), entry])
    this.#pump()
  }

  /** One storage key per message: two tabs never overwrite each other's queue. */
  #save(outbox: Outbox): void {
    for (const entry of outbox) {
      if (isKept(entry)) this.#parts.keep.write(PREFIX + entry.clientKey, entry)
      else this.#parts.keep.remove(PREFIX + entry.clientKey)
    }
    this.#parts.write(outbox)
  }

  #drop(clientKeys: readonly string[]): void {
    for (const clientKey of clientKeys) {
      this.#files.delete(clientKey)
      this.#parts.keep.remove(PREFIX + clientKey)
    }
    this.#parts.write(clientKeys.reduce(removeEntry, this.#parts.read()))
  }

  #pump(): void {
    const post = nextToPost(this.#parts.read())
    if (post) void this.#deliver(post)
    for (let entry = nextToUpload(this.#parts.read()); entry; entry = nextToUpload(this.#parts.read())) void this.#upload(entry)
  }

  async #deliver(entry: OutboxEntry): Promise<void> {
    const { api, read, write, posted } = this.#parts
    write(patchEntry(read(), entry.clientKey, { state: 'sending', reason: null }))
    try {
      await api.send(entry.clientKey, partsOf(entry) ?? [])
    } catch (error) {
      return this.#refused(entry.clientKey, error)
    }
    this.#failures = 0
    // The bubble stays until its echo has a place in the conversation; only the stored copy goes.
    this.#save(patchEntry(read(), entry.clientKey, { state: 'sent' }))
    if (read().some((each) => each.clientKey === entry.clientKey)) posted(entry.clientKey)
    this.#pump()
  }

  async #upload(entry: OutboxEntry): Promise<void> {
    const { api, read, write } = this.#parts
    const { clientKey } = entry
    const file = this.#files.get(clientKey)
    if (!file) return this.#drop([clientKey])
    const control = new AbortController()
    this.#uploads.set(clientKey, control)
    write(patchEntry(read(), clientKey, { state: 'uploading', reason: null }))
    try {
      const { id, kind } = await api.upload(file, {
        onProgress: (progress) => write(patchFile(read(), clientKey, { progress })),
        signal: control.signal,
      })
      this.#save(patchEntry(patchFile(read(), clientKey, { attachment: { id, kind }, progress: 1 }), clientKey, { state: 'waiting' }))
      this.#pump()
    } catch (error) {
      this.#refused(clientKey, error)
    } finally {
      this.#uploads.delete(clientKey)
    }
  }

  #refused(clientKey: string, error: unknown): void {
    const failure = error instanceof ApiFailure ? error : new ApiFailure('internal', 400)
    if (failure.code === 'aborted') return
    const waits = failure.passing || failure.signedOut
    this.#save(patchEntry(this.#parts.read(), clientKey, { state: waits ? 'waiting' : 'failed', reason: failure.code }))
    if (failure.signedOut) return this.#parts.signedOut()
    if (!waits) return this.#pump()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#pump(), failure.retryAfterMs ?? backoffMs(this.#failures++, { firstMs: 1000, maxMs: 20_000 }))
  }
}

/** Not `crypto.randomUUID`: that is missing on plain http inside a company network. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
