/** Who serves a customer now (BP-008): for the panel beside a conversation, and for routing. */
import { z } from 'zod'
import { RELATION_RANKS, type RelationRank, type ServingTeam } from '../../../contract/relation.ts'
import type { Ctx } from '../../../core/context.ts'
import { loadCalendars, openStateOf } from '../calendars/load-calendars.ts'

/** The company's day, where relations begin and end. */
export const TODAY = `(app_now() at time zone (select time_zone from company_settings))::date`

export interface Serving {
  relationId: string
  teamId: string
  teamName: string
  calendarId: string | null
  rank: RelationRank
  /** Whose relation it is: the customer's own, or his institution's. */
  via: 'customer' | 'institution'
  /** `yyyy-mm-dd` */
  validUntil: string | null
}

const servingRows = z.object({
  rows: z.array(
    z.object({
      customer_id: z.string(),
      relation_id: z.string(),
      team_id: z.string(),
      team_name: z.string(),
      calendar_id: z.string().nullable(),
      rank: z.enum(RELATION_RANKS),
      via: z.enum(['customer', 'institution']),
      valid_until: z.string().nullable(),
    }),
  ),
})

/**
 * Teams that serve each of these customers today, best first, in one statement: his own relations before his institution's, primary before secondary,
 * one for the named business before one for all. Without a business (not known yet) every relation counts, those for all businesses first.
 * @returns every customer asked for; an empty list: nobody in particular
 */
export async function teamsServing(
  ctx: Pick<Ctx, 'trx'>,
  customerIds: readonly string[],
  businessTypeId: string | null = null,
): Promise<Map<string, Serving[]>> {
  const serving = new Map<string, Serving[]>(customerIds.map((id) => [id, []]))
  if (customerIds.length === 0) return serving
  const answer: unknown = await ctx.trx.raw(
    `select c.id as customer_id, r.id as relation_id, r.team_id, t.name as team_name, t.calendar_id, r.rank, r.valid_until::text as valid_until,
       case when r.customer_id is null then 'institution' else 'customer' end as via
     from customers c
     join service_relations r on r.customer_id = c.id or r.institution_id = c.institution_id
     join teams t on t.id = r.team_id and t.status = 'active'
     where c.id = any(:customers::uuid[]) and r.ended_at is null and daterange(r.valid_from, r.valid_until, '[]') @> ${TODAY}
       and (:business::uuid is null or businesses_covered(r.business_type_ids) @> :business::uuid)
     order by r.customer_id is null, r.rank, (cardinality(r.business_type_ids) = 0) = (:business::uuid is not null), r.valid_from, r.id`,
    { customers: [...customerIds], business: businessTypeId },
  )
  for (const row of servingRows.parse(answer).rows) {
    serving.get(row.customer_id)?.push({
      relationId: row.relation_id,
      teamId: row.team_id,
      teamName: row.team_name,
      calendarId: row.calendar_id,
      rank: row.rank,
      via: row.via,
      validUntil: row.valid_until,
    })
  }
  return serving
}

/** With whether each is open now. */
export async function presentServing(ctx: Ctx, customerId: string, businessTypeId: string | null): Promise<ServingTeam[]> {
  const found = (await teamsServing(ctx, [customerId], businessTypeId)).get(customerId) ?? []
  const calendars = await loadCalendars(
    ctx.trx,
    found.flatMap((each) => each.calendarId ?? []),
  )
  return found.map(({ relationId, teamId, teamName, calendarId, rank, via, validUntil }) => ({
    relationId,
    team: { id: teamId, name: teamName },
    rank,
    via,
    validUntil,
    openState: openStateOf(calendars.get(calendarId ?? '')?.time, ctx.now),
  }))
}
