/** Asks the server for what the timeline wants, one question at a time, each at most once however often it is wanted. */
import { ApiFailure, type Api } from './api.ts'
import { backoffMs } from './backoff.ts'
import { applyAfter, applyEarlier, applyNewest, threadOf, type Change, type Timeline, type Want } from './timeline.ts'

interface SyncParts {
  api: Api
  read(): Timeline
  write(timeline: Timeline): void
  /** The token is no longer good. */
  signedOut(): void
}

const FILL_PAGE = 100

export class Sync {
  readonly #parts: SyncParts
  readonly #pending = new Map<string, Want>()
  #running = false
  #failures = 0

  constructor(parts: SyncParts) {
    this.#parts = parts
  }

  want(wants: readonly Want[]): void {
    for (const want of wants) {
      const key = want.kind === 'newest' ? 'newest' : want.conversationId
      const known = this.#pending.get(key)
      const further = known?.kind === 'after' && want.kind === 'after' && known.target > want.target
      if (!further) this.#pending.set(key, want)
    }
    void this.#run()
  }

  /** Loads one older page; resolves when it is in. @throws ApiFailure */
  async earlier(): Promise<void> {
    const from = this.#parts.read().earlier
    if (!from) return
    const page = await this.#parts.api.history(from)
    this.#parts.write(applyEarlier(this.#parts.read(), from.conversationId, page))
  }

  async #run(): Promise<void> {
    if (this.#running) return
    this.#running = true
    for (let next = this.#take(); next; next = this.#take()) {
      if (!(await this.#answer(next))) break
    }
    this.#running = false
  }

  #take(): Want | undefined {
    const [entry] = this.#pending
    if (entry) this.#pending.delete(entry[0])
    return entry?.[1]
  }

  async #answer(want: Want): Promise<boolean> {
    try {
      const change = await this.#ask(want)
      this.#failures = 0
      this.#parts.write(change.timeline)
      // `#run` goes on with these.
      this.want(change.wants)
      return true
    } catch (error) {
      this.#failed(want, error)
      return false
    }
  }

  /** A new event, a poll or a reconnect asks again sooner than this does. */
  #failed(want: Want, error: unknown): void {
    if (error instanceof ApiFailure && error.signedOut) return this.#parts.signedOut()
    setTimeout(() => this.want([want]), backoffMs(this.#failures++, { firstMs: 1000, maxMs: 30_000 }))
  }

  async #ask(want: Want): Promise<Change> {
    const { api, read } = this.#parts
    if (want.kind === 'newest') {
      const page = await api.history({})
      return applyNewest(read(), page)
    }
    const afterSeq = threadOf(read(), want.conversationId)?.through ?? 0
    const page = await api.history({ conversationId: want.conversationId, afterSeq, limit: FILL_PAGE })
    return applyAfter(read(), want, page)
  }
}
