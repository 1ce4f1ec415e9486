import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { notify } from '../../notifications/index.ts'
import type { TicketRow } from '../model.ts'
import type { LevelRow } from './levels.ts'

const people = z.object({ rows: z.array(z.object({ account_id: z.string() })) })

export interface Risen {
  escalationId: string
  target: LevelRow
  formerAssigneeId: string | null
  byRule: boolean
}

/** Those who lead the team whose pool it is in now, and who had it when a rule took it. A person who got it is told with the assignment. */
export async function tellOfEscalation(ctx: Ctx, row: TicketRow, { escalationId, target, formerAssigneeId, byRule }: Risen): Promise<void> {
  const pooled = row.assignee_id === null && row.team_id !== null
  const answer: unknown = pooled
    ? await ctx.trx.raw(
        `select m.account_id from team_members m join accounts a on a.id = m.account_id and a.status = 'active'
         where m.team_id = ? and m.role = 'supervisor' order by m.account_id`,
        [row.team_id],
      )
    : { rows: [] }
  const leaders = people.parse(answer).rows.map((each) => each.account_id)
  await notify(ctx, {
    to: [...leaders, ...(byRule && formerAssigneeId !== null && formerAssigneeId !== row.assignee_id ? [formerAssigneeId] : [])],
    kind: 'ticket.escalated',
    params: { number: row.number, title: row.title, level: target.level, name: target.name },
    link: `/tickets/${row.id}`,
    key: `ticket.escalated:${escalationId}`,
  })
}
