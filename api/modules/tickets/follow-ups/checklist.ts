/** What is left to do on a ticket, to be ticked off one by one (BP-006.5). */
import type { ChecklistItem } from '../../../contract/ticket-follow-up.ts'
import { MAX_CHECKLIST_ITEMS } from '../../../contract/ticket-terms.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { Account } from '../../identity/index.ts'
import { recordTicketEvent } from '../history.ts'
import type { TicketRow } from '../model.ts'
import { ticketFor } from '../policy.ts'
import { saveTicket } from '../save.ts'
import { ChecklistItemRow } from './model.ts'

const inOrder = (ctx: Pick<Ctx, 'trx'>, ticketId: string) =>
  ChecklistItemRow.query(ctx.trx).where({ ticket_id: ticketId }).orderBy(['position', 'id'])

async function present(ctx: Pick<Ctx, 'trx'>, rows: readonly ChecklistItemRow[]): Promise<ChecklistItem[]> {
  const people = [...new Set(rows.flatMap(({ done_by: by }) => (by === null ? [] : [by])))]
  const accounts = people.length === 0 ? [] : await Account.query(ctx.trx).findByIds(people).select('id', 'name')
  return rows.map((row) => ({
    id: row.id,
    ticketId: row.ticket_id,
    text: row.body,
    done: row.done_at !== null,
    doneBy: row.done_by === null ? null : { id: row.done_by, name: accounts.find(({ id }) => id === row.done_by)?.name ?? '' },
    doneAt: row.done_at?.toISOString() ?? null,
    version: row.version,
  }))
}

/** @throws NotFound outside one's scope */
export async function showChecklist(ctx: Ctx<StaffActor>, ticketId: string): Promise<ChecklistItem[]> {
  await ticketFor(ctx, ticketId, 'view')
  return present(ctx, await inOrder(ctx, ticketId))
}

/** At the end of the list of a ticket that the caller has locked. @throws Conflict `checklist_full` */
export async function addChecklistItems(ctx: Ctx, ticket: TicketRow, texts: readonly string[]): Promise<void> {
  const there = await inOrder(ctx, ticket.id)
  if (there.length + texts.length > MAX_CHECKLIST_ITEMS)
    throw new Conflict('checklist_full', 'this list is long enough', { max: MAX_CHECKLIST_ITEMS })
  const last = there.at(-1)?.position ?? 0
  const rows = texts.map((text, index) => ({
    id: newId(),
    ticket_id: ticket.id,
    body: text.trim(),
    position: last + index + 1,
    created_at: ctx.now,
  }))
  await ChecklistItemRow.query(ctx.trx).insert(rows)
  await recordTicketEvent(ctx, await saveTicket(ctx, ticket, {}), {
    kind: 'checklist_added',
    params: { texts: rows.map(({ body }) => body) },
  })
}

/** @throws NotFound, Forbidden; Conflict `checklist_full` */
export async function extendChecklist(ctx: Ctx<StaffActor>, ticketId: string, texts: readonly string[]): Promise<ChecklistItem[]> {
  const ticket = await ticketFor(ctx, ticketId, 'comment')
  await addChecklistItems(ctx, ticket, texts)
  return showChecklist(ctx, ticketId)
}

interface Item {
  ticket: TicketRow
  row: ChecklistItemRow
}

async function lockItem(ctx: Ctx<StaffActor>, id: string, version: number): Promise<Item> {
  const seen = await ChecklistItemRow.query(ctx.trx).findById(id)
  if (!seen) throw new NotFound('checklist item')
  const ticket = await ticketFor(ctx, seen.ticket_id, 'comment')
  const row = await ChecklistItemRow.query(ctx.trx).findById(id).forUpdate()
  if (!row) throw new NotFound('checklist item')
  if (row.version !== version) throw new Conflict('version_conflict', 'somebody else changed this item', { version: row.version })
  return { ticket, row }
}

/** @throws NotFound; Conflict `version_conflict` */
export async function changeItem(
  ctx: Ctx<StaffActor>,
  id: string,
  patch: { text?: string | undefined; done?: boolean | undefined; version: number },
): Promise<ChecklistItem[]> {
  const { ticket, row } = await lockItem(ctx, id, patch.version)
  const done = patch.done ?? row.done_at !== null
  const body = patch.text?.trim() ?? row.body
  const turned = done !== (row.done_at !== null)
  if (turned || body !== row.body) {
    await row.$query(ctx.trx).patch({
      body,
      version: row.version + 1,
      ...(turned ? { done_at: done ? ctx.now : null, done_by: done ? ctx.actor.accountId : null } : {}),
    })
    const kind = turned ? (done ? 'checklist_done' : 'checklist_undone') : 'checklist_changed'
    await recordTicketEvent(ctx, await saveTicket(ctx, ticket, {}), { kind, params: { text: body } })
  }
  return showChecklist(ctx, row.ticket_id)
}

/** @throws NotFound; Conflict `version_conflict` */
export async function removeItem(ctx: Ctx<StaffActor>, id: string, version: number): Promise<ChecklistItem[]> {
  const { ticket, row } = await lockItem(ctx, id, version)
  await row.$query(ctx.trx).delete()
  await recordTicketEvent(ctx, await saveTicket(ctx, ticket, {}), { kind: 'checklist_removed', params: { text: row.body } })
  return showChecklist(ctx, row.ticket_id)
}

/** @throws NotFound; Invalid unless every item is named once */
export async function orderChecklist(ctx: Ctx<StaffActor>, ticketId: string, ids: readonly string[]): Promise<ChecklistItem[]> {
  const ticket = await ticketFor(ctx, ticketId, 'comment')
  const rows = await inOrder(ctx, ticketId).forUpdate()
  const known = new Set(rows.map(({ id }) => id))
  if (new Set(ids).size !== ids.length || ids.length !== known.size || ids.some((id) => !known.has(id)))
    throw new Invalid('invalid_request', 'every item once')
  await ctx.trx.raw(
    `update ticket_checklist_items i set position = t.position
     from unnest(?::uuid[]) with ordinality as t(id, position) where i.id = t.id and i.ticket_id = ?`,
    [[...ids], ticketId],
  )
  await saveTicket(ctx, ticket, {})
  return showChecklist(ctx, ticketId)
}
