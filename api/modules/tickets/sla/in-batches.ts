import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../../core/context.ts'
import { oneByOne } from '../../../core/one-by-one.ts'

export interface Batches {
  /** Full batches in one run; Infinity: until nothing is left. */
  most: number
  size: number
  /** @returns how many tickets it settled */
  batch(ctx: Ctx): Promise<number>
  /** The same tickets, to be taken alone. */
  ids(app: App): Promise<readonly { id: string }[]>
  one(ctx: Ctx, id: string): Promise<unknown>
  /** Logged for each that fails. */
  event: string
}

/** Batch after batch while they are full. One that fails is done ticket by ticket: a clock that cannot be reckoned stops nobody else's. */
export async function inBatches(app: App, { most, size, batch, ids, one, event }: Batches): Promise<void> {
  try {
    for (let done = 0; done < most; done += 1) if ((await inTransaction(app, SYSTEM, batch)) < size) return
  } catch (error) {
    app.log.warn({ error: error instanceof Error ? error.message : String(error) }, 'tickets.batch_failed')
    await oneByOne(app, event, {
      rows: await ids(app),
      step: ({ id }) => inTransaction(app, SYSTEM, async (ctx) => void (await one(ctx, id))),
    })
  }
}
