import { z } from 'zod'
import type { Department } from '../../contract/organisation.ts'
import type { Ctx } from '../../core/context.ts'
import { avatarUrl } from '../identity/index.ts'
import { MAX_DEPARTMENTS } from './departments.ts'

const rows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      parent_id: z.string().nullable(),
      name: z.string(),
      position: z.number(),
      version: z.number(),
      leader_id: z.string().nullable(),
      leader_name: z.string().nullable(),
      leader_avatar: z.string().nullable(),
      members: z.coerce.number(),
    }),
  ),
})

/** The whole tree (at most a thousand), siblings in their order; or some of it. */
export async function listDepartments(ctx: Ctx, only: readonly string[] | null = null): Promise<Department[]> {
  const wanted = only ? [...only] : null
  const found = rows.parse(
    await ctx.trx.raw(
      `select d.id, d.parent_id, d.name, d.position, d.version, a.id as leader_id, a.name as leader_name, a.avatar_attachment_id as leader_avatar,
              (select count(*) from staff_profiles p where p.department_id = d.id and p.left_at is null) as members
       from departments d left join accounts a on a.id = d.leader_id
       where ?::uuid[] is null or d.id = any(?::uuid[])
       order by d.position, d.id limit ?`,
      [wanted, wanted, MAX_DEPARTMENTS],
    ),
  ).rows
  return found.map((row) => ({
    id: row.id,
    parentId: row.parent_id,
    name: row.name,
    leader: row.leader_id === null ? null : { id: row.leader_id, name: row.leader_name ?? '', avatarUrl: avatarUrl(row.leader_avatar) },
    position: row.position,
    members: row.members,
    version: row.version,
  }))
}
