/** Who watches a ticket: he sees it and hears of it, wherever it is. */
import { z } from 'zod'
import { MAX_WATCHERS, type TicketDetail } from '../../contract/ticket.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Forbidden, Invalid } from '../../core/errors.ts'
import { Account, avatarUrl } from '../identity/index.ts'
import { notify } from '../notifications/index.ts'
import { recordTicketEvent } from './history.ts'
import { TicketRow } from './model.ts'
import { ticketFor } from './policy.ts'
import { saveTicket } from './save.ts'

const ids = z.array(z.string())

/** Adds whoever does not watch it yet, without a word to them; for a new or a locked ticket. The row's copy follows. @returns who is new */
export async function insertWatchers(
  ctx: Ctx<StaffActor>,
  row: TicketRow,
  accountIds: readonly string[],
): Promise<{ id: string; name: string }[]> {
  const wanted = [...new Set(accountIds)].filter((id) => !row.watcher_ids.includes(id)).sort()
  if (wanted.length === 0) return []
  if (row.watcher_ids.length + wanted.length > MAX_WATCHERS) throw new Conflict('limit_reached', 'too many watchers', { max: MAX_WATCHERS })
  const people = await Account.query(ctx.trx).whereIn('id', wanted).where({ kind: 'staff', status: 'active' }).select('id', 'name')
  if (people.length < wanted.length)
    throw new Invalid('staff_not_active', 'no such member of staff', {
      accountIds: wanted.filter((id) => !people.some((one) => one.id === id)),
    })
  await ctx
    .trx('ticket_watchers')
    .insert(wanted.map((id) => ({ ticket_id: row.id, account_id: id, added_by: ctx.actor.accountId, created_at: ctx.now })))
  await copyToRow(ctx, row)
  return people.map(({ id, name }) => ({ id, name }))
}

/** The same, and they hear of it. */
export async function putWatchers(
  ctx: Ctx<StaffActor>,
  row: TicketRow,
  accountIds: readonly string[],
): Promise<{ id: string; name: string }[]> {
  const added = await insertWatchers(ctx, row, accountIds)
  if (added.length === 0) return added
  await notify(ctx, {
    to: added.map(({ id }) => id).filter((id) => id !== ctx.actor.accountId),
    kind: 'ticket.watching',
    params: { number: row.number, title: row.title, by: ctx.actor.name },
    link: `/tickets/${row.id}`,
    key: `ticket.watching:${row.id}:${ctx.now.toISOString()}`,
  })
  return added
}

async function copyToRow(ctx: Ctx, row: TicketRow): Promise<void> {
  const now = ids.parse(await ctx.trx('ticket_watchers').where({ ticket_id: row.id }).orderBy('account_id').pluck('account_id'))
  await TicketRow.query(ctx.trx).findById(row.id).patch({ watcher_ids: now })
  row.$set({ watcher_ids: now })
}

/** Oneself: whoever sees it. Others: whoever works with it. @throws as `ticketFor`; Invalid `staff_not_active`; Conflict `limit_reached` */
export async function watchTicket(ctx: Ctx<StaffActor>, id: string, accountIds: readonly string[]): Promise<void> {
  const row = await lockedToWatch(ctx, id, accountIds)
  const added = await putWatchers(ctx, row, accountIds)
  if (added.length === 0) return
  const saved = await saveTicket(ctx, row, {})
  await recordTicketEvent(ctx, saved, { kind: 'watched', params: { people: added } })
}

/** One who does not watch it is no error: what was asked for is so. */
export async function unwatchTicket(ctx: Ctx<StaffActor>, id: string, accountId: string): Promise<void> {
  const row = await lockedToWatch(ctx, id, [accountId])
  const removed = await ctx.trx('ticket_watchers').delete().where({ ticket_id: id, account_id: accountId })
  if (removed === 0) return
  await copyToRow(ctx, row)
  const saved = await saveTicket(ctx, row, {})
  const person = await Account.query(ctx.trx).findById(accountId).select('id', 'name')
  await recordTicketEvent(ctx, saved, { kind: 'unwatched', params: { people: person ? [{ id: person.id, name: person.name }] : [] } })
}

async function lockedToWatch(ctx: Ctx<StaffActor>, id: string, accountIds: readonly string[]): Promise<TicketRow> {
  await ticketFor(ctx, id, 'view')
  const others = accountIds.some((one) => one !== ctx.actor.accountId)
  if (others && !ctx.actor.permissions.has('tickets.handle')) throw new Forbidden('forbidden', 'only for oneself')
  return TicketRow.query(ctx.trx).findById(id).forNoKeyUpdate().throwIfNotFound()
}

export async function shownWatchers(ctx: Ctx, row: TicketRow): Promise<TicketDetail['watchers']> {
  const people = await Account.query(ctx.trx)
    .whereIn('id', row.watcher_ids)
    .orderBy(['name', 'id'])
    .select('id', 'name', 'avatar_attachment_id')
  return people.map(({ id, name, avatar_attachment_id: avatar }) => ({ id, name, avatarUrl: avatarUrl(avatar) }))
}
