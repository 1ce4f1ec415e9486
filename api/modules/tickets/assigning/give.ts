/** Tickets change hands: their rows, their history, who is told. The same number of statements for one as for two hundred. */
import type { Reason } from '../../../contract/routing.ts'
import type { TicketStatus } from '../../../contract/ticket-status.ts'
import type { Ctx } from '../../../core/context.ts'
import { giveWork, releaseWork } from '../../routing/index.ts'
import { announceLater } from '../announce.ts'
import { doerOf, recordTicketEvents } from '../history.ts'
import type { TicketRow } from '../model.ts'
import { keepClocks } from '../sla/keep-clocks.ts'
import { isPool } from '../states.ts'
import { enterPool } from './ledger.ts'
import { tellAssignees, type Teller } from './tell.ts'

export interface Person {
  id: string
  name: string
}

export interface Giving {
  to: Person
  /** Why he: stored, shown as one line. */
  reason: Reason
  /** What ends says: `reassigned`, `handed_on`, `escalated` … */
  endReason?: string
  note?: string | null | undefined
  /** The team it goes to with him; undefined: it stays that of its team. */
  teamId?: string | null | undefined
  tell?: Teller | undefined
}

/**
 * Gives locked tickets that are not over to somebody, whoever has them now. What waits in the pool is in progress from now on; what waits for the customer
 * or is on hold stays so in new hands. Everybody may hold any number of tickets: who decides sees how many.
 */
export async function giveTickets(ctx: Ctx, rows: readonly TicketRow[], giving: Giving): Promise<void> {
  if (rows.length === 0) return
  const { to, reason, note } = giving
  const given = await giveWork(ctx, {
    kind: 'ticket',
    workIds: rows.map(({ id }) => id),
    to,
    reason,
    endReason: giving.endReason ?? 'reassigned',
    note,
    beyondCapacity: true,
  })
  await settleTickets(
    ctx,
    rows.flatMap((row) => (given.has(row.id) ? [{ row, to, reason, note, teamId: giving.teamId }] : [])),
    giving.tell,
  )
}

export interface Settled {
  row: TicketRow
  to: Person
  reason: Reason
  note?: string | null | undefined
  teamId?: string | null | undefined
}

/** The assignments are written; the tickets follow them. */
export async function settleTickets(ctx: Ctx, settled: readonly Settled[], tell: Teller = tellAssignees): Promise<void> {
  if (settled.length === 0) return
  const before = settled.map(({ row }) => handsOf(row))
  const byHimself = (to: Person) => ctx.actor.kind === 'staff' && ctx.actor.accountId === to.id
  for (const { row, to, teamId } of settled) {
    row.$set({
      ...(teamId === undefined ? {} : { team_id: teamId }),
      ...(isPool(row.status) ? { status: 'in_progress' as const, status_since: ctx.now } : {}),
      assignee_id: to.id,
      assigned_at: ctx.now,
      seen_at: byHimself(to) ? ctx.now : null,
    })
  }
  const changed = settled.map(({ row, reason, note }, nth) => ({ row, reason, note, before: before[nth] ?? handsOf(row) }))
  await write(ctx, changed, 'assigned')
  await tell(
    ctx,
    settled.filter(({ to }) => !byHimself(to)),
  )
}

export interface Release {
  /** Whose pool; undefined: that of its team. */
  teamId?: string | null | undefined
  reason: Reason
  note?: string | null | undefined
  /** Who had it and shall be asked last. */
  passedBy?: readonly string[]
}

/** Locked tickets that are not over wait in a pool again, or in another one, with nobody having them. */
export async function releaseTickets(ctx: Ctx, rows: readonly TicketRow[], { teamId, reason, note, passedBy }: Release): Promise<void> {
  if (rows.length === 0) return
  const before = rows.map(handsOf)
  await releaseWork(ctx, { kind: 'ticket', ids: rows.map(({ id }) => id) }, reason.code)
  for (const row of rows) {
    row.$set({
      ...(teamId === undefined ? {} : { team_id: teamId }),
      status: 'unassigned',
      status_since: ctx.now,
      assignee_id: null,
      assigned_at: null,
      seen_at: null,
    })
  }
  const changed = rows.map((row, nth) => ({ row, reason, note, before: before[nth] ?? handsOf(row) }))
  await write(ctx, changed, 'returned')
  await enterPool(ctx, rows, { reason, ...(passedBy ? { passedBy } : {}) })
}

/** What changes when a ticket changes hands. */
export interface Hands {
  status: TicketStatus
  assigneeId: string | null
  teamId: string | null
}
export const handsOf = (row: TicketRow): Hands => ({ status: row.status, assigneeId: row.assignee_id, teamId: row.team_id })

interface Changed {
  row: TicketRow
  reason: Reason
  note?: string | null | undefined
  before: Hands
}

/** One statement per table; the clocks of all are kept together. */
export async function write(
  ctx: Ctx,
  changed: readonly Changed[],
  kind: 'assigned' | 'returned' | 'pooled' | 'team_changed',
): Promise<void> {
  for (const { row } of changed) row.$set({ version: row.version + 1, updated_at: ctx.now, last_activity_at: ctx.now })
  const columns = changed.map(({ row }) => ({
    id: row.id,
    team_id: row.team_id,
    status: row.status,
    status_since: row.status_since,
    assignee_id: row.assignee_id,
    assigned_at: row.assigned_at,
    seen_at: row.seen_at,
    version: row.version,
  }))
  await ctx.trx.raw(
    `update tickets k set team_id = t.team_id, status = t.status, status_since = t.status_since, assignee_id = t.assignee_id, assigned_at = t.assigned_at,
       seen_at = t.seen_at, version = t.version, updated_at = (select app_now()), last_activity_at = (select app_now())
     from json_to_recordset(?::json) as t(id uuid, team_id uuid, status text, status_since timestamptz, assignee_id uuid, assigned_at timestamptz,
       seen_at timestamptz, version int) where k.id = t.id`,
    [JSON.stringify(columns)],
  )
  await recordTicketEvents(
    ctx,
    changed.map(({ row, before, reason, note }) => ({
      ticket: row,
      event: { kind, ...differing(before, handsOf(row)), params: { reason, ...(note ? { note } : {}) } },
    })),
  )
  for (const { row, before } of changed) tell(ctx, row, before)
  await keepClocks(
    ctx,
    changed.map(({ row }) => row.id),
    'moved',
  )
}

function tell(ctx: Ctx, row: TicketRow, before: Hands): void {
  announceLater(ctx, row.id, { assignee_id: before.assigneeId, team_id: before.teamId })
  if (before.assigneeId !== row.assignee_id)
    ctx.emit({
      name: 'ticket.assigned',
      subjectId: row.id,
      payload: { from: before.assigneeId, to: row.assignee_id, actorId: doerOf(ctx) },
    })
  if (before.teamId !== row.team_id) ctx.emit({ name: 'ticket.changed', subjectId: row.id, payload: { fields: ['teamId'] } })
  if (before.status === row.status) return
  ctx.emit({
    name: 'ticket.moved',
    subjectId: row.id,
    payload: { from: before.status, to: row.status, by: ctx.actor.kind, actorId: doerOf(ctx), reopened: false },
  })
}

function differing(before: Hands, after: Hands): { before: Record<string, unknown>; after: Record<string, unknown> } {
  const sides: { before: Record<string, unknown>; after: Record<string, unknown> } = { before: {}, after: {} }
  for (const name of ['status', 'assigneeId', 'teamId'] as const) {
    if (before[name] === after[name]) continue
    sides.before[name] = before[name]
    sides.after[name] = after[name]
  }
  return sides
}
