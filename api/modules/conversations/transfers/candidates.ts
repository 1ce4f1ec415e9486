/** Colleagues and teams for whoever passes a conversation on, invites or mentions somebody: with the reason why not, before he asks. */
import { z } from 'zod'
import type { TransferCandidates } from '../../../contract/transfer.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { avatarUrl, grantsOf } from '../../identity/index.ts'
import { loadCalendars, openStateOf } from '../../teams/index.ts'
import type { ConversationRow } from '../model.ts'
import { readersOf, whoSees } from '../oversight/who-sees.ts'
import { conversationFor } from '../policy.ts'
import { presencesNow, refusalOf } from './targets.ts'

const MOST_PEOPLE = 50
const MOST_TEAMS = 30

const person = z.object({
  id: z.string(),
  name: z.string(),
  avatar: z.string().nullable(),
  code: z.string(),
  built_in: z.boolean(),
  permissions: z.array(z.string()),
  teams: z.array(z.string()),
})
const peopleRows = z.object({ rows: z.array(person) })
const teamRows = z.object({
  rows: z.array(z.object({ id: z.string(), name: z.string(), calendar_id: z.string().nullable(), members: z.array(z.string()) })),
})

const pattern = (q: string | undefined) => (q === undefined || q.trim() === '' ? null : `%${q.trim().replace(/[\\%_]/g, '\\$&')}%`)

/** Those who are there first. A few statements, however many colleagues. */
export async function transferCandidates(ctx: Ctx<StaffActor>, conversationId: string, q: string | undefined): Promise<TransferCandidates> {
  const row = await conversationFor(ctx, conversationId, 'view')
  const like = pattern(q)
  return { people: await people(ctx, row, like), teams: await teams(ctx, like) }
}

async function people(ctx: Ctx<StaffActor>, row: ConversationRow, like: string | null): Promise<TransferCandidates['people']> {
  const found = peopleRows.parse(
    await ctx.trx.raw(
      `select a.id, a.name, a.avatar_attachment_id as avatar, r.code, r.built_in, r.permissions,
         array(select t.name from team_members m join teams t on t.id = m.team_id and t.status = 'active'
               where m.account_id = a.id order by t.name limit 10) as teams
       from accounts a join roles r on r.id = a.role_id left join presences p on p.account_id = a.id
       where a.kind = 'staff' and a.status = 'active' and (?::text is null or a.name ilike ?::text or a.name_spoken ilike ?::text)
       order by array_position(array['online', 'busy', 'break', 'offline'], coalesce(p.status, 'offline')), a.name, a.id limit ?`,
      [like, like, like, MOST_PEOPLE],
    ),
  ).rows
  const colleagues = found.map((one) => ({ ...one, grants: grantsOf(one) })).filter(({ grants }) => grants.has('conversations.reply'))
  const presences = await presencesNow(
    ctx,
    colleagues.map(({ id }) => id),
  )
  const readers = await readersOf(
    ctx.trx,
    colleagues.map(({ id }) => id),
  )
  const seen = await whoSees(
    ctx,
    readers.map((reader) => ({ reader, row })),
  )
  const seeing = new Set(readers.filter((_, index) => seen[index]).map(({ accountId }) => accountId))
  const parties = { holder: row.assignee_id, asker: ctx.actor.accountId }
  return colleagues.flatMap((one) => {
    const presence = presences.get(one.id)
    if (!presence) return []
    return {
      id: one.id,
      name: one.name,
      avatarUrl: avatarUrl(one.avatar),
      status: presence.status,
      load: presence.load,
      capacity: presence.capacity,
      teams: one.teams,
      refusal: refusalOf(presence, parties),
      mentionable: seeing.has(one.id),
      helping: row.helpers?.some(({ id }) => id === one.id) ?? false,
    }
  })
}

async function teams(ctx: Ctx<StaffActor>, like: string | null): Promise<TransferCandidates['teams']> {
  const { rows } = teamRows.parse(
    await ctx.trx.raw(
      `select t.id, t.name, t.calendar_id, array(select m.account_id from team_members m where m.team_id = t.id order by 1 limit 200) as members
       from teams t where t.status = 'active' and (?::text is null or t.name ilike ?::text) order by t.name, t.id limit ?`,
      [like, like, MOST_TEAMS],
    ),
  )
  const presences = await presencesNow(ctx, [...new Set(rows.flatMap(({ members }) => members))])
  const calendars = await loadCalendars(
    ctx.trx,
    rows.flatMap(({ calendar_id: id }) => id ?? []),
  )
  const isFree = (id: string) => {
    const presence = presences.get(id)
    return presence?.status === 'online' && presence.load < presence.capacity
  }
  return rows.map(({ id, name, calendar_id: calendarId, members }) => ({
    id,
    name,
    free: members.filter(isFree).length,
    refusal: openStateOf(calendars.get(calendarId ?? '')?.time, ctx.now).open ? null : 'team_closed',
  }))
}
