/** Whose alert it is: everybody who may see the board and reaches the team. Two statements, whatever the number of people. */
import { z } from 'zod'
import { DATA_SCOPES } from '../../../contract/identity.ts'
import type { Ctx } from '../../../core/context.ts'
import { grantsOf } from '../../identity/index.ts'

const people = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      code: z.string(),
      built_in: z.boolean(),
      permissions: z.array(z.string()),
      data_scope: z.enum(DATA_SCOPES),
      team_ids: z.array(z.string()),
    }),
  ),
})
const led = z.object({ rows: z.array(z.object({ holder: z.string(), team_id: z.string() })) })

const PEOPLE = `
  select a.id, r.code, r.built_in, r.permissions, r.data_scope,
    coalesce((select json_agg(m.team_id) from team_members m where m.account_id = a.id), '[]') as team_ids
  from accounts a join roles r on r.id = a.role_id where a.kind = 'staff' and a.status = 'active' order by a.id`

/** Teams led by somebody in one's department or below. */
const LED = `
  with recursive below as (
    select p.account_id as holder, p.department_id as id from staff_profiles p where p.account_id = any(?::uuid[]) and p.department_id is not null
    union select b.holder, d.id from below b join departments d on d.parent_id = b.id)
  select distinct b.holder, t.id as team_id from below b join staff_profiles p on p.department_id = b.id join teams t on t.leader_id = p.account_id`

/** @returns for a team (null: of no team in particular) the accounts concerned */
export async function audienceOf(ctx: Ctx): Promise<(teamId: string | null) => string[]> {
  const viewers = people.parse(await ctx.trx.raw(PEOPLE)).rows.filter((row) => grantsOf(row).has('supervision.view'))
  const byDepartment = viewers.filter(({ data_scope }) => data_scope === 'department').map(({ id }) => id)
  const further = byDepartment.length > 0 ? led.parse(await ctx.trx.raw(LED, [byDepartment])).rows : []
  return (teamId) =>
    viewers
      .filter(
        ({ id, data_scope, team_ids }) =>
          teamId === null ||
          data_scope === 'all' ||
          team_ids.includes(teamId) ||
          further.some((row) => row.holder === id && row.team_id === teamId),
      )
      .map(({ id }) => id)
}
