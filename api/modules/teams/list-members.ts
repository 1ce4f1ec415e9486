import { z } from 'zod'
import type { PresenceStatus } from '../../contract/identity.ts'
import { TEAM_ROLES, type TeamMember, type teamMemberListQuery } from '../../contract/team.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../core/cursor.ts'
import { NotFound } from '../../core/errors.ts'
import { avatarUrl } from '../identity/index.ts'
import { likePattern } from './like-pattern.ts'
import type { TeamRow } from './model.ts'
import { teamFor } from './policy.ts'

const NAME = `a.name collate "zh-x-icu"`
const memberRows = z.array(
  z.object({
    account_id: z.string(),
    name: z.string(),
    username: z.string(),
    status: z.enum(['active', 'disabled']),
    avatar_attachment_id: z.string().nullable(),
    role: z.enum(TEAM_ROLES),
    max_conversations: z.number().nullable(),
    joined_at: z.date(),
    version: z.number(),
    on_shift: z.boolean(),
  }),
)

const select = (ctx: Ctx, teamId: string) =>
  ctx
    .trx('team_members as m')
    .join('accounts as a', 'a.id', 'm.account_id')
    .where('m.team_id', teamId)
    .select('m.account_id', 'a.name', 'a.username', 'a.status', 'a.avatar_attachment_id', 'm.role', 'm.max_conversations')
    .select('m.joined_at', 'm.version')
    .select(
      ctx.trx.raw(
        `exists (select 1 from shifts s where s.account_id = m.account_id and tstzrange(s.starts_at, s.ends_at) @> app_now()) as on_shift`,
      ),
    )

export async function listMembers(
  ctx: Ctx<StaffActor>,
  teamId: string,
  query: z.output<typeof teamMemberListQuery>,
): Promise<{ data: TeamMember[]; nextCursor: string | null }> {
  const team = await teamFor(ctx, teamId, 'view')
  const after = decodeCursor(query.cursor)
  const there = query.presence === undefined ? null : await membersBy(ctx, teamId, query.presence)
  const found: unknown = await select(ctx, teamId)
    .modify((builder) => {
      if (there) void builder.whereIn('m.account_id', there)
      if (query.role) void builder.where('m.role', query.role)
      if (query.q) {
        const pattern = likePattern(query.q)
        void builder.where((any) => any.whereILike('a.name', pattern).orWhereILike('a.username', pattern))
      }
      if (after) void builder.whereRaw(`(${NAME}, a.id) > (?, ?::uuid)`, [after.key, after.id])
    })
    .orderByRaw(`${NAME}, a.id`)
    .limit(query.limit + 1)
  const rows = memberRows.parse(found)
  const page = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? page.at(-1) : undefined
  return { data: await present(ctx, team, page), nextCursor: last ? encodeCursor(last.name, last.account_id) : null }
}

/** Presence is its own module's to tell. */
async function membersBy(ctx: Ctx, teamId: string, status: PresenceStatus): Promise<string[]> {
  const ids = z.array(z.string()).parse(await ctx.trx('team_members').where({ team_id: teamId }).pluck<unknown[]>('account_id'))
  const presences = await ctx.app.hooks.only('account.presence')(ctx.trx, ids)
  return ids.filter((id) => presences.get(id)?.status === status)
}

/** @throws NotFound */
export async function memberOf(ctx: Ctx<StaffActor>, teamId: string, accountId: string): Promise<TeamMember> {
  const team = await teamFor(ctx, teamId, 'view')
  const found: unknown = await select(ctx, teamId).where('m.account_id', accountId)
  const [member] = await present(ctx, team, memberRows.parse(found))
  if (!member) throw new NotFound('member')
  return member
}

async function present(ctx: Ctx, team: TeamRow, rows: z.infer<typeof memberRows>): Promise<TeamMember[]> {
  const presences = await ctx.app.hooks.only('account.presence')(
    ctx.trx,
    rows.map((row) => row.account_id),
  )
  return rows.map((row) => {
    const presence = presences.get(row.account_id)
    return {
      account: {
        id: row.account_id,
        name: row.name,
        username: row.username,
        status: row.status,
        avatarUrl: avatarUrl(row.avatar_attachment_id),
      },
      role: row.role,
      isLeader: team.leader_id === row.account_id,
      maxConversations: row.max_conversations,
      effectiveMaxConversations: presence?.capacity ?? 1,
      load: presence?.load ?? 0,
      presence: presence?.status ?? 'offline',
      onShift: row.on_shift,
      joinedAt: row.joined_at.toISOString(),
      version: row.version,
    }
  })
}
