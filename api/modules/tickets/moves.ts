/** Changing the state of a ticket (BP-006.4): the one way, whoever does it. */
import type { MoveNeed, TicketMove } from '../../contract/ticket.ts'
import type { FormField, FormValues } from '../../contract/ticket-type.ts'
import type { TicketStatus } from '../../contract/ticket-status.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Forbidden, Invalid } from '../../core/errors.ts'
import { followMove } from './assigning/ledger.ts'
import { followEnding } from './ending/follow-ending.ts'
import { checkForm, missingFor, refuseMissing } from './form.ts'
import { doerOf, recordTicketEvent } from './history.ts'
import { type TicketRow, TicketTypeRow } from './model.ts'
import { type Reach, supervisesTicket, ticketPowers, ticketReach } from './policy.ts'
import { saveTicket, type TicketColumns } from './save.ts'
import { keepClocks } from './sla/keep-clocks.ts'
import { findMove, isOver, type Move, type MoveRole, movesFrom, reopens } from './states.ts'

export interface MoveOptions {
  /** Kept in the history; of a closing also on the ticket. */
  reason?: string | undefined
  solution?: string | undefined
  /** Of the form, filled in with the move. */
  fields?: FormValues | undefined
  /** Written with the state, in the same change: who has it now, what it was merged into. */
  columns?: TicketColumns
  /** For the history. */
  params?: Record<string, unknown>
  /** The use case has judged who may (merging, splitting): any move that the product may make, without words of people. */
  trusted?: boolean
}

/** In which roles this actor meets this ticket. */
export async function moveRoles(ctx: Ctx, row: TicketRow): Promise<ReadonlySet<MoveRole>> {
  const { actor } = ctx
  if (actor.kind === 'system') return new Set(['system'])
  if (actor.kind === 'customer') return new Set(row.customer_id === actor.customerId ? ['customer'] : [])
  return staffRoles(actor, await ticketReach({ ...ctx, actor }), row)
}

export function staffRoles(actor: StaffActor, reach: Reach, row: TicketRow): ReadonlySet<MoveRole> {
  const roles = new Set<MoveRole>()
  if (!actor.permissions.has('tickets.handle')) return roles
  if (row.assignee_id === actor.accountId) roles.add('holder')
  if (supervisesTicket(actor, reach, row)) roles.add('holder').add('supervisor')
  if (ticketPowers(actor, reach, row).claim) roles.add('claimer')
  return roles
}

const mayMove = (move: Move, roles: ReadonlySet<MoveRole>): boolean => move.who.some((role) => roles.has(role))

/** A reopened ticket goes back to who had it, or to the pool; the wish names either. */
function wanted(row: TicketRow, to: TicketStatus, columns: TicketColumns): TicketStatus {
  const hasAssignee = columns.assignee_id === undefined ? row.assignee_id !== null : columns.assignee_id !== null
  return to === 'in_progress' && !hasAssignee && row.status !== 'new' && row.status !== 'unassigned' ? 'unassigned' : to
}

function needed(move: Move, row: TicketRow, options: MoveOptions): MoveNeed[] {
  const assigneeId = options.columns?.assignee_id === undefined ? row.assignee_id : options.columns.assignee_id
  const has: Record<MoveNeed, boolean> = {
    reason: (options.reason ?? '').trim() !== '',
    solution: (options.solution ?? row.solution ?? '').trim() !== '',
    assignee: assigneeId !== null,
  }
  return move.needs.filter((need) => !has[need])
}

/**
 * Moves a locked ticket, writes its history, lets routing follow, emits `ticket.moved` `{ from, to, by, reopened }`. To where it is already: nothing happens.
 * Which moves there are stands in `states.ts`; a ticket without anybody goes to the pool where it would go back to work.
 * @throws Conflict `ticket_move_refused` with what is possible; Forbidden `ticket_move_forbidden`; Invalid `ticket_fields_missing` (fields of the form, or
 *   `needs`: `reason`, `solution`, `assignee`), `field_invalid`
 */
export async function moveTicket(ctx: Ctx, row: TicketRow, wish: TicketStatus, options: MoveOptions = {}): Promise<TicketRow> {
  if (row.status === wish) return row
  const to = wanted(row, wish, options.columns ?? {})
  const move = findMove(row.status, to)
  const byProduct = options.trusted === true || ctx.actor.kind === 'system'
  const roles = byProduct ? new Set<MoveRole>(['system']) : await moveRoles(ctx, row)
  if (!move) throw refusal(row, wish, roles)
  if (!mayMove(move, roles)) throw forbidden(move, row, roles)
  const needs = needed(move, row, options)
  // What the product does by itself has its reason in the history's params; it never waits for words of people.
  if (needs.length > 0 && (!byProduct || needs.includes('assignee')))
    throw new Invalid('ticket_fields_missing', 'this state asks for more', { to, needs, fields: [] })
  const fields = byProduct ? row.fields : await formFor(ctx, row, to, options.fields)
  return write(ctx, row, { move, options, fields })
}

async function formFor(ctx: Ctx, row: TicketRow, to: TicketStatus, typed: FormValues | undefined): Promise<FormValues> {
  if (ctx.actor.kind !== 'staff') return row.fields
  const type = await TicketTypeRow.query(ctx.trx).findById(row.type_id).throwIfNotFound()
  const values = typed ? await checkForm(ctx, type.fields, { typed, stored: row.fields }) : row.fields
  refuseMissing(type.fields, values, to)
  return values
}

interface Checked {
  move: Move
  options: MoveOptions
  fields: FormValues
}

/** What each state leaves on the row. */
function columnsOf(ctx: Ctx, row: TicketRow, { move, options, fields }: Checked): TicketColumns {
  const { to } = move
  return {
    status: to,
    status_since: ctx.now,
    fields,
    ...(options.solution === undefined ? {} : { solution: options.solution }),
    ...(to === 'unassigned' ? { assignee_id: null, assigned_at: null, seen_at: null } : {}),
    ...(isOver(to) ? { resolved_at: row.resolved_at ?? ctx.now } : { resolved_at: null }),
    ...(to === 'closed' ? { closed_at: ctx.now, close_reason: options.reason ?? null } : { closed_at: null, close_reason: null }),
    ...(reopens(move) ? { reopened_count: row.reopened_count + 1, ...(ctx.actor.kind === 'customer' ? { seen_at: null } : {}) } : {}),
    ...options.columns,
  }
}

async function write(ctx: Ctx, row: TicketRow, checked: Checked): Promise<TicketRow> {
  const { move, options, fields } = checked
  const { from, to } = move
  const before = {
    status: from,
    ...(options.solution === undefined ? {} : { solution: row.solution }),
    ...differing(row.fields, fields).before,
  }
  const after = {
    status: to,
    ...(options.solution === undefined ? {} : { solution: options.solution }),
    ...differing(row.fields, fields).after,
  }
  const saved = await saveTicket(ctx, row, columnsOf(ctx, row, checked))
  await recordTicketEvent(ctx, saved, {
    kind: reopens(move) ? 'reopened' : 'moved',
    before,
    after,
    params: { ...(options.reason === undefined ? {} : { reason: options.reason }), ...options.params },
  })
  await followMove(ctx, saved, from)
  await followEnding(ctx, saved, from)
  await keepClocks(ctx, [saved.id], 'moved')
  ctx.emit({
    name: 'ticket.moved',
    subjectId: saved.id,
    payload: { from, to, by: ctx.actor.kind, actorId: doerOf(ctx), reopened: reopens(move) },
  })
  return saved
}

/** Only what differs, under `fields`. */
export function differing(before: FormValues, after: FormValues): { before: object; after: object } {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  )
  if (keys.length === 0) return { before: {}, after: {} }
  const side = (values: FormValues) => ({ fields: Object.fromEntries(keys.map((key) => [key, values[key] ?? null])) })
  return { before: side(before), after: side(after) }
}

const refusal = (row: TicketRow, to: TicketStatus, roles: ReadonlySet<MoveRole>): Conflict =>
  new Conflict('ticket_move_refused', `a ticket cannot go from ${row.status} to ${to}`, {
    from: row.status,
    to,
    possible: movesFrom(row.status)
      .filter((move) => mayMove(move, roles))
      .map((move) => move.to),
  })

const forbidden = (move: Move, row: TicketRow, roles: ReadonlySet<MoveRole>): Forbidden =>
  new Forbidden('ticket_move_forbidden', 'somebody else may do this', {
    from: row.status,
    to: move.to,
    who: move.who.filter((role) => role !== 'system'),
    possible: movesFrom(row.status)
      .filter((each) => mayMove(each, roles))
      .map((each) => each.to),
  })

/** Moves open to a member of staff, with what each still asks for; taking it from the pool has a button of its own. */
export function openMoves(roles: ReadonlySet<MoveRole>, row: TicketRow, fields: readonly FormField[]): TicketMove[] {
  if (row.merged_into !== null) return []
  return movesFrom(row.status)
    .filter((move) => mayMove(move, roles) && !(move.needs.includes('assignee') && row.assignee_id === null))
    .map((move) => ({
      to: move.to,
      needs: move.needs.filter((need) => (need === 'solution' ? row.solution === null : need !== 'assignee')),
      missing: missingFor(fields, row.fields, move.to),
      reopens: reopens(move),
    }))
}
