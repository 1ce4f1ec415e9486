import type { Knex } from 'knex'
import { z } from 'zod'
import type {
  TicketRatingItem,
  ticketRatingListQuery,
  TicketRatingShare,
  TicketRatingSummary,
  ticketRatingSummaryQuery,
} from '../../../contract/ticket-rating.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { decodeTimeCursor, encodeCursor } from '../../../core/cursor.ts'
import { SHOWN_NAME, tailOf } from '../../customers/index.ts'
import { reachableStaff } from '../../organisation/index.ts'
import { teamIdsOf } from '../../teams/index.ts'

type Filters = z.output<typeof ticketRatingSummaryQuery>
type Narrow = (builder: Knex.QueryBuilder) => void

/** Of people whom the reader reaches, and of his teams' work: as ratings of conversations are. Part of the statement, never filtered afterwards. */
async function narrowed(ctx: Ctx<StaffActor>, query: Filters): Promise<Narrow> {
  const staff = await reachableStaff(ctx)
  const teams = staff === null || ctx.actor.dataScope === 'own' ? [] : await teamIdsOf(ctx.app, ctx.actor.accountId)
  return (builder) => {
    if (staff !== null) void builder.where((scope) => scope.whereIn('r.agent_id', staff).orWhereIn('r.team_id', [...teams]))
    if (query.agentId) void builder.where('r.agent_id', query.agentId)
    if (query.teamId) void builder.where('r.team_id', query.teamId)
    if (query.least) void builder.where('r.score', '>=', query.least)
    if (query.most) void builder.where('r.score', '<=', query.most)
    if (query.commented === 'true') void builder.whereNotNull('r.comment')
    if (query.commented === 'false') void builder.whereNull('r.comment')
    if (query.from) void builder.where('r.created_at', '>=', query.from)
    if (query.to) void builder.where('r.created_at', '<', query.to)
  }
}

const rowSchema = z.array(
  z.object({
    id: z.string(),
    score: z.number(),
    comment: z.string().nullable(),
    created_at: z.date(),
    sort_key: z.string(),
    ticket_id: z.string(),
    number: z.string(),
    title: z.string(),
    agent_id: z.string().nullable(),
    agent_name: z.string().nullable(),
    team_id: z.string().nullable(),
    team_name: z.string().nullable(),
    customer_id: z.string().nullable(),
    customer_name: z.string().nullable(),
    external_id: z.string(),
  }),
)
const COLUMNS = `r.id, r.score, r.comment, r.created_at, r.created_at::text as sort_key, k.id as ticket_id, k.number, k.title, r.agent_id,
  s.name as agent_name, r.team_id, t.name as team_name, c.id as customer_id, ${SHOWN_NAME} as customer_name, i.value as external_id`

const named = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? '' })

const present = (row: z.infer<typeof rowSchema>[number]): TicketRatingItem => ({
  id: row.id,
  score: row.score,
  comment: row.comment,
  ratedAt: row.created_at.toISOString(),
  ticket: { id: row.ticket_id, number: row.number, title: row.title },
  agent: named(row.agent_id, row.agent_name),
  team: named(row.team_id, row.team_name),
  customer: row.customer_id === null ? null : { id: row.customer_id, name: row.customer_name, tail: tailOf(row.external_id) },
})

/** Newest first. */
export async function listTicketRatings(
  ctx: Ctx<StaffActor>,
  query: z.output<typeof ticketRatingListQuery>,
): Promise<{ data: TicketRatingItem[]; nextCursor: string | null }> {
  const narrow = await narrowed(ctx, query)
  const after = decodeTimeCursor(query.cursor)
  const found = rowSchema.parse(
    await ctx
      .trx('ticket_ratings as r')
      .join('tickets as k', 'k.id', 'r.ticket_id')
      .join('customer_identities as i', 'i.id', 'r.identity_id')
      .leftJoin('customers as c', 'c.id', 'k.customer_id')
      .leftJoin('accounts as s', 's.id', 'r.agent_id')
      .leftJoin('teams as t', 't.id', 'r.team_id')
      .modify((builder: Knex.QueryBuilder) => {
        narrow(builder)
        if (after) void builder.whereRaw('(r.created_at, r.id) < (?::timestamptz, ?::uuid)', [after.key, after.id])
      })
      .orderByRaw('r.created_at desc, r.id desc')
      .limit(query.limit + 1)
      .select(ctx.trx.raw(COLUMNS)),
  )
  const rows = found.slice(0, query.limit)
  const last = found.length > query.limit ? rows.at(-1) : undefined
  return { data: rows.map(present), nextCursor: last ? encodeCursor(last.sort_key, last.id) : null }
}

/** Of people or teams as many as anybody compares. */
const SHARES = 50
const figures = { count: z.coerce.number(), average: z.coerce.number() }
const shareRows = z.array(z.object({ id: z.string().nullable(), name: z.string().nullable(), ...figures }))
const totalRows = z.array(z.object({ count: z.coerce.number(), average: z.coerce.number().nullable(), low: z.coerce.number() }))

/** Averages of the same filters: of all, of each person, of each team. */
export async function ticketRatingSummary(ctx: Ctx<StaffActor>, query: Filters): Promise<TicketRatingSummary> {
  const narrow = await narrowed(ctx, query)
  const [total] = totalRows.parse(
    await ctx
      .trx('ticket_ratings as r')
      .modify(narrow)
      .select(ctx.trx.raw('count(*) as count, avg(r.score) as average, count(*) filter (where r.score <= 2) as low')),
  )
  const shares = async (table: 'accounts' | 'teams', column: 'r.agent_id' | 'r.team_id'): Promise<TicketRatingShare[]> => {
    const rows: unknown = await ctx
      .trx('ticket_ratings as r')
      .leftJoin(`${table} as o`, 'o.id', column)
      .modify(narrow)
      .groupBy('o.id', 'o.name')
      .orderByRaw('count(*) desc, o.name, o.id')
      .limit(SHARES)
      .select(ctx.trx.raw('o.id, o.name, count(*) as count, avg(r.score) as average'))
    return shareRows.parse(rows).map(({ id, name, count, average }) => ({ of: named(id, name), count, average }))
  }
  return {
    count: total?.count ?? 0,
    average: total?.average ?? null,
    low: total?.low ?? 0,
    byAgent: await shares('accounts', 'r.agent_id'),
    byTeam: await shares('teams', 'r.team_id'),
  }
}
