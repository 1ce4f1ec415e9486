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
      key: z.string(),
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

export interface ServiceWanted {
  /** Names the answer. */
  key: string
  customerId: string
  businessTypeId: string | null
}

/**
 * Teams that serve each of these customers today, best first, in one statement: his own relations before his institution's, primary before secondary,
 * one for the named business before one for all. Without a business (not known yet) every relation counts, those for all businesses first.
 * @returns every key; an empty list: nobody in particular
 */
export async function teamsServingEach(ctx: Pick<Ctx, 'trx'>, wanted: readonly ServiceWanted[]): Promise<Map<string, Serving[]>> {
  const serving = new Map<string, Serving[]>(wanted.map(({ key }) => [key, []]))
  if (wanted.length === 0) return serving
  const asked = wanted.map(({ key, customerId, businessTypeId }) => ({ key, customer_id: customerId, business: businessTypeId }))
  const answer: unknown = await ctx.trx.raw(
    `select w.key, r.id as relation_id, r.team_id, t.name as team_name, t.calendar_id, r.rank, r.valid_until::text as valid_until,
       case when r.customer_id is null then 'institution' else 'customer' end as via
     from json_to_recordset(?::json) as w(key text, customer_id uuid, business uuid)
     join customers c on c.id = w.customer_id
     join service_relations r on r.customer_id = c.id or r.institution_id = c.institution_id
     join teams t on t.id = r.team_id and t.status = 'active'
     where r.ended_at is null and daterange(r.valid_from, r.valid_until, '[]') @> ${TODAY}
       and (w.business is null or businesses_covered(r.business_type_ids) @> w.business)
     order by r.customer_id is null, r.rank, (cardinality(r.business_type_ids) = 0) = (w.business is not null), r.valid_from, r.id`,
    [JSON.stringify(asked)],
  )
  for (const row of servingRows.parse(answer).rows) {
    serving.get(row.key)?.push({
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

/** The same for customers who all ask for the same. @returns by customer */
export const teamsServing = (
  ctx: Pick<Ctx, 'trx'>,
  customerIds: readonly string[],
  businessTypeId: string | null = null,
): Promise<Map<string, Serving[]>> =>
  teamsServingEach(
    ctx,
    customerIds.map((customerId) => ({ key: customerId, customerId, businessTypeId })),
  )

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
