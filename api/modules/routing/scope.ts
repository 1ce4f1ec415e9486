/** Whose rules somebody may change: those of teams he reaches; those of the house, which bind everybody, only without bounds (MOD-01). */
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Forbidden } from '../../core/errors.ts'
import { reachedTeams } from '../teams/index.ts'

/** @returns for a team, or null for the house, whether he may */
export async function whatHeMayChange(ctx: Ctx<StaffActor>): Promise<(teamId: string | null) => boolean> {
  const teamIds = await reachedTeams(ctx)
  return (teamId) => teamIds === null || (teamId !== null && teamIds.includes(teamId))
}

/** Everybody who manages rules reads all of them: they decide together. @throws Forbidden */
export async function checkMayChange(ctx: Ctx<StaffActor>, teamIds: readonly (string | null)[]): Promise<void> {
  if (!teamIds.every(await whatHeMayChange(ctx))) throw new Forbidden('forbidden', 'of the house, or of a team beyond his reach')
}
