import type { App } from './app.ts'

/**
 * The steps of a sweep, one after the other: one that fails is logged as `event` and comes again with the next sweep; the others are done all the same.
 * Each step opens its own transaction.
 */
export async function oneByOne<T extends { id: string }>(
  app: App,
  event: string,
  { rows, step }: { rows: readonly T[]; step: (row: T) => Promise<void> },
): Promise<void> {
  for (const row of rows) {
    try {
      await step(row)
    } catch (error) {
      app.log.error({ id: row.id, error: error instanceof Error ? error.stack : String(error) }, event)
    }
  }
}
