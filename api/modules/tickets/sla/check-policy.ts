/** What a policy says must be there, and must be able to promise something that can be kept. */
import { z } from 'zod'
import { SLA_CLOCKS } from '../../../contract/ticket.ts'
import type { SlaPolicy } from '../../../contract/sla.ts'
import type { Ctx } from '../../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../../core/errors.ts'
import { checkTags } from '../../customers/index.ts'
import { loadCalendars, TeamRow } from '../../teams/index.ts'
import { loadLevels } from '../escalation/levels.ts'
import { TicketTypeRow } from '../model.ts'

export type WantedPolicy = Pick<SlaPolicy, 'conditions' | 'targets' | 'calendar' | 'steps'>

/** @throws Invalid `invalid_request`, `tag_unknown`; NotFound; Conflict `calendar_without_hours`, `escalation_loop`, `escalation_unavailable` */
export async function checkPolicy(ctx: Ctx, wanted: WantedPolicy): Promise<void> {
  const minutes = Object.values(wanted.targets).flatMap((each) => SLA_CLOCKS.map((clock) => each[clock] ?? 0))
  if (!minutes.some((each) => each > 0)) throw new Invalid('invalid_request', 'nothing is promised', { field: 'targets' })
  const { typeIds, tagIds, teamIds } = wanted.conditions
  await checkTags(ctx, tagIds)
  const types = await TicketTypeRow.query(ctx.trx).whereIn('id', typeIds).select('id')
  if (types.length < new Set(typeIds).size) throw new NotFound('ticket type')
  const teams = await TeamRow.query(ctx.trx).whereIn('id', teamIds).orderBy('id').forShare().select('id')
  if (teams.length < new Set(teamIds).size) throw new NotFound('team')
  await checkCalendar(ctx, wanted.calendar, Math.max(...minutes))
  if (wanted.calendar.source === 'team') await checkTeams(ctx, teamIds)
  await checkSteps(ctx, wanted.steps)
}

/** The longest promise must come due some day. */
async function checkCalendar(ctx: Ctx, { source, calendarId }: SlaPolicy['calendar'], minutes: number): Promise<void> {
  if (source === 'own' && calendarId === null)
    throw new Invalid('invalid_request', 'its own calendar is missing', { field: 'calendar.calendarId' })
  if (calendarId === null) return
  await ctx.trx('calendars').where({ id: calendarId }).forShare().select('id')
  const calendar = (await loadCalendars(ctx.trx, [calendarId])).get(calendarId)
  if (!calendar) throw new NotFound('calendar')
  if (calendar.time.addWorkingMs(ctx.now, minutes * 60_000) === null)
    throw new Conflict('calendar_without_hours', 'nothing would ever be due', { name: calendar.row.name })
}

const teamCalendars = z.array(z.object({ calendar_id: z.string() }))

/** Teams that have a calendar work some day. @param teamIds none: all of them */
async function checkTeams(ctx: Ctx, teamIds: readonly string[]): Promise<void> {
  const rows: unknown = await ctx
    .trx('teams')
    .whereNotNull('calendar_id')
    .modify((query) => void (teamIds.length > 0 && query.whereIn('id', teamIds)))
    .distinct('calendar_id')
  const ids = teamCalendars.parse(rows).map((row) => row.calendar_id)
  for (const calendar of (await loadCalendars(ctx.trx, ids)).values())
    if (calendar.time.nextOpening(ctx.now) === null)
      throw new Conflict('calendar_without_hours', 'tickets of its team would never be due', { name: calendar.row.name })
}

/** Each rung that passes a ticket on passes it higher than the one before. */
async function checkSteps(ctx: Ctx, steps: SlaPolicy['steps']): Promise<void> {
  const levels = steps.flatMap(({ escalateTo }) => escalateTo ?? [])
  const back = levels.find((level, index) => index > 0 && level <= (levels[index - 1] ?? 0))
  if (back !== undefined) throw new Conflict('escalation_loop', 'a later rung leads to a lower level', { level: back })
  if (levels.length === 0) return
  const known = (await loadLevels(ctx)).map(({ level }) => level)
  const missing = levels.find((level) => !known.includes(level))
  if (missing !== undefined) throw new Conflict('escalation_unavailable', 'there is no such level', { level: missing })
}

/** Of these teams, those of which some promise counts the tickets by their own calendar. SQL over `teams tm`. */
const PROMISED = `exists (select from sla_policies p where p.removed_at is null and p.enabled and p.calendar_source = 'team'
  and (p.conditions -> 'teamIds' = '[]' or p.conditions -> 'teamIds' @> to_jsonb(array[tm.id::text])))`

/** A team to whose tickets something is promised gets no calendar by which it would never be due. @throws Conflict `calendar_without_hours` */
export async function teamKeepsHours(ctx: Ctx, { teamId, calendarId }: { teamId: string; calendarId: string }): Promise<void> {
  const calendar = (await loadCalendars(ctx.trx, [calendarId])).get(calendarId)
  if (!calendar || calendar.time.nextOpening(ctx.now) !== null) return
  const promised: unknown = await ctx.trx('teams as tm').where('tm.id', teamId).whereRaw(PROMISED).first('tm.id')
  if (promised)
    throw new Conflict('calendar_without_hours', 'tickets are counted by the calendar of this team', { name: calendar.row.name })
}

/** A calendar by which something is counted, or is to be, keeps working time. @throws Conflict `calendar_without_hours` */
export async function calendarKeepsHours(ctx: Ctx, calendarId: string): Promise<void> {
  const calendar = (await loadCalendars(ctx.trx, [calendarId])).get(calendarId)
  if (!calendar || calendar.time.nextOpening(ctx.now) !== null) return
  const counts: unknown =
    (await ctx.trx('sla_policies').where({ calendar_id: calendarId }).whereNull('removed_at').first('id')) ??
    (await ctx.trx('teams as tm').where('tm.calendar_id', calendarId).whereRaw(PROMISED).first('tm.id')) ??
    (await ctx.trx('sla_clocks').where({ calendar_id: calendarId }).whereIn('state', ['running', 'paused']).first('id'))
  if (counts) throw new Conflict('calendar_without_hours', 'tickets are counted by this calendar', { name: calendar.row.name })
}
