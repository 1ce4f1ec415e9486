import type { QuickReplyMove } from '../../contract/quick-reply.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { changesOf, record } from '../audit/index.ts'
import { placed } from './categories.ts'
import { ReplyRow } from './model.ts'
import { replyFor } from './policy.ts'
import { checkCategory, checkVersion, factsOf, objectOf } from './write-replies.ts'

/**
 * Into a category, before one of its replies or at the end. Positions run through the whole shelf, so that a list of several categories has an order too;
 * only what changes place is written.
 * @throws NotFound, Forbidden; Conflict `version_conflict`
 */
export async function moveReply(ctx: Ctx<StaffActor>, id: string, { categoryId, before, version }: QuickReplyMove): Promise<void> {
  const row = await replyFor(ctx, id, 'change')
  await checkVersion(ctx, row, version)
  await checkCategory(ctx, row, categoryId)
  const others = await ReplyRow.query(ctx.trx).where({ holder: row.holder }).whereNot({ id }).orderBy(['position', 'id']).select('id')
  const order = placed(
    others.map((each) => each.id),
    id,
    before,
  )
  const moved = await ReplyRow.query(ctx.trx).patchAndFetchById(id, {
    category_id: categoryId,
    version: version + 1,
    updated_by: ctx.actor.accountId,
    updated_at: ctx.now,
  })
  await ctx.trx.raw(
    `update quick_replies r set position = o.position from unnest(?::uuid[]) with ordinality as o(id, position)
     where r.id = o.id and r.position <> o.position`,
    [order],
  )
  if (row.scope === 'personal') return
  const changes = changesOf(factsOf(row), factsOf(moved))
  await record(ctx, { action: 'quick_reply.moved', object: objectOf(moved), ...(changes ?? { context: { order: 'changed' } }) })
}
