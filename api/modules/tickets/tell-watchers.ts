/** Who watches a ticket hears of what others do with it: whose it is, where it stands, what was said with the customer. */
import { z } from 'zod'
import { TICKET_STATUSES } from '../../contract/ticket-status.ts'
import type { Ctx, SystemActor } from '../../core/context.ts'
import type { Listener, StoredEvent } from '../../core/events/domain-events.ts'
import { Account } from '../identity/index.ts'
import { type News, notify } from '../notifications/index.ts'
import { FollowUpRow } from './follow-ups/model.ts'
import { TicketRow } from './model.ts'
import { isPool } from './states.ts'

type SystemCtx = Ctx<SystemActor>
/** What is told, to all watchers but these. `key`: another than the event's, where somebody else tells the same. */
interface Told {
  kind: News['kind']
  params?: News['params']
  except: readonly (string | null)[]
  key?: string
}

const nameOf = async (ctx: SystemCtx, id: string): Promise<string> => (await Account.query(ctx.trx).findById(id).select('name'))?.name ?? ''

const assignedPayload = z.object({ to: z.string().nullable(), actorId: z.string().nullable().default(null) })

/** Who has it now was told so himself. */
async function ofAssignment(ctx: SystemCtx, { payload }: StoredEvent): Promise<Told> {
  const { to, actorId } = assignedPayload.parse(payload)
  if (to === null) return { kind: 'ticket.watched_returned', except: [actorId] }
  return { kind: 'ticket.watched_assigned', params: { name: await nameOf(ctx, to) }, except: [actorId, to] }
}

const status = z.enum(TICKET_STATUSES)
const movedPayload = z.object({ from: status, to: status, by: z.string(), actorId: z.string().nullable().default(null) })

/** Into and out of the pool is told as what it is: an assignment. What his customer does is told to the assignee in words of its own. */
function ofMove({ payload }: StoredEvent, ticket: TicketRow): Told | null {
  const { from, to, by, actorId } = movedPayload.parse(payload)
  if (isPool(to) || (isPool(from) && to === 'in_progress')) return null
  return { kind: 'ticket.watched_moved', params: { status: to }, except: [actorId, by === 'customer' ? ticket.assignee_id : null] }
}

const followedPayload = z.object({ visibility: z.enum(['internal', 'customer']), by: z.enum(['staff', 'customer']), followUpId: z.uuid() })

/** Notes among staff are for who is named in them. */
async function ofFollowUp(ctx: SystemCtx, { payload }: StoredEvent): Promise<Told | null> {
  const { visibility, by, followUpId } = followedPayload.parse(payload)
  if (visibility !== 'customer') return null
  // The same words and the same key as to its assignee: whoever is both is told once.
  if (by === 'customer') return { kind: 'ticket.customer_spoke', except: [], key: `ticket.customer_spoke:${followUpId}` }
  const row = await FollowUpRow.query(ctx.trx).findById(followUpId)
  if (!row || row.account_id === null) return null
  const params = { by: await nameOf(ctx, row.account_id) }
  return { kind: 'ticket.watched_replied', params, except: [row.account_id, ...row.mentions.map(({ id }) => id)] }
}

async function toldOf(ctx: SystemCtx, event: StoredEvent, ticket: TicketRow): Promise<Told | null> {
  if (event.name === 'ticket.assigned') return ofAssignment(ctx, event)
  return event.name === 'ticket.moved' ? ofMove(event, ticket) : ofFollowUp(ctx, event)
}

async function tellWatchers(ctx: SystemCtx, event: StoredEvent): Promise<void> {
  const ticket = await TicketRow.query(ctx.trx).findById(event.subjectId)
  // Who is asked to watch a new ticket has just been told of it.
  if (!ticket || ticket.watcher_ids.length === 0 || ticket.created_at >= event.occurredAt) return
  const told = await toldOf(ctx, event, ticket)
  if (!told) return
  await notify(ctx, {
    to: ticket.watcher_ids.filter((id) => !told.except.includes(id)),
    kind: told.kind,
    params: { number: ticket.number, title: ticket.title, ...told.params },
    link: `/tickets/${ticket.id}`,
    key: told.key ?? `ticket.watched:${event.id}`,
  })
}

export const watcherListener: Listener = {
  name: 'tickets.tell-watchers',
  on: ['ticket.assigned', 'ticket.moved', 'ticket.followed_up'],
  handle: tellWatchers,
}
