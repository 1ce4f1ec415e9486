import type { z } from 'zod'
import type { ShiftSwap, shiftSwapListQuery } from '../../../contract/team.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../../core/cursor.ts'
import { Account, avatarUrl } from '../../identity/index.ts'
import { may, standingOf, teamFor } from '../policy.ts'
import { SwapRow } from './model.ts'

/** Newest first; ids are made in time order. */
export async function listSwaps(
  ctx: Ctx<StaffActor>,
  teamId: string,
  query: z.output<typeof shiftSwapListQuery>,
): Promise<{ data: ShiftSwap[]; nextCursor: string | null }> {
  const after = decodeCursor(query.cursor)
  const rows = await SwapRow.query(ctx.trx)
    .where({ team_id: teamId })
    .modify((builder) => {
      if (query.state) void builder.where('state', query.state)
      if (after) void builder.where('id', '<', after.id)
    })
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
  const page = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? page.at(-1) : undefined
  return { data: await presentSwaps(ctx, teamId, page), nextCursor: last ? encodeCursor('', last.id) : null }
}

/** @throws NotFound when the team is outside the reader's scope */
export async function presentSwaps(ctx: Ctx<StaffActor>, teamId: string, rows: readonly SwapRow[]): Promise<ShiftSwap[]> {
  const team = await teamFor(ctx, teamId, 'view')
  const planner = may(await standingOf(ctx), team, 'planShifts')
  const ids = rows.flatMap((row) => [row.from_account_id, row.to_account_id, row.requested_by, row.decided_by ?? []].flat())
  const accounts = await Account.query(ctx.trx).whereIn('id', ids).select('id', 'name', 'avatar_attachment_id')
  const person = (id: string) => {
    const account = accounts.find((each) => each.id === id)
    return { id, name: account?.name ?? '', avatarUrl: avatarUrl(account?.avatar_attachment_id ?? null) }
  }
  return rows.flatMap((row) => {
    const [shift, inReturn] = row.shown
    if (!shift) return []
    const open = row.state === 'requested'
    return [
      {
        id: row.id,
        teamId: row.team_id,
        from: person(row.from_account_id),
        to: person(row.to_account_id),
        shift,
        inReturn: inReturn ?? null,
        reason: row.reason,
        state: row.state,
        requestedBy: person(row.requested_by),
        decidedBy: row.decided_by === null ? null : person(row.decided_by),
        decidedAt: row.decided_at?.toISOString() ?? null,
        may: { decide: open && planner, cancel: open && (planner || row.requested_by === ctx.actor.accountId) },
        createdAt: row.created_at.toISOString(),
        version: row.version,
      },
    ]
  })
}
