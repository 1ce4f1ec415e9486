/** Whose conversations somebody supervises (BP-012): by the data scope of his role. */
import { z } from 'zod'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { reachableStaff } from '../../organisation/index.ts'

interface Facts {
  id: string
  assignee_id: string | null
}

const teamRows = z.array(z.object({ team_id: z.string().nullable(), mine: z.boolean() }))

/**
 * Whoever supervises the team whose work it is, or the one who has it, wherever it came from. What nobody has and no team owns is everybody's who
 * supervises. A supervisor of others has no say in it, though he may be allowed to read it (S22).
 */
export async function oversees(ctx: Ctx<StaffActor>, row: Facts): Promise<boolean> {
  const { dataScope, accountId } = ctx.actor
  if (dataScope === 'all') return true
  if (dataScope === 'own') return row.assignee_id === accountId
  const [team] = teamRows.parse(
    await ctx
      .trx('conversations as v')
      .where('v.id', row.id)
      .select(
        'v.team_id',
        ctx.trx.raw('exists (select 1 from team_members m where m.team_id = v.team_id and m.account_id = ?) as mine', [accountId]),
      ),
  )
  if (team?.mine) return true
  const reached = new Set((await reachableStaff(ctx)) ?? [])
  if (row.assignee_id !== null && row.assignee_id !== accountId && reached.has(row.assignee_id)) return true
  return row.assignee_id === null && (team?.team_id ?? null) === null
}
