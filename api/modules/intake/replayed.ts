import type { Knex } from 'knex'
import { z } from 'zod'
import type { ReceivedEvent } from './arrange.ts'

/** A ledger row given once more may have made its message before: a message is unique by its row. */
export async function withoutReplayed(trx: Knex, received: readonly ReceivedEvent[]): Promise<ReceivedEvent[]> {
  const replayed = received.filter(({ row }) => row.replayed).map(({ row }) => row.id)
  if (replayed.length === 0) return [...received]
  const rows = await trx('messages').select('inbound_event_id').whereIn('inbound_event_id', replayed)
  const made = new Set(
    z
      .array(z.object({ inbound_event_id: z.string() }))
      .parse(rows)
      .map((row) => row.inbound_event_id),
  )
  return received.filter(({ row }) => !made.has(row.id))
}
