import type { Knex } from 'knex'
import type { Notification } from '../../contract/notification.ts'
import { decodeTimeCursor, encodeCursor } from '../../core/cursor.ts'
import { NotificationRow } from './model.ts'
import { presentNotification } from './present.ts'

export const unreadCount = async (trx: Knex, accountId: string): Promise<number> =>
  NotificationRow.query(trx).where({ account_id: accountId }).whereNull('read_at').resultSize()

/** Newest first. */
export async function listNotifications(
  trx: Knex,
  accountId: string,
  query: { limit: number; cursor?: string | undefined; unread: boolean },
): Promise<{ data: Notification[]; nextCursor: string | null }> {
  const before = decodeTimeCursor(query.cursor)
  const rows = await NotificationRow.query(trx)
    .where({ account_id: accountId })
    .modify((builder) => {
      if (query.unread) void builder.whereNull('read_at')
      if (before) void builder.whereRaw('(created_at, id) < (?::timestamptz, ?::uuid)', [before.key, before.id])
    })
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(query.limit + 1)
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined
  return {
    data: rows.slice(0, query.limit).map(presentNotification),
    nextCursor: last ? encodeCursor(last.created_at.toISOString(), last.id) : null,
  }
}
