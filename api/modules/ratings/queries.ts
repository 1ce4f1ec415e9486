import type { Knex } from 'knex'
import { z } from 'zod'
import { CONVERSATION_STATUSES } from '../../contract/conversation.ts'
import {
  RATING_FORMS,
  type ratingListQuery,
  type RatingListItem,
  RATING_LEVELS,
  type RatingSummary,
  type ratingSummaryQuery,
} from '../../contract/rating.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { decodeTimeCursor, encodeCursor } from '../../core/cursor.ts'
import { readableBy } from '../conversations/index.ts'
import { SHOWN_NAME, tailOf } from '../customers/index.ts'
import { reachableStaff } from '../organisation/index.ts'
import { teamIdsOf } from '../teams/index.ts'
import { reasonsOf } from './present.ts'

type Filters = z.output<typeof ratingSummaryQuery>

/** Ratings of people whom the reader reaches, and of his teams' work: part of the statement, never filtered afterwards. */
async function scopeOf(ctx: Ctx<StaffActor>): Promise<(builder: Knex.QueryBuilder, alias: string) => void> {
  const staff = await reachableStaff(ctx)
  if (staff === null) return () => undefined
  const teams = ctx.actor.dataScope === 'own' ? [] : await teamIdsOf(ctx.app, ctx.actor.accountId)
  return (builder, alias) =>
    void builder.where((scope) => scope.whereIn(`${alias}.agent_id`, staff).orWhereIn(`${alias}.team_id`, [...teams]))
}

function narrow(builder: Knex.QueryBuilder, alias: string, query: Filters): void {
  if (query.agentId) void builder.where(`${alias}.agent_id`, query.agentId)
  if (query.teamId) void builder.where(`${alias}.team_id`, query.teamId)
  if (query.channelKind) void builder.where('a.kind', query.channelKind)
  if (query.from) void builder.where(`${alias}.created_at`, '>=', query.from)
  if (query.to) void builder.where(`${alias}.created_at`, '<', query.to)
}

function narrowRatings(builder: Knex.QueryBuilder, query: Filters): void {
  narrow(builder, 'r', query)
  if (query.level) void builder.whereIn('r.level', query.level)
  if (query.commented === 'true') void builder.whereNotNull('r.comment')
  if (query.commented === 'false') void builder.whereNull('r.comment')
  if (query.reasonId)
    void builder.whereRaw('exists (select 1 from rating_reasons c where c.rating_id = r.id and c.entry_id = ?)', [query.reasonId])
}

const rowSchema = z.array(
  z.object({
    id: z.string(),
    conversation_id: z.string(),
    score: z.number(),
    scale: z.union([z.literal(3), z.literal(5)]),
    level: z.enum(RATING_LEVELS),
    comment: z.string().nullable(),
    created_at: z.date(),
    sort_key: z.string(),
    agent_id: z.string(),
    agent_name: z.string(),
    team_id: z.string().nullable(),
    team_name: z.string().nullable(),
    customer_id: z.string(),
    customer_name: z.string().nullable(),
    external_id: z.string(),
    channel_kind: z.string(),
    channel_name: z.string(),
    form: z.enum(RATING_FORMS),
    status: z.enum(CONVERSATION_STATUSES),
    readable: z.boolean(),
  }),
)

const COLUMNS = `r.id, r.conversation_id, r.score, r.scale, r.level, r.comment, r.created_at, r.created_at::text as sort_key, r.agent_id, s.name as agent_name,
  r.team_id, t.name as team_name, v.customer_id, ${SHOWN_NAME} as customer_name, i.value as external_id, a.kind as channel_kind, a.name as channel_name,
  n.form, v.status`

function selectRatings(ctx: Ctx<StaffActor>, readable: Awaited<ReturnType<typeof readableBy>>): Knex.QueryBuilder {
  return ctx
    .trx('ratings as r')
    .join('rating_invitations as n', 'n.id', 'r.invitation_id')
    .join('conversations as v', 'v.id', 'r.conversation_id')
    .join('customers as c', 'c.id', 'v.customer_id')
    .join('customer_identities as i', 'i.id', 'v.identity_id')
    .join('channel_accounts as a', 'a.id', 'r.channel_account_id')
    .join('accounts as s', 's.id', 'r.agent_id')
    .leftJoin('teams as t', 't.id', 'r.team_id')
    .select(ctx.trx.raw(`${COLUMNS}, coalesce(${readable.sql}, false) as readable`, readable.bindings))
}

/** Newest first. */
export async function listRatings(
  ctx: Ctx<StaffActor>,
  query: z.output<typeof ratingListQuery>,
): Promise<{ data: RatingListItem[]; nextCursor: string | null }> {
  const scope = await scopeOf(ctx)
  const after = decodeTimeCursor(query.cursor)
  const found = rowSchema.parse(
    await selectRatings(ctx, await readableBy(ctx))
      .modify((builder: Knex.QueryBuilder) => {
        scope(builder, 'r')
        narrowRatings(builder, query)
        if (after) void builder.whereRaw('(r.created_at, r.id) < (?::timestamptz, ?::uuid)', [after.key, after.id])
      })
      .orderByRaw('r.created_at desc, r.id desc')
      .limit(query.limit + 1),
  )
  const rows = found.slice(0, query.limit)
  const reasons = await reasonsOf(
    ctx,
    rows.map(({ id }) => id),
  )
  const last = found.length > query.limit ? rows.at(-1) : undefined
  return {
    data: rows.map((row) => present(row, reasons.get(row.id) ?? [])),
    nextCursor: last ? encodeCursor(last.sort_key, last.id) : null,
  }
}

const present = (row: z.infer<typeof rowSchema>[number], reasons: RatingListItem['reasons']): RatingListItem => ({
  id: row.id,
  conversationId: row.conversation_id,
  score: row.score,
  scale: row.scale,
  level: row.level,
  reasons,
  comment: row.comment,
  ratedAt: row.created_at.toISOString(),
  agent: { id: row.agent_id, name: row.agent_name },
  team: row.team_id === null ? null : { id: row.team_id, name: row.team_name ?? '' },
  customer: { id: row.customer_id, name: row.customer_name, tail: tailOf(row.external_id) },
  channel: { kind: row.channel_kind, name: row.channel_name },
  form: row.form,
  conversation: { status: row.status, readable: row.readable },
})

const levelCounts = z.array(z.object({ level: z.enum(RATING_LEVELS), n: z.coerce.number() }))
const askedCounts = z.array(z.object({ invited: z.coerce.number(), answered: z.coerce.number() }))

/** Counts of the same filters; invitations know no level, reason or comment. */
export async function ratingSummary(ctx: Ctx<StaffActor>, query: Filters): Promise<RatingSummary> {
  const scope = await scopeOf(ctx)
  const levels = levelCounts.parse(
    await ctx
      .trx('ratings as r')
      .join('channel_accounts as a', 'a.id', 'r.channel_account_id')
      .modify((builder) => {
        scope(builder, 'r')
        narrowRatings(builder, query)
      })
      .groupBy('r.level')
      .select('r.level', ctx.trx.raw('count(*) as n')),
  )
  const [asked] = askedCounts.parse(
    await ctx
      .trx('rating_invitations as n')
      .join('channel_accounts as a', 'a.id', 'n.channel_account_id')
      .join('messages as m', 'm.id', 'n.message_id')
      .leftJoin('ratings as r', 'r.invitation_id', 'n.id')
      .whereNot('m.delivery_state', 'failed')
      .modify((builder) => {
        scope(builder, 'n')
        narrow(builder, 'n', query)
      })
      .select(ctx.trx.raw('count(*) as invited, count(r.id) as answered')),
  )
  const count = (level: string) => levels.find((row) => row.level === level)?.n ?? 0
  const [low, middle, high] = [count('low'), count('middle'), count('high')]
  const all = low + middle + high
  return { low, middle, high, satisfied: all === 0 ? null : high / all, invited: asked?.invited ?? 0, answered: asked?.answered ?? 0 }
}
