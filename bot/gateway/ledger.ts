/**
 * Group commit: what arrives while a statement is under way goes into the next one. Nobody waits for a timer, and under load
 * hundreds of callbacks share one commit (guarantees §1).
 */
import type { App } from '#api/core/app.ts'
import { isOutage } from '#api/core/outage.ts'
import { recordInbound, type InboundRecord } from '#api/modules/channels/index.ts'

const MAX_RECORDS = 500

export interface Ledger {
  /**
   * Resolves once the records are committed.
   * @returns for each record, whether it is new
   * @throws whatever kept these records from being stored: the platform has to come again
   */
  record(records: readonly InboundRecord[]): Promise<boolean[]>
  idle(): Promise<void>
}

interface Entry {
  records: readonly InboundRecord[]
  resolve(isNew: boolean[]): void
  reject(error: unknown): void
}

type Write = (records: readonly InboundRecord[]) => Promise<boolean[]>

export function createLedger(app: App, write: Write = (records) => recordInbound(app.db, records)): Ledger {
  let waiting: Entry[] = []
  let writing: Promise<void> | null = null

  const run = async () => {
    while (waiting.length > 0) {
      const batch = take(waiting)
      waiting = waiting.slice(batch.length)
      await commit(batch, write)
    }
    writing = null
  }
  return {
    record: (records) =>
      new Promise((resolve, reject) => {
        waiting.push({ records, resolve, reject })
        writing ??= run()
      }),
    async idle() {
      await writing
    },
  }
}

/** At least one entry, however large. */
function take(waiting: readonly Entry[]): Entry[] {
  let size = 0
  const end = waiting.findIndex(({ records }, index) => {
    size += records.length
    return index > 0 && size > MAX_RECORDS
  })
  return waiting.slice(0, end < 0 ? waiting.length : end)
}

async function commit(batch: readonly Entry[], write: Write): Promise<void> {
  try {
    const isNew = await write(batch.flatMap(({ records }) => records))
    let at = 0
    for (const { records, resolve } of batch) resolve(isNew.slice(at, (at += records.length)))
  } catch (error) {
    if (batch.length === 1 || isOutage(error)) return batch.forEach(({ reject }) => reject(error))
    // One row is bad: the others are not to suffer for it.
    for (const entry of batch) await commit([entry], write)
  }
}
