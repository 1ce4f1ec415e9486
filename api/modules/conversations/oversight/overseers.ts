import { z } from 'zod'
import { DATA_SCOPES } from '../../../contract/identity.ts'
import type { Ctx } from '../../../core/context.ts'
import { grantsOf } from '../../identity/index.ts'

const roleRow = z.object({ id: z.string(), code: z.string(), built_in: z.boolean(), permissions: z.array(z.string()) })
const rows = z.object({
  rows: z.array(z.object({ account_id: z.string(), role_id: z.string(), data_scope: z.enum(DATA_SCOPES), near: z.boolean() })),
})

/**
 * Accounts that supervise one of these people: allowed to listen in, and either over everybody or in a team with them.
 * Two statements; roles are few, and what built-in ones grant stands in code.
 */
export async function overseersOf(ctx: Ctx, accountIds: readonly string[]): Promise<string[]> {
  const roles = z
    .array(roleRow)
    .parse(await ctx.trx('roles').select('id', 'code', 'built_in', 'permissions'))
    .filter((role) => grantsOf(role).has('conversations.listen'))
  const answer = rows.parse(
    await ctx.trx.raw(
      `select a.id as account_id, r.id as role_id, r.data_scope, exists (
         select 1 from team_members mine join teams t on t.id = mine.team_id and t.status = 'active'
         join team_members other on other.team_id = mine.team_id and other.account_id = any(?::uuid[])
         where mine.account_id = a.id) as near
       from accounts a join roles r on r.id = a.role_id where a.kind = 'staff' and a.status = 'active' and r.id = any(?::uuid[])`,
      [[...accountIds], roles.map(({ id }) => id)],
    ),
  )
  return answer.rows.filter((one) => one.data_scope === 'all' || (one.data_scope !== 'own' && one.near)).map((one) => one.account_id)
}
