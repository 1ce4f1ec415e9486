/** Pushes after a change: who hears of a ticket. Its row goes to those to whom it belongs; the others are told to look again, by their own scope. */
import type { Knex } from 'knex'
import type { Ticket } from '../../contract/ticket.ts'
import type { App } from '../../core/app.ts'
import type { Ctx } from '../../core/context.ts'
import { type Push, rooms } from '../../core/realtime/realtime.ts'
import { presentTickets } from './load.ts'
import { TicketRow } from './model.ts'

interface Before {
  assigneeId: string | null
  teamId: string | null
}

/** What one transaction has changed, with whom each belonged to before it. */
const changed = new WeakMap<Knex, Map<string, Before>>()

/**
 * Tells the ticket's readers once after the commit, however often the transaction has changed it. For whoever changes what a reader sees; `saveTicket` does it.
 * @param before the row as it was until now
 */
export function announceLater(ctx: Ctx, id: string, before: Pick<TicketRow, 'assignee_id' | 'team_id'>): void {
  const known = changed.get(ctx.trx)
  const entry: Before = { assigneeId: before.assignee_id, teamId: before.team_id }
  if (known) {
    if (!known.has(id)) known.set(id, entry)
    return
  }
  const ids = new Map([[id, entry]])
  changed.set(ctx.trx, ids)
  ctx.afterCommit(() => announce(ctx.app, ids))
}

/** The commit stands: what is not heard now is seen with the next look, so a failure is logged and no more. */
async function announce(app: App, changes: ReadonlyMap<string, Before>): Promise<void> {
  try {
    const ids = [...changes.keys()]
    const [tickets, rows] = await Promise.all([
      presentTickets(app.db, ids),
      TicketRow.query(app.db).whereIn('id', ids).select('id', 'watcher_ids'),
    ])
    const watchers = new Map(rows.map((row) => [row.id, row.watcher_ids]))
    app.realtime.publish(
      tickets.flatMap((ticket) => pushesOf(ticket, { watcherIds: watchers.get(ticket.id) ?? [], before: changes.get(ticket.id) })),
    )
  } catch (error) {
    app.log.warn({ err: error, tickets: changes.size }, 'tickets.announcement_failed')
  }
}

const teamRoom = (teamId: string | null): string => (teamId === null ? rooms.everyone : rooms.team(teamId))

function pushesOf(ticket: Ticket, { watcherIds, before }: { watcherIds: readonly string[]; before: Before | undefined }): Push[] {
  const { id, version } = ticket
  const staff = [ticket.assignee?.id, ticket.createdBy?.id, ...watcherIds].flatMap((each) => (each ? [rooms.staff(each)] : []))
  const to = [...new Set([...staff, rooms.ticket(id)])]
  const others = [teamRoom(ticket.team?.id ?? null), rooms.queues]
  if (before && before.teamId !== (ticket.team?.id ?? null)) others.push(teamRoom(before.teamId))
  if (before?.assigneeId) others.push(rooms.staff(before.assigneeId))
  return [
    { namespace: 'staff', rooms: to, event: { type: 'ticket.updated', id, version, patch: { ticket } } },
    { namespace: 'staff', rooms: [...new Set(others)], except: to, event: { type: 'ticket.changed', id, version, patch: {} } },
  ]
}
