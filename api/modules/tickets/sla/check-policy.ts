/** What a policy says must be there, and must be able to promise something that can be kept. */
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

/** A team whose tickets are counted by its calendar gets none without working time. @throws Conflict `calendar_without_hours` */
export async function teamKeepsHours(ctx: Ctx, { teamId, calendarId }: { teamId: string; calendarId: string }): Promise<void> {
  const calendar = (await loadCalendars(ctx.trx, [calendarId])).get(calendarId)
  if (!calendar || calendar.time.nextOpening(ctx.now) !== null) return
  const clock: unknown = await ctx
    .trx('sla_clocks as c')
    .join('tickets as t', 't.id', 'c.ticket_id')
    .join('sla_policies as p', 'p.id', 'c.policy_id')
    .where({ 't.team_id': teamId, 'p.calendar_source': 'team' })
    .whereIn('c.state', ['running', 'paused'])
    .first('c.id')
  if (clock) throw new Conflict('calendar_without_hours', 'tickets are counted by the calendar of this team', { name: calendar.row.name })
}

/** A calendar by which something is counted, or is to be, keeps working time. @throws Conflict `calendar_without_hours` */
export async function calendarKeepsHours(ctx: Ctx, calendarId: string): Promise<void> {
  const calendar = (await loadCalendars(ctx.trx, [calendarId])).get(calendarId)
  if (!calendar || calendar.time.nextOpening(ctx.now) !== null) return
  const policy: unknown = await ctx.trx('sla_policies').where({ calendar_id: calendarId }).whereNull('removed_at').first('id')
  const clock: unknown =
    policy ?? (await ctx.trx('sla_clocks').where({ calendar_id: calendarId }).whereIn('state', ['running', 'paused']).first('id'))
  if (clock) throw new Conflict('calendar_without_hours', 'tickets are counted by this calendar', { name: calendar.row.name })
}
