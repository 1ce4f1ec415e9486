/** What routing keeps of tickets: the pool that they wait in, and who holds which. Rows themselves are written elsewhere. */
import { z } from 'zod'
import type { Reason } from '../../../contract/routing.ts'
import type { TicketStatus } from '../../../contract/ticket-status.ts'
import type { Ctx } from '../../../core/context.ts'
import { enterQueue, giveWork, leaveQueue, moveQueue, releaseWork } from '../../routing/index.ts'
import type { TicketRow } from '../model.ts'

const ENDED: readonly TicketStatus[] = ['resolved', 'closed']
export const isEnded = (status: TicketStatus): boolean => ENDED.includes(status)

export interface Entry {
  /** Why it waits: `assignmentReason.{code}` on screen. */
  reason?: Reason
  /** Who had it and shall be asked last. */
  passedBy?: readonly string[]
}

/**
 * Unassigned tickets wait in the pool of their team, in the order in which they came there: whoever has time takes one, and where a policy applies it
 * gives them out. Emits `ticket.pooled` for each.
 */
export async function enterPool(ctx: Ctx, rows: readonly TicketRow[], { reason, passedBy = [] }: Entry = {}): Promise<void> {
  if (rows.length === 0) return
  const businessOf = await businessTypes(ctx, rows)
  await enterQueue(
    ctx,
    rows.map((row) => ({
      work: { kind: 'ticket' as const, id: row.id },
      customerId: row.customer_id,
      channelAccountId: row.channel_account_id,
      teamId: row.team_id,
      businessTypeId: businessOf.get(row.type_id) ?? null,
      waitingSince: row.status_since,
      passedBy,
      ...(reason ? { reason } : {}),
    })),
  )
  for (const { id } of rows) ctx.emit({ name: 'ticket.pooled', subjectId: id })
}

const typeRows = z.array(z.object({ id: z.string(), business_type_id: z.string().nullable() }))

async function businessTypes(ctx: Ctx, rows: readonly TicketRow[]): Promise<Map<string, string | null>> {
  const ids = [...new Set(rows.map((row) => row.type_id))]
  const found: unknown = await ctx.trx('ticket_types').whereIn('id', ids).select('id', 'business_type_id')
  return new Map(typeRows.parse(found).map((row) => [row.id, row.business_type_id]))
}

/** After a move of a locked ticket: what has ended is nobody’s work, what is reopened is again that of who had it, what is nobody’s waits. */
export async function followMove(ctx: Ctx, row: TicketRow, from: TicketStatus): Promise<void> {
  const works = { kind: 'ticket' as const, ids: [row.id] }
  if (row.status === 'unassigned') {
    await releaseWork(ctx, works, 'returned_to_pool')
    await enterPool(ctx, [row])
    return
  }
  if (from === 'unassigned') await leaveQueue(ctx, works, row.status)
  if (isEnded(row.status) && !isEnded(from)) await releaseWork(ctx, works, endReasonOf(row))
  if (!isEnded(row.status) && isEnded(from)) await takeUpAgain(ctx, row)
}

const endReasonOf = ({ status, merged_into: into }: TicketRow): string => {
  if (into !== null) return 'ticket_merged'
  return status === 'resolved' ? 'resolved' : 'ticket_closed'
}

const people = z.object({ id: z.string(), name: z.string() }).optional()

async function takeUpAgain(ctx: Ctx, row: TicketRow): Promise<void> {
  if (row.assignee_id === null) return
  const holder = people.parse(await ctx.trx('accounts').where({ id: row.assignee_id }).first('id', 'name'))
  if (!holder) return
  const reason = { code: 'reopened', params: {} }
  await giveWork(ctx, { kind: 'ticket', workIds: [row.id], to: holder, reason, endReason: 'reassigned' })
}

/** Tickets that wait and belong to another team now: to its pool, with the time waited so far. For locked rows, already written. */
export async function followTeams(ctx: Ctx, rows: readonly TicketRow[], reason: Reason): Promise<void> {
  for (const teamId of new Set(rows.map((row) => row.team_id))) {
    const ids = rows.filter((row) => row.team_id === teamId && row.status === 'unassigned').map(({ id }) => id)
    await moveQueue(ctx, { kind: 'ticket', ids }, { teamId, reason })
    for (const id of ids) ctx.emit({ name: 'ticket.pooled', subjectId: id })
  }
}

export const followTeam = (ctx: Ctx, row: TicketRow): Promise<void> => followTeams(ctx, [row], { code: 'arrived', params: {} })
