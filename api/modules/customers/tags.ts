/** The list of tags itself (MOD-05). */
import type { Knex } from 'knex'
import { UniqueViolationError } from 'objection'
import { z } from 'zod'
import { type ListedTag, MAX_TAGS, type tagCreate, type tagPatch, type tagListQuery } from '../../contract/tag.ts'
import { USES_CAP } from '../../contract/customer-terms.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { changesOf, record } from '../audit/index.ts'
import { TagRow } from './model.ts'
import { checkVersion } from './policy.ts'
import { presentTag } from './present.ts'

const uses = z.object({ rows: z.array(z.object({ id: z.string(), uses: z.coerce.number() })) })

/** All of them: there are at most `MAX_TAGS`. */
export async function listTags(ctx: Ctx, { q, category }: z.infer<typeof tagListQuery>): Promise<ListedTag[]> {
  const rows = await TagRow.query(ctx.trx)
    .modify((builder) => {
      if (q) void builder.whereILike('name', `%${q.replace(/[\\%_]/g, '\\$&')}%`)
      if (category !== undefined) void builder.where({ category })
    })
    .orderBy(['category', 'name', 'id'])
    .limit(MAX_TAGS)
  const counts = await usesOf(
    ctx.trx,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({ ...presentTag(row), uses: counts.get(row.id) ?? 0 }))
}

/** Each counted no further than `USES_CAP`, by the index alone. */
async function usesOf(trx: Knex, ids: readonly string[]): Promise<Map<string, number>> {
  const { rows } = uses.parse(
    await trx.raw(
      `select t.id, (select count(*) from (select 1 from customer_tag_links l where l.tag_id = t.id limit ?) n) as uses
       from unnest(?::uuid[]) as t(id)`,
      [USES_CAP, [...ids]],
    ),
  )
  return new Map(rows.map((row) => [row.id, row.uses]))
}

/** Two who create at once would both find room: they take turns. */
export const lockTagList = (ctx: Ctx): Promise<unknown> =>
  Promise.resolve(ctx.trx.raw(`select pg_advisory_xact_lock(hashtext('customer_tags'))`))

/** @throws Conflict `name_taken`, `limit_reached` */
export async function createTag(ctx: Ctx<StaffActor>, input: z.infer<typeof tagCreate>): Promise<ListedTag> {
  await lockTagList(ctx)
  if ((await TagRow.query(ctx.trx).resultSize()) >= MAX_TAGS) throw new Conflict('limit_reached', 'too many tags', { limit: MAX_TAGS })
  const row = await unlessTaken(
    TagRow.query(ctx.trx).insertAndFetch({
      id: newId(),
      ...input,
      created_by: ctx.actor.accountId,
      created_at: ctx.now,
      updated_at: ctx.now,
    }),
  )
  await record(ctx, { action: 'tag.created', object: { kind: 'customer_tag', id: row.id, label: row.name }, after: factsOf(row) })
  return { ...presentTag(row), uses: 0 }
}

/** @throws NotFound; Conflict `version_conflict`, `name_taken` */
export async function updateTag(ctx: Ctx<StaffActor>, id: string, { version, ...patch }: z.infer<typeof tagPatch>): Promise<ListedTag> {
  const row = await lockTag(ctx, id)
  checkVersion(row, version)
  const before = factsOf(row)
  const changes = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
  const changed = await unlessTaken(row.$query(ctx.trx).patchAndFetch({ ...changes, version: row.version + 1, updated_at: ctx.now }))
  const difference = changesOf(before, factsOf(changed))
  if (difference) await record(ctx, { action: 'tag.changed', object: { kind: 'customer_tag', id, label: before.name }, ...difference })
  const counts = await usesOf(ctx.trx, [id])
  return { ...presentTag(changed), uses: counts.get(id) ?? 0 }
}

declare module '../../core/modules.ts' {
  interface Hooks {
    /** Names of what asks for this tag and would find nobody, or everybody, without it: segments, policies. */
    'tag.uses'?: (ctx: Ctx, tagId: string) => Promise<readonly string[]>
  }
}

/** @throws NotFound; Conflict `version_conflict`, `tag_asked_for` with `{ names }`, and `tag_in_use` with `{ uses }` unless it is meant */
export async function removeTag(ctx: Ctx<StaffActor>, id: string, version: number, evenInUse: 'true' | 'false'): Promise<void> {
  const row = await lockTag(ctx, id)
  checkVersion(row, version)
  const names: string[] = []
  for (const uses of ctx.app.hooks.all('tag.uses')) names.push(...(await uses(ctx, id)))
  if (names.length > 0) throw new Conflict('tag_asked_for', 'segments or rules ask for this tag', { names: names.join('、') })
  const worn = (await usesOf(ctx.trx, [id])).get(id) ?? 0
  if (worn > 0 && evenInUse === 'false') throw new Conflict('tag_in_use', 'customers have this tag', { uses: worn })
  await ctx.trx('customer_tag_links').where({ tag_id: id }).delete()
  await row.$query(ctx.trx).delete()
  await record(ctx, {
    action: 'tag.removed',
    object: { kind: 'customer_tag', id, label: row.name },
    before: factsOf(row),
    context: { uses: worn },
  })
}

async function lockTag(ctx: Ctx, id: string): Promise<TagRow> {
  const row = await TagRow.query(ctx.trx).findById(id).forUpdate()
  if (!row) throw new NotFound('tag')
  return row
}

async function unlessTaken<T>(work: PromiseLike<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof UniqueViolationError) throw new Conflict('name_taken', 'a tag has this name already')
    throw error
  }
}

const factsOf = ({ name, color, category }: TagRow) => ({ name, color, category })
