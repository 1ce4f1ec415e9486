/** The page's life as the device decides it: seen, put away, frozen, thawed, on the network, off it. */
export interface LifecycleParts {
  seen(seen: boolean): void
  /** Seen again, back from the freezer or back on the network, after so long. */
  wake(awayMs: number): void
}

export function followLifecycle({ seen, wake }: LifecycleParts): void {
  let hiddenAt = document.hidden ? Date.now() : 0
  document.addEventListener('visibilitychange', () => {
    seen(!document.hidden)
    if (document.hidden) {
      hiddenAt = Date.now()
      return
    }
    wake(hiddenAt === 0 ? 0 : Date.now() - hiddenAt)
    hiddenAt = 0
  })
  // Back from Safari's page cache: every timer and socket is from another time.
  addEventListener('pageshow', (event) => event.persisted && wake(Infinity))
  addEventListener('online', () => wake(Infinity))
}
