/** Often at first, then seldom: asking takes the same processor that the answer needs. */
const FIRST_MS = 15
const SELDOM_MS = 150

/**
 * Asks again and again until `look` no longer throws: the way to wait for a state.
 * @returns what `look` returned at last
 * @throws what it threw last, when `timeoutMs` are over
 */
export async function until<T>(look: () => Promise<T> | T, timeoutMs = 60_000): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (let pause = FIRST_MS; ; pause = Math.min(SELDOM_MS, pause * 1.4)) {
    try {
      return await look()
    } catch (error) {
      if (Date.now() > deadline) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}
