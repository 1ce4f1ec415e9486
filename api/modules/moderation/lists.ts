/** Lists of sensitive words, each with what is done when one of its words is written. */
import { UniqueViolationError } from 'objection'
import { z } from 'zod'
import {
  INBOUND_ACTIONS,
  MAX_LISTS,
  type ModerationList,
  type moderationListCreate,
  type moderationListPatch,
  OUTBOUND_ACTIONS,
} from '../../contract/moderation.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { changesOf, record } from '../audit/index.ts'
import { forgetLexicon } from './lexicon.ts'
import { ListRow } from './model.ts'

const shown = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    enabled: z.boolean(),
    inbound_action: z.enum(INBOUND_ACTIONS).nullable(),
    outbound_action: z.enum(OUTBOUND_ACTIONS).nullable(),
    words: z.coerce.number(),
    version: z.number(),
    updated_at: z.date(),
  }),
)

/** By name; there are at most `MAX_LISTS`. */
export async function listLists(ctx: Ctx, id?: string): Promise<ModerationList[]> {
  const rows: unknown = await ctx
    .trx('moderation_lists as l')
    .modify((builder) => void (id !== undefined && builder.where('l.id', id)))
    .select('l.id', 'l.name', 'l.enabled', 'l.inbound_action', 'l.outbound_action', 'l.version', 'l.updated_at')
    .select(ctx.trx.raw('(select count(*) from moderation_words w where w.list_id = l.id) as words'))
    .orderBy(['l.name', 'l.id'])
    .limit(MAX_LISTS)
  return shown.parse(rows).map((row) => ({
    id: row.id,
    name: row.name,
    enabled: row.enabled,
    inbound: row.inbound_action,
    outbound: row.outbound_action,
    words: row.words,
    version: row.version,
    updatedAt: row.updated_at.toISOString(),
  }))
}

export async function oneList(ctx: Ctx, id: string): Promise<ModerationList> {
  const [list] = await listLists(ctx, id)
  if (!list) throw new NotFound('word list')
  return list
}

/** Every change of lists or words: the one row is also the turnstile by which writers take turns. */
export async function bumpVersion(ctx: Ctx): Promise<void> {
  await ctx.trx('moderation_state').update({ version: ctx.trx.raw('version + 1') })
  ctx.afterCommit(() => forgetLexicon(ctx.app))
}

const factsOf = (row: ListRow) => ({ name: row.name, enabled: row.enabled, inbound: row.inbound_action, outbound: row.outbound_action })

/** @throws Conflict `name_taken`, `limit_reached` */
export async function createList(ctx: Ctx<StaffActor>, input: z.infer<typeof moderationListCreate>): Promise<ModerationList> {
  await bumpVersion(ctx)
  if ((await ListRow.query(ctx.trx).resultSize()) >= MAX_LISTS) throw new Conflict('limit_reached', 'too many lists', { limit: MAX_LISTS })
  const row = await unlessTaken(
    ListRow.query(ctx.trx).insertAndFetch({
      id: newId(),
      name: input.name.trim(),
      enabled: input.enabled,
      inbound_action: input.inbound,
      outbound_action: input.outbound,
      created_by: ctx.actor.accountId,
      created_at: ctx.now,
      updated_at: ctx.now,
    }),
  )
  await record(ctx, {
    action: 'moderation_list.created',
    object: { kind: 'moderation_list', id: row.id, label: row.name },
    after: factsOf(row),
  })
  return oneList(ctx, row.id)
}

async function unlessTaken<T>(work: PromiseLike<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof UniqueViolationError) throw new Conflict('name_taken', 'a list has this name already')
    throw error
  }
}

/** @throws NotFound; Conflict `version_conflict` */
async function lockList(ctx: Ctx, id: string, version: number): Promise<ListRow> {
  const row = await ListRow.query(ctx.trx).findById(id).forUpdate()
  if (!row) throw new NotFound('word list')
  if (row.version !== version) throw new Conflict('version_conflict', 'somebody else changed this list', { version: row.version })
  return row
}

/** @throws NotFound; Conflict `version_conflict`, `name_taken` */
export async function changeList(
  ctx: Ctx<StaffActor>,
  id: string,
  { version, ...patch }: z.infer<typeof moderationListPatch>,
): Promise<ModerationList> {
  await bumpVersion(ctx)
  const row = await lockList(ctx, id, version)
  const before = factsOf(row)
  const changed = await unlessTaken(
    row.$query(ctx.trx).patchAndFetch({
      ...(patch.name === undefined ? {} : { name: patch.name.trim() }),
      ...(patch.enabled === undefined ? {} : { enabled: patch.enabled }),
      ...(patch.inbound === undefined ? {} : { inbound_action: patch.inbound }),
      ...(patch.outbound === undefined ? {} : { outbound_action: patch.outbound }),
      version: row.version + 1,
      updated_at: ctx.now,
    }),
  )
  const changes = changesOf(before, factsOf(changed))
  if (changes)
    await record(ctx, { action: 'moderation_list.changed', object: { kind: 'moderation_list', id, label: before.name }, ...changes })
  return oneList(ctx, id)
}

/** With its words. @throws NotFound; Conflict `version_conflict` */
export async function removeList(ctx: Ctx<StaffActor>, id: string, version: number): Promise<void> {
  await bumpVersion(ctx)
  const row = await lockList(ctx, id, version)
  await row.$query(ctx.trx).delete()
  await record(ctx, { action: 'moderation_list.removed', object: { kind: 'moderation_list', id, label: row.name }, before: factsOf(row) })
}
