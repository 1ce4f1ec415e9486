import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import type { TicketRow } from '../model.ts'

const people = z.object({ rows: z.array(z.object({ account_id: z.string() })) })

/** Who is to hear of a ticket: its assignee; while it has none, those who supervise its team. */
export async function peopleBehind(ctx: Pick<Ctx, 'trx'>, ticket: Pick<TicketRow, 'assignee_id' | 'team_id'>): Promise<string[]> {
  if (ticket.assignee_id !== null) return [ticket.assignee_id]
  if (ticket.team_id === null) return []
  const answer: unknown = await ctx.trx.raw(
    `select m.account_id from team_members m join accounts a on a.id = m.account_id
     where m.team_id = ? and m.role = 'supervisor' and a.status = 'active' order by m.account_id`,
    [ticket.team_id],
  )
  return people.parse(answer).rows.map((row) => row.account_id)
}
