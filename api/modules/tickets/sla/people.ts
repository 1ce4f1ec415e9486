/** Who stands on the rungs of the ladder: the ticket's assignee, the leader of its team, the supervisors (BP-006.3). */
import { z } from 'zod'
import type { SlaStep } from '../../../contract/sla.ts'
import type { Ctx } from '../../../core/context.ts'
import { grantsOf } from '../../identity/index.ts'

const ticketRows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      number: z.string(),
      title: z.string(),
      assignee_id: z.string().nullable(),
      leader_id: z.string().nullable(),
      supervisors: z.array(z.string()),
    }),
  ),
})
export type Concerned = z.infer<typeof ticketRows>['rows'][number]

const houseRows = z.object({
  rows: z.array(z.object({ id: z.string(), code: z.string(), built_in: z.boolean(), permissions: z.array(z.string()) })),
})

/** One statement; who is not at work any more is left out. */
export async function concernedBy(ctx: Pick<Ctx, 'trx'>, ticketIds: readonly string[]): Promise<Concerned[]> {
  const answer: unknown = await ctx.trx.raw(
    `select t.id, t.number, t.title, a.id as assignee_id, l.id as leader_id,
       coalesce((select json_agg(m.account_id order by m.account_id) from team_members m join accounts s on s.id = m.account_id and s.status = 'active'
                 where m.team_id = t.team_id and m.role = 'supervisor' and m.account_id is distinct from l.id), '[]') as supervisors
     from tickets t left join accounts a on a.id = t.assignee_id and a.status = 'active'
     left join teams tm on tm.id = t.team_id left join accounts l on l.id = tm.leader_id and l.status = 'active'
     where t.id = any(?::uuid[])`,
    [[...ticketIds]],
  )
  return ticketRows.parse(answer).rows
}

/** Where a team has nobody above: whoever hands out tickets and reaches all of them; the administrator only where he is alone. */
export async function houseSupervisors(ctx: Pick<Ctx, 'trx'>): Promise<string[]> {
  const answer: unknown = await ctx.trx.raw(
    `select a.id, r.code, r.built_in, r.permissions from accounts a join roles r on r.id = a.role_id
     where a.kind = 'staff' and a.status = 'active' and r.data_scope = 'all' order by a.id limit 200`,
  )
  const able = houseRows.parse(answer).rows.filter((row) => grantsOf(row).has('tickets.assign'))
  const others = able.filter(({ code, built_in: builtIn }) => !builtIn || code !== 'admin')
  return (others.length > 0 ? others : able).map(({ id }) => id)
}

/** A rung with nobody on it is the next one's: somebody always hears. */
export function peopleOn({ to }: Pick<SlaStep, 'to'>, ticket: Concerned, house: readonly string[]): string[] {
  const supervisors = ticket.supervisors.length > 0 ? ticket.supervisors : house
  const leader = ticket.leader_id === null ? supervisors : [ticket.leader_id]
  const on = { assignee: ticket.assignee_id === null ? leader : [ticket.assignee_id], leader, supervisors }
  return [...new Set(to.flatMap((rung) => on[rung]))]
}
