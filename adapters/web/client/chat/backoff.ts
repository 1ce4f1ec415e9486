/** Waiting times that grow and spread out, so that a thousand pages do not come back in the same second. */
export function backoffMs(attempt: number, options: { firstMs: number; maxMs: number }, random = Math.random): number {
  const ceiling = Math.min(options.maxMs, options.firstMs * 2 ** Math.min(attempt, 10))
  return Math.round(ceiling / 2 + (ceiling / 2) * random())
}
