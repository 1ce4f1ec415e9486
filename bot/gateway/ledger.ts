/**
 * Group commit: what arrives while a transaction is under way goes into the next one. Nobody waits for a timer, and under load
 * hundreds of callbacks share one commit (guarantees §1). A transaction writes the ledger and, with it, all that the events mean;
 * where that fails, the ledger alone is written, and the intake finds out which event was to blame.
 */
import { setImmediate as turn } from 'node:timers/promises'
import type { App } from '#api/core/app.ts'
import { isOutage } from '#api/core/outage.ts'
import { recordInbound, type InboundRecord, type SenderKey } from '#api/modules/channels/index.ts'
import { receiveFresh, type Received } from '#api/modules/intake/index.ts'
import type { Assigner } from './assigner.ts'
import { type Intake, shardOf, SHARDS } from './intake.ts'

const MAX_RECORDS = 300

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
  record: InboundRecord
  resolve(isNew: boolean): void
  reject(error: unknown): void
}

/** What a ledger does with its records and whom it tells. */
export interface LedgerParts {
  receive(records: readonly InboundRecord[]): Promise<Received>
  write(records: readonly InboundRecord[]): Promise<boolean[]>
  intake: Pick<Intake, 'add'>
  assigner: Pick<Assigner, 'add'>
  log: Pick<App['log'], 'warn'>
}

export const ledgerParts = (app: App, intake: Intake, assigner: Assigner): LedgerParts => ({
  receive: (records) => receiveFresh(app, records),
  write: (records) => recordInbound(app.db, records),
  intake,
  assigner,
  log: app.log,
})

export function createLedger(parts: LedgerParts): Ledger {
  const shards = Array.from({ length: SHARDS }, () => createShard((batch) => commit(parts, batch)))
  // Events that nobody sent mean nothing beyond their row.
  const senderless = createShard((batch) => store(parts, batch))
  const shardFor = ({ channelAccountId, sender }: InboundRecord) =>
    (sender === null ? null : shards[shardOf({ channelAccountId, sender })]) ?? senderless
  return {
    record: (records) =>
      Promise.all(records.map((record) => new Promise<boolean>((resolve, reject) => shardFor(record).add({ record, resolve, reject })))),
    async idle() {
      await Promise.all([...shards, senderless].map((shard) => shard.idle()))
    },
  }
}

function createShard(work: (batch: readonly Entry[]) => Promise<void>) {
  let waiting: Entry[] = []
  let running: Promise<void> | null = null
  const run = async () => {
    // One commit lets many customers go on: what they say next makes one batch.
    await turn()
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MAX_RECORDS)
      waiting = waiting.slice(MAX_RECORDS)
      await work(batch)
    }
    running = null
  }
  return {
    add(entry: Entry) {
      waiting.push(entry)
      running ??= run()
    },
    async idle() {
      await running
    },
  }
}

const recordsOf = (batch: readonly Entry[]) => batch.map(({ record }) => record)
const rejectAll = (batch: readonly Entry[], error: unknown) => batch.forEach(({ reject }) => reject(error))

async function commit(parts: LedgerParts, batch: readonly Entry[]): Promise<void> {
  try {
    const { isNew, opened, behind } = await parts.receive(recordsOf(batch))
    batch.forEach(({ resolve }, index) => resolve(isNew[index] ?? false))
    parts.assigner.add(opened)
    parts.intake.add(behind)
  } catch (error) {
    parts.log.warn({ records: batch.length, error: String(error) }, 'intake.batch_failed')
    await store(parts, batch)
  }
}

/** The ledger alone. */
async function store(parts: LedgerParts, batch: readonly Entry[]): Promise<void> {
  try {
    const isNew = await parts.write(recordsOf(batch))
    batch.forEach(({ resolve }, index) => resolve(isNew[index] ?? false))
    parts.intake.add(sendersOf(batch, isNew))
  } catch (error) {
    if (batch.length === 1 || isOutage(error)) return rejectAll(batch, error)
    // One row is bad: the others are not to suffer for it.
    for (const entry of batch) await store(parts, [entry])
  }
}

const sendersOf = (batch: readonly Entry[], isNew: readonly boolean[]): SenderKey[] =>
  batch.flatMap(({ record: { channelAccountId, sender } }, index) =>
    sender !== null && isNew[index] ? [{ channelAccountId, sender }] : [],
  )
