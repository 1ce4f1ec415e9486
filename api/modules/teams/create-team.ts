import type { z } from 'zod'
import type { teamCreate } from '../../contract/team.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { record } from '../audit/index.ts'
import { explaining } from './database-errors.ts'
import { TeamRow } from './model.ts'
import { checkCalendar, checkStaff, makeSupervisor, nameTaken, objectOf, writeFacts } from './team-facts.ts'

/**
 * A new team (BP-007.1–6). Whoever would not see it by his data scope becomes a supervisor of it.
 * @throws Conflict `name_taken`, `calendar_without_hours`; NotFound calendar; Invalid `staff_not_active`, `entry_unknown`, `entry_disabled`
 */
export async function createTeam(ctx: Ctx<StaffActor>, input: z.output<typeof teamCreate>): Promise<TeamRow> {
  if (input.calendarId !== null) await checkCalendar(ctx, input.calendarId)
  if (input.leaderId !== null) await checkStaff(ctx, [input.leaderId])
  const row = await explaining(nameTaken(input.name), () =>
    TeamRow.query(ctx.trx).insertAndFetch({
      id: newId(),
      name: input.name,
      description: input.description,
      leader_id: input.leaderId,
      calendar_id: input.calendarId,
      max_conversations: input.maxConversations,
      member_max_conversations: input.memberMaxConversations,
      uses_shifts: input.usesShifts,
      created_at: ctx.now,
    }),
  )
  if (input.calendarId !== null)
    for (const check of ctx.app.hooks.all('team.calendar-changing')) await check(ctx, { teamId: row.id, calendarId: input.calendarId })
  await writeFacts(ctx, row.id, input)
  if (ctx.actor.dataScope !== 'all') await makeSupervisor(ctx, row.id, ctx.actor.accountId)
  if (input.leaderId !== null) await makeSupervisor(ctx, row.id, input.leaderId)
  await record(ctx, { action: 'team.created', object: objectOf(row), after: input })
  return row
}
