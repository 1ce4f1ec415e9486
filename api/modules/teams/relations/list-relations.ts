import type { Knex } from 'knex'
import { z } from 'zod'
import { RELATION_RANKS, type Relation, type relationListQuery, type RelationState } from '../../../contract/relation.ts'
import { addDays } from '../../../core/business-time/index.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../../core/cursor.ts'
import { NotFound } from '../../../core/errors.ts'
import { customerFor, readerScope, SHOWN_NAME, withinScope } from '../../customers/index.ts'
import { likePattern } from '../like-pattern.ts'
import { may, maySee, type Standing, standingOf } from '../policy.ts'
import { RELATION_COLUMNS } from './model.ts'
import { institutionFor, today } from './policy.ts'

type Query = z.output<typeof relationListQuery>

const shown = z.object({
  id: z.string(),
  customer_id: z.string().nullable(),
  institution_id: z.string().nullable(),
  subject_name: z.string().nullable(),
  team_id: z.string(),
  team_name: z.string(),
  team_status: z.enum(['active', 'disabled']),
  leader_id: z.string().nullable(),
  rank: z.enum(RELATION_RANKS),
  businesses: z.array(z.object({ id: z.string(), labelZh: z.string(), labelEn: z.string() })),
  valid_from: z.string(),
  valid_until: z.string().nullable(),
  remind_days: z.number().nullable(),
  note: z.string(),
  ended_at: z.date().nullable(),
  end_reason: z.string().nullable(),
  created_at: z.date(),
  version: z.number(),
})
type Shown = z.infer<typeof shown>

const select = (trx: Knex): Knex.QueryBuilder =>
  trx('service_relations as r')
    .join('teams as t', 't.id', 'r.team_id')
    .leftJoin('customers as c', 'c.id', 'r.customer_id')
    .leftJoin('institutions as i', 'i.id', 'r.institution_id')
    .select(trx.raw(RELATION_COLUMNS))
    .select('t.name as team_name', 't.status as team_status', 't.leader_id')
    .select(trx.raw(`coalesce(${SHOWN_NAME}, i.name) as subject_name`))
    .select(
      trx.raw(
        `coalesce((select json_agg(json_build_object('id', d.id, 'labelZh', d.label_zh, 'labelEn', d.label_en) order by d.position, d.id)
          from service_relation_businesses b join dictionary_entries d on d.id = b.business_type_id where b.relation_id = r.id), '[]') as businesses`,
      ),
    )

/** Of a subject one may see: all its relations. Else those of the teams one may see. */
async function withinReach(ctx: Ctx<StaffActor>, builder: Knex.QueryBuilder, query: Query, standing: Standing): Promise<void> {
  if (query.customerId) {
    await customerFor(ctx, query.customerId)
    void builder.where('r.customer_id', query.customerId)
  }
  if (query.institutionId) {
    await institutionFor(ctx, query.institutionId)
    void builder.where('r.institution_id', query.institutionId)
  }
  if (query.customerId || query.institutionId || standing.actor.dataScope === 'all') return
  void builder.where((any) => any.whereIn('r.team_id', [...standing.roles.keys()]).orWhereIn('t.leader_id', [...standing.reached]))
}

const STATES: Record<RelationState, string> = {
  ended: `r.ended_at is not null`,
  upcoming: `r.ended_at is null and r.valid_from > cast(:today as date)`,
  expired: `r.ended_at is null and r.valid_until < cast(:today as date)`,
  expiring: `r.ended_at is null and r.valid_from <= cast(:today as date) and r.valid_until >= cast(:today as date) and r.valid_until - r.remind_days <= cast(:today as date)`,
  active: `r.ended_at is null and r.valid_from <= cast(:today as date) and (r.valid_until is null or r.valid_until >= cast(:today as date))
    and (r.valid_until is null or r.remind_days is null or r.valid_until - r.remind_days > cast(:today as date))`,
}

function filter(builder: Knex.QueryBuilder, query: Query, now: string): void {
  if (query.teamId) void builder.where('r.team_id', query.teamId)
  if (query.rank) void builder.where('r.rank', query.rank)
  if (query.state) void builder.whereRaw(STATES[query.state], { today: now })
  if (query.endsWithinDays !== undefined) {
    void builder.whereNull('r.ended_at').whereBetween('r.valid_until', [now, addDays(now, query.endsWithinDays)])
  }
  if (query.businessTypeId) {
    void builder.whereRaw(`businesses_covered(r.business_type_ids) @> ?::uuid`, [query.businessTypeId])
  }
  if (query.q) {
    const pattern = likePattern(query.q)
    void builder.where((any) => any.whereILike('c.name', pattern).orWhereILike('c.remark_name', pattern).orWhereILike('i.name', pattern))
  }
}

/** By what ends first, those without an end last; or newest first, ids being made in time order. */
function order(builder: Knex.QueryBuilder, query: Query): void {
  const after = decodeCursor(query.cursor)
  if (query.sort === 'expiry') {
    const day = z.iso.date().safeParse(after?.key)
    if (after)
      void builder.whereRaw(`(coalesce(r.valid_until, '9999-12-31'), r.id) > (?::date, ?::uuid)`, [day.data ?? '9999-12-31', after.id])
    void builder.orderByRaw(`coalesce(r.valid_until, '9999-12-31'), r.id`)
  } else {
    if (after) void builder.where('r.id', '<', after.id)
    void builder.orderBy('r.id', 'desc')
  }
}

export async function listRelations(ctx: Ctx<StaffActor>, query: Query): Promise<{ data: Relation[]; nextCursor: string | null }> {
  const [standing, now] = [await standingOf(ctx), await today(ctx)]
  const builder = select(ctx.trx).limit(query.limit + 1)
  await withinReach(ctx, builder, query, standing)
  filter(builder, query, now)
  order(builder, query)
  const rows = z.array(shown).parse(await builder)
  const page = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? page.at(-1) : undefined
  return {
    data: page.map((row) => present(row, standing, now)),
    nextCursor: last ? encodeCursor(last.valid_until ?? '9999-12-31', last.id) : null,
  }
}

/** @throws NotFound when neither its team nor its customer is within the reader's scope */
export async function relationOf(ctx: Ctx<StaffActor>, id: string): Promise<Relation> {
  const [standing, now] = [await standingOf(ctx), await today(ctx)]
  const row = shown.optional().parse(await select(ctx.trx).where('r.id', id).first())
  if (!row || !(await isVisible(ctx, row, standing))) throw new NotFound('relation')
  return present(row, standing, now)
}

async function isVisible(ctx: Ctx<StaffActor>, row: Shown, standing: Standing): Promise<boolean> {
  if (row.institution_id !== null || maySee(standing, { id: row.team_id, leader_id: row.leader_id })) return true
  const scope = await readerScope(ctx)
  const found: unknown = await ctx
    .trx('customers')
    .where('id', row.customer_id)
    .modify((builder) => withinScope(builder, scope, 'customers.id'))
    .first('id')
  return found !== undefined
}

/** Several, in the order of `ids`; for who has just written them. */
export async function relationsOf(ctx: Ctx<StaffActor>, ids: readonly string[]): Promise<Relation[]> {
  const [standing, now] = [await standingOf(ctx), await today(ctx)]
  const rows = z.array(shown).parse(await select(ctx.trx).whereIn('r.id', [...ids]))
  return ids.flatMap((id) => rows.filter((row) => row.id === id).map((row) => present(row, standing, now)))
}

function stateOf(row: Shown, now: string): RelationState {
  if (row.ended_at) return 'ended'
  if (row.valid_from > now) return 'upcoming'
  if (row.valid_until === null) return 'active'
  if (row.valid_until < now) return 'expired'
  return row.remind_days !== null && addDays(row.valid_until, -row.remind_days) <= now ? 'expiring' : 'active'
}

function present(row: Shown, standing: Standing, now: string): Relation {
  return {
    id: row.id,
    subject: {
      kind: row.customer_id === null ? 'institution' : 'customer',
      id: row.customer_id ?? row.institution_id ?? '',
      name: row.subject_name,
    },
    team: { id: row.team_id, name: row.team_name, status: row.team_status },
    rank: row.rank,
    businessTypes: row.businesses,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
    remindDays: row.remind_days,
    state: stateOf(row, now),
    note: row.note,
    endedAt: row.ended_at?.toISOString() ?? null,
    endReason: row.end_reason,
    may: { change: row.ended_at === null && may(standing, { id: row.team_id, leader_id: row.leader_id }, 'relate') },
    createdAt: row.created_at.toISOString(),
    version: row.version,
  }
}
