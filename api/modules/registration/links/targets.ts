import { z } from 'zod'
import type { RegistrationTargets } from '../../../contract/registration.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { teamsToLead } from './policy.ts'

const named = z.array(z.object({ id: z.string(), name: z.string() }))
const MOST = 500

/** Active teams that a link of this maker may lead to. */
export async function listTargetTeams(ctx: Ctx<StaffActor>): Promise<{ id: string; name: string }[]> {
  const own = await teamsToLead(ctx)
  return named.parse(
    await ctx
      .trx('teams')
      .select('id', 'name')
      .where({ status: 'active' })
      .modify((builder) => void (own && builder.whereIn('id', [...own])))
      .orderBy(['name', 'id'])
      .limit(MOST),
  )
}

/** Pages and teams to choose from when making a link. */
export async function listTargets(ctx: Ctx<StaffActor>): Promise<RegistrationTargets> {
  const kinds = ctx.app.catalogue
    .kinds()
    .filter((entry) => entry.identify !== undefined)
    .map(({ kind }) => kind)
  const accounts = named.parse(
    await ctx
      .trx('channel_accounts')
      .select('id', 'name')
      .whereIn('kind', kinds)
      .where({ status: 'active' })
      .orderBy(['name', 'id'])
      .limit(MOST),
  )
  return { accounts, teams: await listTargetTeams(ctx) }
}
