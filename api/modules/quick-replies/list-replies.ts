import { z } from 'zod'
import type { QuickReply, QuickReplyListQuery } from '../../contract/quick-reply.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../core/cursor.ts'
import { Invalid } from '../../core/errors.ts'
import { branchIds } from './categories.ts'
import { ReplyRow } from './model.ts'
import { shelfFor } from './policy.ts'
import { presentReplies } from './present.ts'
import { indexedReplies } from './search-index.ts'
import { ranked, repliesInOrder } from './suggest.ts'

interface Page {
  data: QuickReply[]
  nextCursor: string | null
}

/** One shelf, for those who keep it: in its order, or the best matches first. @throws NotFound */
export async function listReplies(ctx: Ctx<StaffActor>, query: QuickReplyListQuery): Promise<Page> {
  const { holder } = await shelfFor(ctx, query, 'view')
  const categories = query.categoryId === undefined || query.categoryId === 'none' ? null : await branchIds(ctx, holder, query.categoryId)
  const within = (builder: ReturnType<typeof ReplyRow.query>) => {
    void builder.where({ holder })
    if (query.categoryId === 'none') void builder.whereNull('category_id')
    if (categories) void builder.whereIn('category_id', categories)
    if (query.state !== 'all') void builder.where('disabled', query.state === 'disabled')
  }
  const rows = query.q?.trim() ? await matching(ctx, holder, query, within) : null
  if (rows) return { data: await presentReplies(ctx, rows), nextCursor: null }
  return inOrder(ctx, query, within)
}

type Within = (builder: ReturnType<typeof ReplyRow.query>) => void

async function matching(ctx: Ctx<StaffActor>, holder: string, { q = '', limit }: QuickReplyListQuery, within: Within): Promise<ReplyRow[]> {
  const allowed = new Set((await ReplyRow.query(ctx.trx).modify(within).select('id')).map(({ id }) => id))
  const candidates = (await indexedReplies(ctx, [holder])).filter(({ id }) => allowed.has(id))
  const found = await ranked(ctx, candidates, q, limit)
  return repliesInOrder(
    ctx,
    found.map(({ reply }) => reply.id),
  )
}

const position = z.coerce.number().int()

async function inOrder(ctx: Ctx<StaffActor>, { limit, cursor }: QuickReplyListQuery, within: Within): Promise<Page> {
  const after = decodeCursor(cursor)
  const place = after === null ? null : position.safeParse(after.key)
  if (place && !place.success) throw new Invalid('invalid_request', 'bad cursor')
  const rows = await ReplyRow.query(ctx.trx)
    .modify(within)
    .modify((builder) => {
      if (after && place?.success) void builder.whereRaw('(position, id) > (?::int, ?::uuid)', [place.data, after.id])
    })
    .orderBy(['position', 'id'])
    .limit(limit + 1)
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    data: await presentReplies(ctx, rows.slice(0, limit)),
    nextCursor: last ? encodeCursor(String(last.position), last.id) : null,
  }
}
