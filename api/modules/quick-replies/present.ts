/** Row → contract, for many at once: names, paths and how often each was used. */
import { z } from 'zod'
import type { QuickReply } from '../../contract/quick-reply.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { ReplyRow } from './model.ts'
import { partsForStaff } from './parts.ts'
import { mayChange } from './policy.ts'

const asideRow = z.object({
  id: z.string(),
  team_name: z.string().nullable(),
  updated_name: z.string().nullable(),
  path: z.array(z.string()).nullable(),
  uses: z.number(),
  own_uses: z.number(),
  last_used_at: z.date().nullable(),
})
type Aside = z.infer<typeof asideRow>
const asideRows = z.object({ rows: z.array(asideRow) })

/** Everything beside the rows in one statement. */
async function asideOf(ctx: Ctx<StaffActor>, ids: readonly string[]) {
  const answer: unknown = await ctx.trx.raw(
    `select r.id, t.name as team_name, a.name as updated_name, coalesce(u.uses, 0) as uses, coalesce(y.uses, 0) as own_uses, u.last_used_at,
       (with recursive up as (
          select c.parent_id, c.holder, array[c.name] as path from quick_reply_categories c where c.id = r.category_id
          union all select c.parent_id, c.holder, c.name || up.path from up join quick_reply_categories c on c.id = up.parent_id)
        select path from up where parent_id is null) as path
     from quick_replies r
     left join teams t on t.id = r.team_id
     left join accounts a on a.id = r.updated_by
     left join quick_reply_totals u on u.reply_id = r.id
     left join quick_reply_tallies y on y.reply_id = r.id and y.account_id = :reader
     where r.id = any(:ids::uuid[])`,
    { reader: ctx.actor.accountId, ids: [...ids] },
  )
  return new Map(asideRows.parse(answer).rows.map((row) => [row.id, row]))
}

/** In the order of the rows. */
export async function presentReplies(ctx: Ctx<StaffActor>, rows: readonly ReplyRow[]): Promise<QuickReply[]> {
  if (rows.length === 0) return []
  const aside = await asideOf(
    ctx,
    rows.map(({ id }) => id),
  )
  return rows.flatMap((row) => {
    const beside = aside.get(row.id)
    return beside ? [presentOne(ctx, row, beside)] : []
  })
}

const presentOne = (ctx: Ctx<StaffActor>, row: ReplyRow, beside: Aside): QuickReply => ({
  id: row.id,
  scope: row.scope,
  team: row.team_id === null ? null : { id: row.team_id, name: beside.team_name ?? '' },
  categoryId: row.category_id,
  categoryPath: beside.path ?? [],
  code: row.code,
  title: row.title,
  parts: partsForStaff(row.parts),
  variables: row.variables,
  disabled: row.disabled,
  uses: beside.uses,
  ownUses: beside.own_uses,
  lastUsedAt: beside.last_used_at?.toISOString() ?? null,
  may: { change: mayChange(ctx.actor, row) },
  updatedBy: row.updated_by === null ? null : { id: row.updated_by, name: beside.updated_name ?? '' },
  updatedAt: row.updated_at.toISOString(),
  version: row.version,
})

/** As it stands in this transaction. @throws NotFound */
export async function presentReply(ctx: Ctx<StaffActor>, id: string): Promise<QuickReply> {
  const row = await ReplyRow.query(ctx.trx).findById(id)
  const [reply] = row ? await presentReplies(ctx, [row]) : []
  if (!reply) throw new NotFound('quick reply')
  return reply
}
