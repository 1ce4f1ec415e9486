/** Tells the server how far the customer has read, at most every half second, and again until it has heard. */
import type { Api } from './api.ts'
import { markRead, newestFromStaff, type Timeline } from './timeline.ts'

interface ReadMarksParts {
  api: Api
  read(): Timeline
  write(timeline: Timeline): void
}

const GATHER_MS = 500
const AGAIN_MS = 5000

export class ReadMarks {
  readonly #parts: ReadMarksParts
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(parts: ReadMarksParts) {
    this.#parts = parts
  }

  /** Everything that is there has been seen. */
  upToEnd(): void {
    const timeline = this.#parts.read()
    const { conversation } = timeline
    const seq = newestFromStaff(timeline)?.seq ?? 0
    if (!conversation || seq <= conversation.customerReadSeq) return
    this.#parts.write(markRead(timeline, seq))
    this.#tell(conversation.id, seq, GATHER_MS)
  }

  #tell(conversationId: string, seq: number, delayMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#parts.api.read(conversationId, seq).catch(() => this.#tell(conversationId, seq, AGAIN_MS))
    }, delayMs)
  }
}
