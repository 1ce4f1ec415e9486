import type { Knex } from 'knex'
import { decodeCursor, decodeTimeCursor, encodeCursor } from '../../core/cursor.ts'
import { ChannelAccountRow, InboundEventRecord } from './model.ts'

export async function listAccounts(
  trx: Knex,
  query: { limit: number; cursor?: string | undefined },
): Promise<{ rows: ChannelAccountRow[]; nextCursor: string | null }> {
  const after = decodeCursor(query.cursor)
  const rows = await ChannelAccountRow.query(trx)
    .modify((builder) => void (after && builder.whereRaw('(name, id) > (?, ?)', [after.key, after.id])))
    .orderBy(['name', 'id'])
    .limit(query.limit + 1)
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined
  return { rows: rows.slice(0, query.limit), nextCursor: last ? encodeCursor(last.name, last.id) : null }
}

export async function listInboundEvents(
  trx: Knex,
  accountId: string,
  query: { limit: number; cursor?: string | undefined; state?: string | undefined },
) {
  const before = decodeTimeCursor(query.cursor)
  const rows = await InboundEventRecord.query(trx)
    .where({ channel_account_id: accountId })
    .modify((builder) => {
      if (query.state) void builder.where('state', query.state)
      if (before) void builder.whereRaw('(received_at, id) < (?::timestamptz, ?::uuid)', [before.key, before.id])
    })
    .orderBy([
      { column: 'received_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(query.limit + 1)
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined
  return { rows: rows.slice(0, query.limit), nextCursor: last ? encodeCursor(last.received_at.toISOString(), last.id) : null }
}
