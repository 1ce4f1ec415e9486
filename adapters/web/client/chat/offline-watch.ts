/** Short cuts heal unseen; a longer one is worth a line. */
const PATIENCE_MS = 5000

export class OfflineWatch {
  readonly #show: (offline: boolean) => void
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(show: (offline: boolean) => void) {
    this.#show = show
  }

  set(online: boolean): void {
    if (!online) {
      // Every failed attempt says it again; the first one counts.
      this.#timer ??= setTimeout(() => this.#show(true), PATIENCE_MS)
      return
    }
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#show(false)
  }
}
