/** When the working days of a team are others, so are the days on which its tickets close by themselves: customers read them. */
import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import type { Listener } from '../../../core/events/domain-events.ts'
import { daysOfTeam, replanned } from './closing-days.ts'

const rows = z.object({
  rows: z.array(
    z.object({
      ticket_id: z.string(),
      since: z.date(),
      close_days: z.number(),
      notice_days: z.number(),
      noticed_at: z.date().nullable(),
    }),
  ),
})
const teams = z.array(z.object({ id: z.string() }))

/** Two statements, however many wait. Whoever closes one just now finds the same by himself, and is waited for. */
async function replan(ctx: Ctx, teamId: string): Promise<void> {
  const days = await daysOfTeam(ctx, teamId)
  const { rows: waiting } = rows.parse(
    await ctx.trx.raw(
      `select c.ticket_id, c.since, c.close_days, c.notice_days, c.noticed_at from ticket_closings c join tickets t on t.id = c.ticket_id
       where t.team_id = ? order by c.ticket_id for update of c`,
      [teamId],
    ),
  )
  const planned = waiting.map((row) => {
    const { noticeAt, closeAt } = replanned(row, days)
    return { id: row.ticket_id, notice_at: noticeAt, close_at: closeAt }
  })
  if (planned.length === 0) return
  await ctx.trx.raw(
    `update ticket_closings c set notice_at = p.notice_at, close_at = p.close_at
     from json_to_recordset(?::json) as p(id uuid, notice_at timestamptz, close_at timestamptz) where c.ticket_id = p.id`,
    [JSON.stringify(planned)],
  )
}

async function replanAll(ctx: Ctx, calendarId: string): Promise<void> {
  for (const { id } of teams.parse(await ctx.trx('teams').where({ calendar_id: calendarId }).orderBy('id').select('id')))
    await replan(ctx, id)
}

export const replanListeners: readonly Listener[] = [
  { name: 'tickets.replan-closings', on: ['calendar.changed'], handle: (ctx, event) => replanAll(ctx, event.subjectId) },
  { name: 'tickets.replan-closings-of-team', on: ['team.calendar_changed'], handle: (ctx, event) => replan(ctx, event.subjectId) },
]
