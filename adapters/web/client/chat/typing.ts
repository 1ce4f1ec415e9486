/** "Is writing", both ways: said again every few seconds while it lasts, forgotten when it is not said again. */
const REPEAT_MS = 3000
const FORGET_MS = 7000

export class TypingOut {
  readonly #say: (typing: boolean) => void
  #saidAt = 0
  #idle: ReturnType<typeof setTimeout> | undefined

  constructor(say: (typing: boolean) => void) {
    this.#say = say
  }

  set(typing: boolean): void {
    clearTimeout(this.#idle)
    if (typing) this.#idle = setTimeout(() => this.set(false), FORGET_MS)
    if (!typing && this.#saidAt === 0) return
    if (typing && Date.now() - this.#saidAt < REPEAT_MS) return
    this.#saidAt = typing ? Date.now() : 0
    this.#say(typing)
  }
}

export class TypingIn {
  readonly #show: (typing: boolean) => void
  #forget: ReturnType<typeof setTimeout> | undefined

  constructor(show: (typing: boolean) => void) {
    this.#show = show
  }

  set(typing: boolean): void {
    clearTimeout(this.#forget)
    if (typing) this.#forget = setTimeout(() => this.#show(false), FORGET_MS)
    this.#show(typing)
  }
}
