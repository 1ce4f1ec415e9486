import { z } from 'zod'
import type { teamPatch } from '../../contract/team.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { changesOf, record } from '../audit/index.ts'
import { explaining } from './database-errors.ts'
import type { TeamRow } from './model.ts'
import { checkVersion, teamFor } from './policy.ts'
import { checkCalendar, checkStaff, makeSupervisor, nameTaken, objectOf, writeFacts } from './team-facts.ts'

type Patch = z.output<typeof teamPatch>

const lists = z.object({
  rows: z.tuple([z.object({ businesses: z.array(z.string()), skills: z.array(z.object({ skillId: z.string(), level: z.number() })) })]),
})

/** Everything a patch can change, for the trail. */
async function factsOf(ctx: Ctx, row: TeamRow): Promise<Record<string, unknown>> {
  const [{ businesses, skills }] = lists.parse(
    await ctx.trx.raw(
      `select coalesce((select json_agg(business_type_id order by business_type_id) from team_business_types where team_id = :id), '[]') as businesses,
         coalesce((select json_agg(json_build_object('skillId', skill_id, 'level', level) order by skill_id) from team_skills where team_id = :id), '[]') as skills`,
      { id: row.id },
    ),
  ).rows
  return {
    name: row.name,
    description: row.description,
    leaderId: row.leader_id,
    calendarId: row.calendar_id,
    businessTypeIds: businesses,
    skills,
    maxConversations: row.max_conversations,
    memberMaxConversations: row.member_max_conversations,
    usesShifts: row.uses_shifts,
    status: row.status,
  }
}

function columnsOf(patch: Patch): Partial<TeamRow> {
  return {
    ...(patch.name === undefined ? {} : { name: patch.name }),
    ...(patch.description === undefined ? {} : { description: patch.description }),
    ...(patch.leaderId === undefined ? {} : { leader_id: patch.leaderId }),
    ...(patch.calendarId === undefined ? {} : { calendar_id: patch.calendarId }),
    ...(patch.maxConversations === undefined ? {} : { max_conversations: patch.maxConversations }),
    ...(patch.memberMaxConversations === undefined ? {} : { member_max_conversations: patch.memberMaxConversations }),
    ...(patch.usesShifts === undefined ? {} : { uses_shifts: patch.usesShifts }),
    ...(patch.status === undefined ? {} : { status: patch.status }),
  }
}

/** @throws NotFound, Forbidden; Conflict `version_conflict`, `name_taken`, `calendar_without_hours`; Invalid `staff_not_active`, `entry_unknown`, `entry_disabled` */
export async function updateTeam(ctx: Ctx<StaffActor>, id: string, patch: Patch): Promise<TeamRow> {
  const row = await teamFor(ctx, id, 'manage')
  checkVersion(row, patch.version)
  const before = await factsOf(ctx, row)
  if (patch.calendarId && patch.calendarId !== row.calendar_id) {
    await checkCalendar(ctx, patch.calendarId)
    for (const check of ctx.app.hooks.all('team.calendar-changing')) await check(ctx, { teamId: id, calendarId: patch.calendarId })
  }
  if (patch.leaderId && patch.leaderId !== row.leader_id) {
    await checkStaff(ctx, [patch.leaderId])
    await makeSupervisor(ctx, id, patch.leaderId)
  }
  const changed = await explaining(nameTaken(patch.name ?? ''), () =>
    row.$query(ctx.trx).patchAndFetch({ ...columnsOf(patch), version: row.version + 1, updated_at: ctx.now }),
  )
  await writeFacts(ctx, id, patch)
  const changes = changesOf(before, await factsOf(ctx, changed))
  if (changes) await record(ctx, { action: 'team.changed', object: objectOf(changed), ...changes })
  // A higher limit, or no shifts any more, may let somebody take what waits.
  ctx.emit({ name: 'agent.available', subjectId: id })
  if (changed.calendar_id !== before['calendarId']) ctx.emit({ name: 'team.calendar_changed', subjectId: id })
  return changed
}
