/** Tickets that are late, or soon will be: the most urgent first (BP-013.3). */
import { z } from 'zod'
import type { slaWarningQuery } from '../../../contract/sla.ts'
import type { Ticket } from '../../../contract/ticket.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../../core/cursor.ts'
import { presentTickets } from '../load.ts'
import { ticketReach, visibleTickets } from '../policy.ts'

const found = z.object({ rows: z.array(z.object({ id: z.string(), due_at: z.date() })) })

export async function slaWarnings(
  ctx: Ctx<StaffActor>,
  query: z.output<typeof slaWarningQuery>,
): Promise<{ data: Ticket[]; nextCursor: string | null }> {
  const scope = visibleTickets(await ticketReach(ctx))
  const after = decodeCursor(query.cursor)
  const answer: unknown = await ctx.trx.raw(
    `select t.id, d.due_at from ticket_dues d join tickets t on t.id = d.ticket_id
     where d.due_at < app_now() + :within * interval '1 minute'
       ${scope ? `and ${scope.sql}` : ''} ${query.teamId ? 'and t.team_id = :teamId' : ''} ${query.assigneeId ? 'and t.assignee_id = :assigneeId' : ''}
       ${after ? 'and (d.due_at, d.ticket_id) > (:dueAfter::timestamptz, :idAfter::uuid)' : ''}
     order by d.due_at, d.ticket_id limit :limit`,
    {
      within: query.withinMinutes,
      limit: query.limit + 1,
      ...(scope?.bindings ?? {}),
      ...(query.teamId ? { teamId: query.teamId } : {}),
      ...(query.assigneeId ? { assigneeId: query.assigneeId } : {}),
      ...(after ? { dueAfter: after.key, idAfter: after.id } : {}),
    },
  )
  const rows = found.parse(answer).rows
  const shown = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? shown.at(-1) : undefined
  return {
    data: await presentTickets(
      ctx.trx,
      shown.map(({ id }) => id),
    ),
    nextCursor: last ? encodeCursor(last.due_at.toISOString(), last.id) : null,
  }
}
