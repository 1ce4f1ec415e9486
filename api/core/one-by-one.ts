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

const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/**
 * The same for what may be many after an outage: pages in the order of ids, each after the one before, so that a row that fails is met once in a sweep.
 * @param page ids above `after`, at most `atOnce` of them
 */
export async function pageByPage(
  app: App,
  event: string,
  sweep: { atOnce: number; page: (after: string) => Promise<{ id: string }[]>; step: (id: string) => Promise<void> },
): Promise<void> {
  for (let after: string | undefined = FIRST_ID; after !== undefined;) {
    const rows = await sweep.page(after)
    await oneByOne(app, event, { rows, step: ({ id }) => sweep.step(id) })
    after = rows.length < sweep.atOnce ? undefined : rows.at(-1)?.id
  }
}
