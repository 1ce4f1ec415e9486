const EVERY_MS = 15

/**
 * Asks again and again until `look` no longer throws: the way to wait for a state.
 * @returns what `look` returned at last
 * @throws what it threw last, when `timeoutMs` are over
 */
export async function until<T>(look: () => Promise<T> | T, timeoutMs = 12_000): Promise<T> {
  for (const deadline = Date.now() + timeoutMs; ;) {
    try {
      return await look()
    } catch (error) {
      if (Date.now() > deadline) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
  }
}
