/** The policies as the decision wants them. Two statements at most beside those of the calendars, whatever their number. */
import { z } from 'zod'
import { policyConditionsSchema, policySettingsSchema, STRATEGIES, WORK_KINDS, type WorkKind } from '../../../contract/routing.ts'
import { dayIn, dayNumber, wallMinuteIn } from '../../../core/business-time/index.ts'
import type { Ctx } from '../../../core/context.ts'
import { prepared } from '../../../core/db.ts'
import { loadCalendars } from '../../teams/index.ts'
import type { LoadedPolicy, Moment } from './matching.ts'

const time = z.coerce.date().nullable()
const loaded = z.object({
  rows: z.tuple([
    z.object({
      time_zone: z.string(),
      policies: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          work_kind: z.enum(WORK_KINDS),
          team_id: z.string().nullable(),
          strategy: z.enum(STRATEGIES),
          settings: policySettingsSchema,
          conditions: policyConditionsSchema,
          otherwise: z.enum(['next', 'wait']),
          enabled: z.boolean(),
          effective_from: time,
          effective_until: time,
        }),
      ),
    }),
  ]),
})

export interface Policies {
  /** In their order, those that are off included. */
  list: LoadedPolicy[]
  moment: Moment
}

export async function loadPolicies(ctx: Pick<Ctx, 'trx' | 'now'>, kind: WorkKind): Promise<Policies> {
  const answer: unknown = await prepared(
    ctx.trx,
    'policies',
    `select c.time_zone, coalesce((select json_agg(to_json(p) order by p.position) from assignment_policies p where p.work_kind = ?), '[]') as policies
     from company_settings c`,
    [kind],
  )
  const [{ time_zone: zone, policies }] = loaded.parse(answer).rows
  const calendars = await loadCalendars(
    ctx.trx,
    policies.flatMap(({ conditions }) => conditions.calendar?.id ?? []),
  )
  const today = dayIn(zone, ctx.now)
  return {
    // The first day of the count, 1970-01-01, was a Thursday.
    moment: { now: ctx.now, weekday: ((dayNumber(today) + 3) % 7) + 1, minute: wallMinuteIn(zone, today, ctx.now) },
    list: policies.map(({ work_kind, team_id, effective_from, effective_until, ...policy }) => ({
      ...policy,
      workKind: work_kind,
      teamId: team_id,
      effectiveFrom: effective_from,
      effectiveUntil: effective_until,
      calendarOpen: policy.conditions.calendar ? (calendars.get(policy.conditions.calendar.id)?.time.isOpen(ctx.now) ?? null) : null,
    })),
  }
}
