import { z } from 'zod'
import { ESCALATION_RULES, type Escalation } from '../../../contract/sla.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { ticketFor } from '../policy.ts'

const named = z.object({ id: z.string(), name: z.string() }).nullable()
const rows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      level: z.number(),
      level_name: z.string(),
      from_level: z.number(),
      from_team: named,
      from_assignee: named,
      to_team: named,
      to_assignee: named,
      by: named,
      reason: z.string().nullable(),
      rule: z.enum(ESCALATION_RULES).nullable(),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
      created_at: z.date(),
    }),
  ),
})

const asNamed = (table: string) =>
  `case when ${table}.id is null then null else json_build_object('id', ${table}.id, 'name', ${table}.name) end`

/** Of one ticket, the newest first; there are at most as many as levels. @throws as `ticketFor` */
export async function listEscalations(ctx: Ctx<StaffActor>, ticketId: string): Promise<Escalation[]> {
  const { id } = await ticketFor(ctx, ticketId, 'view')
  const answer: unknown = await ctx.trx.raw(
    `select e.id, e.level, e.level_name, e.from_level, ${asNamed('ft')} as from_team, ${asNamed('fa')} as from_assignee,
       ${asNamed('tt')} as to_team, ${asNamed('ta')} as to_assignee, ${asNamed('b')} as by, e.reason, e.rule, e.params, e.created_at
     from ticket_escalations e left join teams ft on ft.id = e.from_team_id left join accounts fa on fa.id = e.from_assignee_id
     left join teams tt on tt.id = e.to_team_id left join accounts ta on ta.id = e.to_assignee_id left join accounts b on b.id = e.escalated_by
     where e.ticket_id = ? order by e.level desc limit 9`,
    [id],
  )
  return rows.parse(answer).rows.map((row) => ({
    id: row.id,
    level: row.level,
    levelName: row.level_name,
    fromLevel: row.from_level,
    fromTeam: row.from_team,
    fromAssignee: row.from_assignee,
    toTeam: row.to_team,
    toAssignee: row.to_assignee,
    by: row.by,
    reason: row.reason,
    rule: row.rule === null ? null : { code: row.rule, params: row.params },
    at: row.created_at.toISOString(),
  }))
}
