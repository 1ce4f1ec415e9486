/** Whose shelf a reply stands on, who may use it and who may change it (BP-016.1, BP-016.2). */
import type { QuickReplyScope } from '../../contract/quick-reply.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Forbidden, NotFound } from '../../core/errors.ts'
import { teamFor, teamIdsOf } from '../teams/index.ts'
import { CategoryRow, ReplyRow } from './model.ts'

/** Holder of what belongs to the whole house, as the database writes it. */
export const HOUSE = '00000000-0000-0000-0000-000000000000'

export interface Shelf {
  scope: QuickReplyScope
  team_id: string | null
  owner_id: string | null
  holder: string
}
/** `judge`: whether changing would be let through, without taking a turn. */
type Action = 'view' | 'judge' | 'change'

/** Names the shelf that a request means, before it is known whether the reader may touch it. */
function shelfNamed(ctx: Ctx<StaffActor>, { scope, teamId }: { scope: QuickReplyScope; teamId?: string | undefined }): Shelf {
  if (scope === 'global') return { scope, team_id: null, owner_id: null, holder: HOUSE }
  if (scope === 'personal') return { scope, team_id: null, owner_id: ctx.actor.accountId, holder: ctx.actor.accountId }
  if (teamId === undefined) throw new NotFound('team')
  return { scope, team_id: teamId, owner_id: null, holder: teamId }
}

/** Own, of the house, of his teams, and of teams that he manages: the rest does not exist for him. */
async function checkShelf(ctx: Ctx<StaffActor>, shelf: Omit<Shelf, 'holder'>, action: Action): Promise<void> {
  const { permissions, accountId } = ctx.actor
  if (shelf.scope === 'personal') {
    if (shelf.owner_id !== accountId) throw new NotFound('quick reply')
    return
  }
  if (shelf.scope === 'global') {
    if (action !== 'view' && !permissions.has('quick_replies.manage_global'))
      throw new Forbidden('forbidden', 'you may not change what everybody uses')
    return
  }
  await teamFor(ctx, shelf.team_id ?? '', 'view')
  if (action !== 'view' && !permissions.has('quick_replies.manage_team'))
    throw new Forbidden('forbidden', 'you may not change what a team uses')
}

/** Whether changing would be let through; for what lists show beside each reply. */
export const mayChange = (
  { permissions, accountId }: StaffActor,
  { scope, owner_id: owner }: Pick<Shelf, 'scope' | 'owner_id'>,
): boolean =>
  scope === 'personal'
    ? owner === accountId
    : permissions.has(scope === 'global' ? 'quick_replies.manage_global' : 'quick_replies.manage_team')

/**
 * Changes on one shelf take turns: codes, order and the tree are judged as they will stand. The same row is the revision that search indexes go by, so
 * taking the turn also makes them read again.
 */
const takeTurn = (ctx: Ctx, holder: string) =>
  ctx.trx.raw(
    `insert into quick_reply_revisions as r (holder, revision) values (?, 1) on conflict (holder) do update set revision = r.revision + 1`,
    [holder],
  )

/** @throws NotFound for a foreign team, Forbidden */
export async function shelfFor(
  ctx: Ctx<StaffActor>,
  wanted: { scope: QuickReplyScope; teamId?: string | undefined },
  action: Action,
): Promise<Shelf> {
  const shelf = shelfNamed(ctx, wanted)
  await checkShelf(ctx, shelf, action)
  if (action === 'change') await takeTurn(ctx, shelf.holder)
  return shelf
}

/** Those whose replies he has at hand while writing. */
export const holdersOf = async (ctx: Ctx<StaffActor>): Promise<string[]> => [
  HOUSE,
  ctx.actor.accountId,
  ...(await teamIdsOf({ db: ctx.trx }, ctx.actor.accountId)),
]

/** @throws NotFound outside one's reach, Forbidden */
export async function replyFor(ctx: Ctx<StaffActor>, id: string, action: 'view' | 'change'): Promise<ReplyRow> {
  const row = await ReplyRow.query(ctx.trx).findById(id)
  if (!row) throw new NotFound('quick reply')
  await checkShelf(ctx, row, action)
  if (action === 'view') return row
  await takeTurn(ctx, row.holder)
  const locked = await ReplyRow.query(ctx.trx).findById(id).forUpdate()
  if (!locked) throw new NotFound('quick reply')
  return locked
}

/** For changing. @throws NotFound, Forbidden; Conflict `version_conflict` */
export async function categoryToChange(ctx: Ctx<StaffActor>, id: string, version: number): Promise<CategoryRow> {
  const seen = await CategoryRow.query(ctx.trx).findById(id)
  if (!seen) throw new NotFound('category')
  await checkShelf(ctx, seen, 'change')
  await takeTurn(ctx, seen.holder)
  const row = await CategoryRow.query(ctx.trx).findById(id).forUpdate()
  if (!row) throw new NotFound('category')
  if (row.version !== version) throw new Conflict('version_conflict', 'somebody else changed this category', { version: row.version })
  return row
}
