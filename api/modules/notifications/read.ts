import type { Ctx, StaffActor } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { rooms } from '../../core/realtime/realtime.ts'
import { NotificationRow } from './model.ts'
import { unreadCount } from './queries.ts'

/** Marks one of one's own as read; again changes nothing. @throws NotFound also for one of somebody else */
export async function readOne(ctx: Ctx<StaffActor>, id: string): Promise<number> {
  const row = await NotificationRow.query(ctx.trx).findOne({ id, account_id: ctx.actor.accountId })
  if (!row) throw new NotFound('notification')
  if (row.read_at) return unreadCount(ctx.trx, ctx.actor.accountId)
  await NotificationRow.query(ctx.trx).findById(id).whereNull('read_at').patch({ read_at: ctx.now })
  return tellOtherTabs(ctx, [id])
}

/** Marks all up to this one as read: what arrived since the reader looked stays unread. @throws NotFound */
export async function readAll(ctx: Ctx<StaffActor>, upTo: string): Promise<number> {
  const newest = await NotificationRow.query(ctx.trx).findOne({ id: upTo, account_id: ctx.actor.accountId })
  if (!newest) throw new NotFound('notification')
  await NotificationRow.query(ctx.trx)
    .where({ account_id: ctx.actor.accountId })
    .whereNull('read_at')
    .whereRaw('(created_at, id) <= (select n.created_at, n.id from notifications n where n.id = ?)', [upTo])
    .patch({ read_at: ctx.now })
  return tellOtherTabs(ctx, null)
}

async function tellOtherTabs(ctx: Ctx<StaffActor>, ids: string[] | null): Promise<number> {
  const { accountId } = ctx.actor
  const unread = await unreadCount(ctx.trx, accountId)
  const event = { type: 'notification.read' as const, id: accountId, version: 1, patch: { ids, unread } }
  ctx.push({ namespace: 'staff', rooms: [rooms.staff(accountId)], event })
  return unread
}
