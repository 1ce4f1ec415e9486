/** Finding the reply that somebody has in mind (BP-004.4, BP-016.6). */
import { z } from 'zod'
import type { QuickReplySuggestion } from '../../contract/quick-reply.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { isWholeCode, matchQuality, wordsOf } from './match.ts'
import { ReplyRow } from './model.ts'
import { holdersOf } from './policy.ts'
import { presentReplies } from './present.ts'
import { type IndexedReply, indexedReplies } from './search-index.ts'

/** As many of the best matches are ordered by how they are used; with a query that fits more, the rest is worth nothing. */
const CONSIDERED = 200
const NEAREST = { personal: 0, team: 1, global: 2 } as const

interface Found {
  reply: IndexedReply
  quality: number
  byCode: boolean
}

/** Best first. Of codes typed in full one's own comes before the team's before the house's, whatever is used more. */
const byMatch = (a: Found, b: Found): number =>
  b.quality - a.quality || (a.byCode && b.byCode ? NEAREST[a.reply.scope] - NEAREST[b.reply.scope] : 0)

const usage = z.array(z.object({ reply_id: z.string(), own: z.number().nullable(), uses: z.number(), last_used_at: z.date().nullable() }))

/** @returns ids of these replies that were ever used, with a weight: one's own uses count most, and what was used lately more than long ago */
async function weightsOf(ctx: Ctx<StaffActor>, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = usage.parse(
    await ctx
      .trx('quick_reply_totals as u')
      .leftJoin(
        'quick_reply_tallies as y',
        (join) => void join.on('y.reply_id', 'u.reply_id').andOnVal('y.account_id', ctx.actor.accountId),
      )
      .whereIn('u.reply_id', [...ids])
      .select('u.reply_id', 'u.uses', 'y.uses as own', 'y.last_used_at'),
  )
  return new Map(
    rows.map((row) => [row.reply_id, usageWeight({ own: row.own ?? 0, uses: row.uses, lastUsedAt: row.last_used_at }, ctx.now)]),
  )
}

const DAY_MS = 86_400_000

/** Pure. Logarithms, so that a thousand uses of the house do not bury what one has used twice today. */
export function usageWeight({ own, uses, lastUsedAt }: { own: number; uses: number; lastUsedAt: Date | null }, now: Date): number {
  const days = lastUsedAt === null ? Infinity : Math.max(0, (now.getTime() - lastUsedAt.getTime()) / DAY_MS)
  return 3 * Math.log2(1 + own) + Math.log2(1 + uses) + 4 / (1 + days)
}

/** Matches among these, ranked by quality, then use and recency, then the order that people gave them. */
export async function ranked(ctx: Ctx<StaffActor>, candidates: readonly IndexedReply[], query: string, limit: number): Promise<Found[]> {
  const words = wordsOf(query)
  const matches = candidates
    .map((reply): Found => ({ reply, quality: matchQuality(reply, words), byCode: isWholeCode(reply, words) }))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => byMatch(a, b) || a.reply.position - b.reply.position || (a.reply.id < b.reply.id ? -1 : 1))
    .slice(0, CONSIDERED)
  const weights = await weightsOf(
    ctx,
    matches.map(({ reply }) => reply.id),
  )
  const weight = ({ reply }: Found) => weights.get(reply.id) ?? 0
  // Sorting is stable: what is equal stays in the order that people gave it.
  return matches.sort((a, b) => byMatch(a, b) || weight(b) - weight(a)).slice(0, limit)
}

const idRows = z.object({ rows: z.array(z.object({ id: z.string() })) })

/** Without words: what one uses most, then the shelves in the order that people gave them, one's own first. By indexes alone, however full they are. */
async function mostUsed(ctx: Ctx<StaffActor>, holders: readonly string[], limit: number): Promise<string[]> {
  const answer: unknown = await ctx.trx.raw(
    `with used as (
       select r.id, y.uses from quick_reply_tallies y join quick_replies r on r.id = y.reply_id
       where y.account_id = :reader and r.holder = any(:holders::uuid[]) and not r.disabled order by y.uses desc, r.id limit :limit),
     standing as (
       select r.id, r.scope, r.position from unnest(:holders::uuid[]) as h(holder) cross join lateral (
         select id, scope, position from quick_replies where holder = h.holder and not disabled order by position, id limit :limit) r)
     select coalesce(u.id, s.id) as id from used u full join standing s on s.id = u.id
     order by u.uses desc nulls last, array_position(array['personal', 'team', 'global'], s.scope), s.position, 1 limit :limit`,
    { reader: ctx.actor.accountId, holders: [...holders], limit },
  )
  return idRows.parse(answer).rows.map(({ id }) => id)
}

/** In the order of ids; what was deleted meanwhile is left out. */
export async function repliesInOrder(ctx: Ctx, ids: readonly string[]): Promise<ReplyRow[]> {
  const rows = await ReplyRow.query(ctx.trx).whereIn('id', [...ids])
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** What he may use now. */
export async function suggestReplies(ctx: Ctx<StaffActor>, { q, limit }: { q: string; limit: number }): Promise<QuickReplySuggestion[]> {
  const holders = await holdersOf(ctx)
  if (q.trim() === '') {
    const replies = await presentReplies(ctx, await repliesInOrder(ctx, await mostUsed(ctx, holders, limit)))
    return replies.map((reply) => ({ ...reply, byCode: false }))
  }
  const usable = (await indexedReplies(ctx, holders)).filter(({ disabled }) => !disabled)
  const found = await ranked(ctx, usable, q, limit)
  const byCode = new Set(found.flatMap((each) => (each.byCode ? [each.reply.id] : [])))
  const rows = await repliesInOrder(
    ctx,
    found.map(({ reply }) => reply.id),
  )
  return (await presentReplies(ctx, rows)).map((reply) => ({ ...reply, byCode: byCode.has(reply.id) }))
}
