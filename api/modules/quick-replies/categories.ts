/** The tree of a shelf (BP-016.3), by kinds of business where wanted. */
import { z } from 'zod'
import type {
  CategoryCreate,
  CategoryMove,
  CategoryPatch,
  CategoryRemove,
  QuickReplyCategory,
  ShelfQuery,
} from '../../contract/quick-reply.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { changesOf, record } from '../audit/index.ts'
import { checkEntry } from '../settings/index.ts'
import { onceOnly } from './database-errors.ts'
import { CategoryRow, ReplyRow } from './model.ts'
import { categoryToChange, shelfFor, type Shelf } from './policy.ts'
import { removeReplies } from './write-replies.ts'

/** More levels would not fit beside a list, and nobody would open them. */
export const MAX_DEPTH = 4
export const MAX_CATEGORIES = 300

const idRows = z.object({ rows: z.array(z.object({ id: z.string(), depth: z.number() })) })

/** The category first, then all below it, with how far below. Empty for one of another shelf. */
async function branchOf(ctx: Ctx, holder: string, id: string) {
  const answer: unknown = await ctx.trx.raw(
    `with recursive branch as (
       select c.id, 1 as depth from quick_reply_categories c where c.id = :id and c.holder = :holder
       union all select c.id, depth + 1 from branch b join quick_reply_categories c on c.parent_id = b.id and c.holder = :holder)
     select id, depth from branch order by depth, id`,
    { id, holder },
  )
  return idRows.parse(answer).rows
}
/** @throws NotFound */
export async function branchIds(ctx: Ctx, holder: string, id: string): Promise<string[]> {
  const branch = await branchOf(ctx, holder, id)
  if (branch.length === 0) throw new NotFound('category')
  return branch.map((row) => row.id)
}

/** Levels from the root to this one; 0 for the root itself. @throws NotFound */
async function depthOf(ctx: Ctx, holder: string, id: string | null): Promise<number> {
  if (id === null) return 0
  const answer: unknown = await ctx.trx.raw(
    `with recursive up as (
       select c.id, c.parent_id, 1 as depth from quick_reply_categories c where c.id = :id and c.holder = :holder
       union all select c.id, c.parent_id, depth + 1 from up join quick_reply_categories c on c.id = up.parent_id)
     select id, depth from up order by depth desc limit 1`,
    { id, holder },
  )
  const [root] = idRows.parse(answer).rows
  if (!root) throw new NotFound('category')
  return root.depth
}

const tooDeep = () => new Conflict('limit_reached', 'categories go no deeper', { max: MAX_DEPTH })
const objectOf = ({ id, name }: CategoryRow) => ({ kind: 'quick_reply_category', id, label: name })
const factsOf = ({ name, parent_id, business_type_id }: CategoryRow) => ({ name, parentId: parent_id, businessTypeId: business_type_id })
const told = async (ctx: Ctx, row: CategoryRow, line: Omit<Parameters<typeof record>[1], 'object'>) => {
  if (row.scope !== 'personal') await record(ctx, { ...line, object: objectOf(row) })
}

const counted = z.object({ rows: z.array(z.object({ category_id: z.string(), replies: z.coerce.number() })) })

/** In the order in which siblings stand; the screens make the tree. @throws NotFound */
export async function listCategories(ctx: Ctx<StaffActor>, query: ShelfQuery): Promise<QuickReplyCategory[]> {
  const { holder } = await shelfFor(ctx, query, 'view')
  const rows = await CategoryRow.query(ctx.trx).where({ holder }).orderBy(['position', 'id']).limit(MAX_CATEGORIES)
  const answer: unknown = await ctx.trx.raw(
    `select category_id, count(*) as replies from quick_replies where holder = ? and category_id is not null group by 1`,
    [holder],
  )
  const counts = new Map(counted.parse(answer).rows.map((row) => [row.category_id, row.replies]))
  return rows.map((row) => presentCategory(row, counts.get(row.id) ?? 0))
}

const presentCategory = (row: CategoryRow, replies: number): QuickReplyCategory => ({
  id: row.id,
  scope: row.scope,
  teamId: row.team_id,
  parentId: row.parent_id,
  name: row.name,
  businessTypeId: row.business_type_id,
  position: row.position,
  replies,
  version: row.version,
})

/** @throws NotFound */
export async function oneCategory(ctx: Ctx, id: string): Promise<QuickReplyCategory> {
  const row = await CategoryRow.query(ctx.trx).findById(id).throwIfNotFound()
  return presentCategory(row, await ReplyRow.query(ctx.trx).where({ category_id: id }).resultSize())
}

/** @throws NotFound, Forbidden; Conflict `name_taken`, `limit_reached`; Invalid `entry_unknown`, `entry_disabled` */
export async function createCategory(ctx: Ctx<StaffActor>, input: CategoryCreate): Promise<CategoryRow> {
  const shelf = await shelfFor(ctx, input, 'change')
  return addCategory(ctx, shelf, { parentId: input.parentId, name: input.name.trim(), businessTypeId: input.businessTypeId })
}

/** The caller holds the shelf. */
export async function addCategory(
  ctx: Ctx,
  { scope, team_id, owner_id, holder }: Shelf,
  { parentId, name, businessTypeId }: { parentId: string | null; name: string; businessTypeId: string | null },
): Promise<CategoryRow> {
  if ((await depthOf(ctx, holder, parentId)) >= MAX_DEPTH) throw tooDeep()
  if ((await CategoryRow.query(ctx.trx).where({ holder }).resultSize()) >= MAX_CATEGORIES)
    throw new Conflict('limit_reached', 'too many categories', { max: MAX_CATEGORIES })
  if (businessTypeId !== null) await checkEntry(ctx, 'business_type', businessTypeId)
  const row = await onceOnly(() =>
    CategoryRow.query(ctx.trx).insertAndFetch({
      id: newId(),
      scope,
      team_id,
      owner_id,
      parent_id: parentId,
      name,
      business_type_id: businessTypeId,
      position: ctx.trx.raw('(select coalesce(max(position), 0) + 1 from quick_reply_categories where holder = ?)', [holder]),
    }),
  )
  await told(ctx, row, { action: 'quick_reply_category.created', after: factsOf(row) })
  return row
}

/** @throws as `createCategory`; Conflict `version_conflict` */
export async function updateCategory(ctx: Ctx<StaffActor>, id: string, patch: CategoryPatch): Promise<void> {
  const row = await categoryToChange(ctx, id, patch.version)
  if (patch.businessTypeId) await checkEntry(ctx, 'business_type', patch.businessTypeId, row.business_type_id)
  const changed = await onceOnly(() =>
    CategoryRow.query(ctx.trx).patchAndFetchById(id, {
      name: patch.name?.trim() ?? row.name,
      business_type_id: patch.businessTypeId === undefined ? row.business_type_id : patch.businessTypeId,
      version: row.version + 1,
    }),
  )
  const changes = changesOf(factsOf(row), factsOf(changed))
  if (changes) await told(ctx, changed, { action: 'quick_reply_category.changed', ...changes })
}

/** With all below it. @throws Conflict `category_cycle`, `limit_reached`, `name_taken`, `version_conflict`; NotFound */
export async function moveCategory(ctx: Ctx<StaffActor>, id: string, { parentId, before, version }: CategoryMove): Promise<void> {
  const row = await categoryToChange(ctx, id, version)
  const branch = await branchOf(ctx, row.holder, id)
  if (branch.some((each) => each.id === parentId)) throw new Conflict('category_cycle', 'a category cannot go beneath itself')
  const height = Math.max(...branch.map(({ depth }) => depth))
  if ((await depthOf(ctx, row.holder, parentId)) + height > MAX_DEPTH) throw tooDeep()
  const others = await CategoryRow.query(ctx.trx)
    .where({ holder: row.holder, parent_id: parentId })
    .whereNot({ id })
    .orderBy(['position', 'id'])
    .select('id')
  const order = placed(
    others.map((each) => each.id),
    id,
    before,
  )
  const moved = await onceOnly(() => CategoryRow.query(ctx.trx).patchAndFetchById(id, { parent_id: parentId, version: version + 1 }))
  await ctx.trx.raw(
    `update quick_reply_categories c set position = o.position from unnest(?::uuid[]) with ordinality as o(id, position)
     where c.id = o.id and c.position <> o.position`,
    [order],
  )
  const changes = changesOf(factsOf(row), factsOf(moved))
  await told(ctx, moved, { action: 'quick_reply_category.moved', ...(changes ?? { context: { order: 'changed' } }) })
}

/** Pure. @throws NotFound when `before` is none of the others */
export function placed(others: readonly string[], id: string, before: string | null): string[] {
  const index = before === null ? others.length : others.indexOf(before)
  if (index < 0) throw new NotFound('neighbour')
  return others.toSpliced(index, 0, id)
}

/** @throws Conflict `category_not_empty` with what is in it, `name_taken` where a branch would meet its like, `version_conflict`; NotFound */
export async function removeCategory(ctx: Ctx<StaffActor>, id: string, { version, contents }: CategoryRemove): Promise<void> {
  const row = await categoryToChange(ctx, id, version)
  const below = (await branchOf(ctx, row.holder, id)).map((each) => each.id)
  const replies = await ReplyRow.query(ctx.trx).whereIn('category_id', below).orderBy('id').forUpdate()
  if (contents === 'refuse' && (below.length > 1 || replies.length > 0))
    throw new Conflict('category_not_empty', 'the category has contents', { categories: below.length - 1, replies: replies.length })
  if (contents === 'delete') await removeReplies(ctx, replies)
  else await moveUp(ctx, row)
  // One statement: foreign keys are looked at when it ends.
  await CategoryRow.query(ctx.trx)
    .whereIn('id', contents === 'delete' ? below : [id])
    .delete()
  await told(ctx, row, {
    action: 'quick_reply_category.deleted',
    before: factsOf(row),
    context: { contents, categories: below.length - 1, replies: replies.length },
  })
}

async function moveUp(ctx: Ctx, { id, parent_id }: CategoryRow): Promise<void> {
  const up = { version: ctx.trx.raw('version + 1') }
  await ReplyRow.query(ctx.trx)
    .where({ category_id: id })
    .patch({ category_id: parent_id, ...up })
  await onceOnly(() =>
    CategoryRow.query(ctx.trx)
      .where({ parent_id: id })
      .patch({ parent_id, ...up }),
  )
}
