/** Assigning by hand (BP-005.6, BP-013.3–5): one, many, again; what somebody else changed since it was looked at stays and says so. */
import type { z } from 'zod'
import type { ticketAssignRequest, TicketResult, TicketResults } from '../../../contract/ticket-assigning.ts'
import type { ErrorCode } from '../../../contract/errors.ts'
import type { Reason } from '../../../contract/routing.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { record } from '../../audit/index.ts'
import type { TicketRow } from '../model.ts'
import { ticketsFor } from '../policy.ts'
import { isOver, isPool } from '../states.ts'
import { giveTickets, handsOf, releaseTickets, write } from './give.ts'
import { followTeams } from './ledger.ts'
import { type Target, ticketTargetOf } from './targets.ts'
import type { Teller } from './tell.ts'

type Request = z.output<typeof ticketAssignRequest>

/**
 * Locked in the order of their ids: of two who assign the same tickets the second sees what the first did.
 * @throws NotFound, Invalid `staff_not_active`, Conflict `team_disabled` for the target itself; refusals of rows are told per row
 */
export async function assignTickets(ctx: Ctx<StaffActor>, { items, to, note }: Request): Promise<TicketResults> {
  const target = await ticketTargetOf(ctx, to)
  const ids = [...new Set(items.map(({ id }) => id))]
  const { rows, refused } = await ticketsFor(ctx, ids, 'assign')
  const seen = new Map(items.flatMap(({ id, seen: looked }) => (looked ? [[id, looked] as const] : [])))
  for (const row of rows) {
    const code = obstacle(row, seen.get(row.id))
    if (code) refused.set(row.id, code)
  }
  const fit = rows.filter(({ id }) => !refused.has(id))
  const moving = fit.filter((row) => !isThere(row, target))
  const reason = { code: 'assigned_by_hand', params: { by: ctx.actor.name } }
  await carryOut(ctx, moving, { target, reason, note })
  const moved = new Set(moving.map(({ id }) => id))
  const numbers = new Map(rows.map(({ id, number }) => [id, number]))
  return resultsOf(
    ids.map((id) => ({
      id,
      number: numbers.get(id) ?? null,
      outcome: outcomeOf(refused.has(id), moved.has(id)),
      code: refused.get(id) ?? null,
      context: {},
    })),
  )
}

const outcomeOf = (refused: boolean, moved: boolean): TicketResult['outcome'] => (refused ? 'refused' : moved ? 'done' : 'unchanged')

export const resultsOf = (rows: TicketResult[]): TicketResults => {
  const count = (outcome: TicketResult['outcome']) => rows.filter((row) => row.outcome === outcome).length
  return { rows, counts: { done: count('done'), unchanged: count('unchanged'), refused: count('refused') } }
}

type Seen = NonNullable<Request['items'][number]['seen']>

function obstacle(row: TicketRow, seen: Seen | undefined): ErrorCode | null {
  if (isOver(row.status)) return 'ticket_over'
  const changed = seen !== undefined && (seen.assigneeId !== row.assignee_id || seen.teamId !== row.team_id)
  return changed ? 'version_conflict' : null
}

/** Nothing would change. */
function isThere(row: TicketRow, target: Target): boolean {
  if (target.kind === 'agent') return row.assignee_id === target.to.id
  return target.kind === 'team' && isPool(row.status) && row.team_id === target.teamId
}

export interface Carrying {
  target: Target
  reason: Reason
  note?: string | undefined
  tell?: Teller | undefined
}

/** For locked rows of which it was judged that they may. Each leaves a line in the audit trail. */
export async function carryOut(ctx: Ctx<StaffActor>, rows: readonly TicketRow[], { target, reason, note, tell }: Carrying): Promise<void> {
  if (rows.length === 0) return
  const before = new Map(rows.map((row) => [row.id, handsOf(row)]))
  if (target.kind === 'agent') await giveTickets(ctx, rows, { to: target.to, reason, note, endReason: reason.code, tell })
  else await intoPool(ctx, rows, { teamId: target.kind === 'team' ? target.teamId : undefined, reason, note })
  await record(
    ctx,
    ...rows.map((row) => ({
      action: 'ticket.assigned',
      object: { kind: 'ticket', id: row.id, label: row.number },
      before: { ...before.get(row.id) },
      after: { ...handsOf(row) },
      context: { reason: reason.code, ...(note ? { note } : {}) },
    })),
  )
}

interface Pooling {
  teamId: string | null | undefined
  reason: Reason
  note: string | undefined
}

/** Who held them gives them back; what waits already changes pools, with the time waited so far. */
async function intoPool(ctx: Ctx, rows: readonly TicketRow[], { teamId, reason, note }: Pooling): Promise<void> {
  await releaseTickets(
    ctx,
    rows.filter(({ status }) => !isPool(status)),
    { teamId, reason, note },
  )
  const waiting = rows.filter(({ status, team_id: team }) => status === 'unassigned' && teamId !== undefined && team !== teamId)
  if (teamId === undefined || waiting.length === 0) return
  const changed = waiting.map((row) => ({ row, before: handsOf(row), reason, note }))
  for (const { row } of changed) row.$set({ team_id: teamId })
  await write(ctx, changed, 'team_changed')
  await followTeams(ctx, waiting, reason)
}
