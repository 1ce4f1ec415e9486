/** Who may do what with a ticket, and the only way to get one. */
import type { Knex } from 'knex'
import type { ErrorCode } from '../../contract/errors.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Forbidden, NotFound } from '../../core/errors.ts'
import { reachableStaff } from '../organisation/index.ts'
import { teamIdsOf } from '../teams/index.ts'
import { TicketRow } from './model.ts'
import { isPool } from './states.ts'

/**
 * `comment`: a word, a file, a checklist; whoever sees it helps. `edit`: what it says, its relations. `assign`: decides who has it. `claim`: takes it from the
 * pool. `transfer`: hands on what one has. `merge`: merge and split. `move`: its state; which moves are open is asked of `moves.ts`.
 */
export type TicketAction = 'view' | 'comment' | 'edit' | 'assign' | 'claim' | 'transfer' | 'merge' | 'move'

type Facts = Pick<TicketRow, 'assignee_id' | 'team_id' | 'created_by' | 'watcher_ids'>

/** Whose tickets a reader reaches; loaded once for a request. */
export interface Reach {
  accountId: string
  /** Everybody's. */
  all: boolean
  /** His own teams. */
  teamIds: readonly string[]
  /** Beyond his own: everything of his teams, and what these people have. Empty for the scope `own`. */
  people: readonly string[]
  wide: boolean
}

export async function ticketReach(ctx: Ctx<StaffActor>): Promise<Reach> {
  const { accountId, dataScope } = ctx.actor
  if (dataScope === 'all') return { accountId, all: true, teamIds: await teamIdsOf({ db: ctx.trx }, accountId), people: [], wide: true }
  const wide = dataScope !== 'own'
  const people = wide ? ((await reachableStaff(ctx)) ?? []) : []
  return { accountId, all: false, teamIds: await teamIdsOf({ db: ctx.trx }, accountId), people, wide }
}

const isMine = ({ accountId }: Reach, row: Facts): boolean =>
  row.assignee_id === accountId || row.created_by === accountId || row.watcher_ids.includes(accountId)

/** The general pool is everybody's who handles tickets, a team's its own. */
const isInMyPool = (reach: Reach, row: Facts): boolean =>
  row.assignee_id === null && (row.team_id === null || reach.teamIds.includes(row.team_id))

/** Within the scope of his role, apart from what is his own. */
const isInScope = (reach: Reach, row: Facts): boolean =>
  reach.all ||
  (reach.wide &&
    ((row.team_id !== null && reach.teamIds.includes(row.team_id)) ||
      (row.assignee_id !== null && row.assignee_id !== reach.accountId && reach.people.includes(row.assignee_id)) ||
      (row.assignee_id === null && row.team_id === null)))

export const seesTicket = (reach: Reach, row: Facts): boolean =>
  reach.all || isMine(reach, row) || isInMyPool(reach, row) || isInScope(reach, row)

/** The same as SQL over `tickets t`, for lists. Each part has an index; null: everything. */
export function visibleTickets(reach: Reach): { sql: string; bindings: Record<string, Knex.RawBinding> } | null {
  if (reach.all) return null
  const own = `t.assignee_id = :me or t.created_by = :me or t.watcher_ids @> array[:me]::uuid[]
    or (t.assignee_id is null and (t.team_id is null or t.team_id = any(:teams::uuid[])))`
  const wide = `t.team_id = any(:teams::uuid[]) or t.assignee_id = any(:people::uuid[])`
  return {
    sql: reach.wide ? `(${own} or ${wide})` : `(${own})`,
    bindings: { me: reach.accountId, teams: [...reach.teamIds], ...(reach.wide ? { people: [...reach.people] } : {}) },
  }
}

/** Acts for whoever has it. */
export const supervisesTicket = (actor: StaffActor, reach: Reach, row: Facts): boolean =>
  actor.permissions.has('tickets.assign') && isInScope(reach, row)

/** How he stands to it: `decides` over what somebody has, may take it from the pool, made what waits there. */
function standing(actor: StaffActor, reach: Reach, row: Facts & Pick<TicketRow, 'status'>) {
  const supervises = supervisesTicket(actor, reach, row)
  const pooled = isPool(row.status)
  return {
    supervises,
    decides: row.assignee_id === actor.accountId || supervises,
    claims: pooled && (isInMyPool(reach, row) || supervises),
    made: pooled && row.created_by === actor.accountId,
  }
}

/** What of all this is open to the reader of a ticket that he sees. */
export function ticketPowers(actor: StaffActor, reach: Reach, row: Facts & Pick<TicketRow, 'status' | 'merged_into'>) {
  const { supervises, decides, claims, made } = standing(actor, reach, row)
  const alive = row.merged_into === null
  const open = alive && row.status !== 'closed'
  const handles = alive && actor.permissions.has('tickets.handle')
  const works = handles && open
  return {
    view: true,
    comment: handles,
    edit: works && (decides || claims || made),
    assign: open && supervises,
    claim: works && claims,
    transfer: works && decides,
    merge: handles && decides,
    move: handles,
  } satisfies Record<TicketAction, boolean>
}

/** What cannot be done to it as it stands, whoever asks. */
function stateFault(row: TicketRow, action: TicketAction): ErrorCode | null {
  if (action === 'view') return null
  if (row.merged_into !== null) return 'ticket_merged'
  if (row.status === 'closed' && action !== 'comment' && action !== 'move' && action !== 'merge') return 'ticket_closed'
  return null
}

function refuse(code: ErrorCode, row: TicketRow, action: TicketAction): never {
  if (code === 'ticket_merged') throw new Conflict(code, 'this ticket was merged into another', { into: row.merged_into })
  if (code === 'ticket_closed') throw new Conflict(code, 'this ticket is closed', { number: row.number })
  if (code === 'already_assigned') throw new Conflict(code, 'somebody has this ticket', { assigneeId: row.assignee_id })
  throw new Forbidden('forbidden', `you may not ${action} here`)
}

/** Null: he may. Else why not. */
function fault(ctx: Ctx<StaffActor>, reach: Reach, row: TicketRow, action: TicketAction): ErrorCode | null {
  const state = stateFault(row, action)
  if (state) return state
  if (ticketPowers(ctx.actor, reach, row)[action]) return null
  const taken = action === 'claim' && row.assignee_id !== null && ctx.actor.permissions.has('tickets.handle')
  return taken ? 'already_assigned' : 'forbidden'
}

/**
 * Loads a ticket for an action, locked unless it is only viewed.
 * @throws NotFound outside one's scope; Forbidden when one may see but not do; Conflict `ticket_closed`, `ticket_merged`, `already_assigned`
 */
export async function ticketFor(ctx: Ctx<StaffActor>, id: string, action: TicketAction): Promise<TicketRow> {
  const row = await TicketRow.query(ctx.trx)
    .findById(id)
    .modify((builder) => void (action !== 'view' && builder.forNoKeyUpdate()))
  const reach = await ticketReach(ctx)
  if (!row || !seesTicket(reach, row)) throw new NotFound('ticket')
  const code = fault(ctx, reach, row, action)
  if (code) refuse(code, row, action)
  return row
}

/**
 * The same for several, locked in the order of their ids.
 * @returns those he may do it with, and why not the others (`not_found` outside his scope)
 */
export async function ticketsFor(
  ctx: Ctx<StaffActor>,
  ids: readonly string[],
  action: TicketAction,
): Promise<{ rows: TicketRow[]; refused: Map<string, ErrorCode> }> {
  const found = await TicketRow.query(ctx.trx)
    .whereIn('id', [...new Set(ids)])
    .orderBy('id')
    .modify((builder) => void (action !== 'view' && builder.forNoKeyUpdate()))
  const reach = await ticketReach(ctx)
  const byId = new Map(found.map((row) => [row.id, row]))
  const refused = new Map<string, ErrorCode>()
  for (const id of ids) {
    const row = byId.get(id)
    const code = row && seesTicket(reach, row) ? fault(ctx, reach, row, action) : 'not_found'
    if (code) refused.set(id, code)
  }
  return { rows: found.filter((row) => !refused.has(row.id)), refused }
}

/** By id, locked, whoever acts: for customers (whose page has checked that it is his) and the product itself. @throws NotFound */
export async function lockTicket(ctx: Ctx, id: string): Promise<TicketRow> {
  const row = await TicketRow.query(ctx.trx).findById(id).forNoKeyUpdate()
  if (!row) throw new NotFound('ticket')
  return row
}
