/** Whose conversations somebody supervises (BP-012): by the data scope of his role. */
import { z } from 'zod'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { reachableStaff } from '../../organisation/index.ts'
import { reachedTeams } from '../../teams/index.ts'

const found = z.array(z.object({ id: z.string() }))

/**
 * A condition over `conversations v`: the work of the teams he reaches, and what those have whom he reaches, wherever it came from. What nobody has and no
 * team owns is everybody's who supervises. A supervisor of others neither reads it nor has a say in it (S22).
 */
export async function overseen(ctx: Ctx<StaffActor>): Promise<{ sql: string; bindings: (string | string[])[] }> {
  const { dataScope, accountId } = ctx.actor
  if (dataScope === 'all') return { sql: 'true', bindings: [] }
  if (dataScope === 'own') return { sql: 'v.assignee_id = ?', bindings: [accountId] }
  const others = ((await reachableStaff(ctx)) ?? []).filter((id) => id !== accountId)
  const teamIds = (await reachedTeams(ctx)) ?? []
  return {
    sql: `(v.team_id = any(?::uuid[]) or v.assignee_id = any(?::uuid[])
           or (v.assignee_id is null and v.team_id is null))`,
    bindings: [teamIds, others],
  }
}

/** Those of `ids` that lie within it. */
export async function overseenOf(ctx: Ctx<StaffActor>, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0 || ctx.actor.dataScope === 'all') return new Set(ids)
  const { sql, bindings } = await overseen(ctx)
  const rows = found.parse(
    await ctx
      .trx('conversations as v')
      .whereIn('v.id', [...ids])
      .whereRaw(sql, bindings)
      .select('v.id'),
  )
  return new Set(rows.map(({ id }) => id))
}

export const oversees = async (ctx: Ctx<StaffActor>, { id }: { id: string }): Promise<boolean> => (await overseenOf(ctx, [id])).has(id)
