/** Establishing, changing and ending relations (BP-008.1–7). What overlaps is refused by the database. */
import { z } from 'zod'
import type { RelationCreate, RelationPatch } from '../../../contract/relation.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Invalid } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { record } from '../../audit/index.ts'
import { checkEntries } from '../../settings/index.ts'
import { refusedBy } from '../database-errors.ts'
import { checkVersion, standingOf, type Standing } from '../policy.ts'
import { rememberChange, relationFacts } from './history.ts'
import type { RelationRow } from './model.ts'
import { checkSubject, relationToChange, selectRelations, type Subject, teamToRelate, today } from './policy.ts'

export type Terms = RelationCreate['teams'][number]

/** What a request knows once, for all its rows. */
export interface Bench {
  standing: Standing
  today: string
}
export const benchOf = async (ctx: Ctx<StaffActor>): Promise<Bench> => ({ standing: await standingOf(ctx), today: await today(ctx) })

/** One subject, one or more teams: all of them or none. @throws as `createRelation` */
export async function createRelations(ctx: Ctx<StaffActor>, input: RelationCreate): Promise<string[]> {
  const bench = await benchOf(ctx)
  await checkSubject(ctx, input.subject)
  const ids: string[] = []
  for (const terms of input.teams) ids.push(await createRelation(ctx, bench, input.subject, terms))
  return ids
}

/**
 * The caller has checked the subject.
 * @throws NotFound, Forbidden; Conflict `team_disabled`, `relation_overlaps`; Invalid `dates_reversed`, `entry_unknown`, `entry_disabled`
 */
export async function createRelation(ctx: Ctx<StaffActor>, bench: Bench, subject: Subject, terms: Terms): Promise<string> {
  await teamToRelate(ctx, terms.teamId, bench.standing)
  const businesses = await checkBusinesses(ctx, terms.businessTypeIds)
  const from = terms.validFrom ?? bench.today
  checkDates(from, terms.validUntil, bench.today)
  const values = {
    id: newId(),
    customer_id: subject.kind === 'customer' ? subject.id : null,
    institution_id: subject.kind === 'institution' ? subject.id : null,
    team_id: terms.teamId,
    rank: terms.rank,
    business_type_ids: businesses,
    valid_from: from,
    valid_until: terms.validUntil,
    remind_days: terms.remindDays,
    note: terms.note,
    created_by: ctx.actor.accountId,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  await withoutOverlap(ctx, values, (trx) => trx('service_relations').insert(values))
  const row = await selectRelations(ctx).where('r.id', values.id).first().throwIfNotFound()
  await rememberChange(ctx, { relation: row, action: 'created', before: null, after: relationFacts(row) })
  await record(ctx, { action: 'relation.created', object: objectOf(row), after: { subject, ...relationFacts(row) } })
  return row.id
}

export const objectOf = (row: { id: string }) => ({ kind: 'relation', id: row.id })

async function checkBusinesses(ctx: Ctx, ids: readonly string[], keep: readonly string[] = []): Promise<string[]> {
  const wanted = [...new Set(ids)].sort()
  await checkEntries(ctx, 'business_type', wanted, keep)
  return wanted
}

/** @throws Invalid `dates_reversed` */
function checkDates(from: string, until: string | null, now: string): void {
  if (until === null) return
  if (until < from) throw new Invalid('dates_reversed', 'it would end before it begins', { validFrom: from, validUntil: until })
  if (until < now) throw new Invalid('dates_reversed', 'it would have ended already', { validUntil: until, today: now })
}

type Spread = Pick<
  RelationRow,
  'id' | 'customer_id' | 'institution_id' | 'team_id' | 'rank' | 'business_type_ids' | 'valid_from' | 'valid_until'
>

/** Runs the write in a savepoint, so that a refusal can be explained by the relation that stands in its way. */
async function withoutOverlap(ctx: Ctx, values: Spread, write: (trx: Ctx['trx']) => PromiseLike<unknown>): Promise<void> {
  try {
    await ctx.trx.transaction(async (inner) => void (await write(inner)))
  } catch (error) {
    const constraint = refusedBy(error)
    if (constraint !== 'service_relations_one_primary' && constraint !== 'service_relations_once') throw error
    throw new Conflict('relation_overlaps', 'another relation covers this business and time', {
      reason: constraint === 'service_relations_once' ? 'same_team' : 'second_primary',
      other: await otherOf(ctx, values),
    })
  }
}

const others = z.object({
  rows: z.array(
    z.object({ id: z.string(), teamId: z.string(), team: z.string(), validFrom: z.string(), validUntil: z.string().nullable() }),
  ),
})

async function otherOf(ctx: Ctx, values: Spread): Promise<unknown> {
  const answer: unknown = await ctx.trx.raw(
    `select r.id, r.team_id as "teamId", t.name as team, r.valid_from::text as "validFrom", r.valid_until::text as "validUntil"
     from service_relations r join teams t on t.id = r.team_id
     where r.subject_id = ? and r.id <> ? and r.ended_at is null and businesses_covered(r.business_type_ids) && businesses_covered(?::uuid[])
       and daterange(r.valid_from, r.valid_until, '[]') && daterange(?::date, ?::date, '[]')
       and (r.team_id = ? or r.rank = 'primary' and ? = 'primary')
     order by r.team_id = ? desc, r.valid_from limit 1`,
    [
      values.customer_id ?? values.institution_id,
      values.id,
      values.business_type_ids,
      values.valid_from,
      values.valid_until,
      values.team_id,
      values.rank,
      values.team_id,
    ],
  )
  return others.parse(answer).rows[0] ?? null
}

/** @throws as `createRelation`; Conflict `version_conflict`, `relation_ended` */
export async function changeRelation(
  ctx: Ctx<StaffActor>,
  bench: Bench,
  id: string,
  patch: Omit<RelationPatch, 'version'> & { version?: number },
): Promise<void> {
  const row = await relationToChange(ctx, id, bench.standing)
  if (patch.version !== undefined) checkVersion(row, patch.version)
  if (patch.teamId !== undefined && patch.teamId !== row.team_id) await teamToRelate(ctx, patch.teamId, bench.standing)
  const values: Spread = {
    id,
    customer_id: row.customer_id,
    institution_id: row.institution_id,
    team_id: patch.teamId ?? row.team_id,
    rank: patch.rank ?? row.rank,
    business_type_ids:
      patch.businessTypeIds === undefined
        ? row.business_type_ids
        : await checkBusinesses(ctx, patch.businessTypeIds, row.business_type_ids),
    valid_from: patch.validFrom ?? row.valid_from,
    valid_until: patch.validUntil === undefined ? row.valid_until : patch.validUntil,
  }
  // One that is over may still get another note.
  if (values.valid_from !== row.valid_from || values.valid_until !== row.valid_until)
    checkDates(values.valid_from, values.valid_until, bench.today)
  await withoutOverlap(ctx, values, (trx) =>
    trx('service_relations')
      .where({ id })
      .update({
        team_id: values.team_id,
        rank: values.rank,
        business_type_ids: values.business_type_ids,
        valid_from: values.valid_from,
        valid_until: values.valid_until,
        ...(patch.remindDays === undefined ? {} : { remind_days: patch.remindDays }),
        ...(patch.note === undefined ? {} : { note: patch.note }),
        version: row.version + 1,
        updated_at: ctx.now,
      }),
  )
  const changed = await selectRelations(ctx).where('r.id', id).first().throwIfNotFound()
  await remember(ctx, row, changed)
}

async function remember(ctx: Ctx<StaffActor>, before: RelationRow, after: RelationRow): Promise<void> {
  const changes = await rememberChange(ctx, {
    relation: after,
    action: 'changed',
    before: relationFacts(before),
    after: relationFacts(after),
  })
  if (changes) await record(ctx, { action: 'relation.changed', object: objectOf(after), ...changes })
}

/** It serves nobody from now on, and makes room for another. @throws as `relationToChange`; Conflict `version_conflict` */
export async function endRelation(
  ctx: Ctx<StaffActor>,
  bench: Bench,
  id: string,
  wish: { reason: string; version?: number },
): Promise<void> {
  const row = await relationToChange(ctx, id, bench.standing)
  if (wish.version !== undefined) checkVersion(row, wish.version)
  await ctx
    .trx('service_relations')
    .where({ id })
    .update({ ended_at: ctx.now, end_reason: wish.reason, version: row.version + 1, updated_at: ctx.now })
  await rememberChange(ctx, { relation: row, action: 'ended', before: null, after: { endReason: wish.reason } })
  await record(ctx, { action: 'relation.ended', object: objectOf(row), before: relationFacts(row), after: { reason: wish.reason } })
}
