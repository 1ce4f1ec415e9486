import { z } from 'zod'
import { one, page } from '../../contract/list.ts'
import {
  teamCreate,
  teamListQuery,
  teamMemberListQuery,
  teamMemberPut,
  teamMemberSchema,
  teamMembersAdd,
  teamPatch,
  teamSchema,
} from '../../contract/team.ts'
import { route } from '../../core/http/route.ts'
import { createTeam } from './create-team.ts'
import { listMembers, memberOf } from './list-members.ts'
import { listTeams, teamOf } from './list-teams.ts'
import { addMembers, putMember, removeMember } from './members.ts'
import { updateTeam } from './update-team.ts'

const idParams = z.strictObject({ id: z.uuid() })
const memberParams = z.strictObject({ id: z.uuid(), accountId: z.uuid() })
const EXAMPLE = '01930000-0000-7000-8000-000000000001'

/** A team's own supervisor needs no permission of the house: the routes ask for `teams.read`, and `policy.ts` for the rest. */
export const teamRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/teams',
    summary: 'Teams within my scope (BP-007)',
    tag: 'teams',
    auth: { permission: 'teams.read' },
    query: teamListQuery,
    response: page(teamSchema),
    handle: (ctx, { query }) => listTeams(ctx, query),
  }),
  route({
    method: 'POST',
    path: '/api/v1/teams',
    summary: 'A new team (BP-007.1)',
    tag: 'teams',
    auth: { permission: 'teams.manage' },
    status: 201,
    body: teamCreate,
    example: {
      name: '售后一组',
      description: '退换货与维修',
      leaderId: null,
      calendarId: null,
      businessTypeIds: [],
      skills: [],
      maxConversations: 60,
      memberMaxConversations: 8,
      usesShifts: true,
    },
    response: one(teamSchema),
    errors: ['name_taken', 'staff_not_active', 'entry_unknown', 'entry_disabled', 'calendar_without_hours'],
    handle: async (ctx, { body }) => ({ data: await teamOf(ctx, (await createTeam(ctx, body)).id) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/teams/{id}',
    summary: 'One team: scope, skills, calendar, limits, what I may do with it',
    tag: 'teams',
    auth: { permission: 'teams.read' },
    params: idParams,
    response: one(teamSchema),
    handle: async (ctx, { params }) => ({ data: await teamOf(ctx, params.id) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/teams/{id}',
    summary: 'Change, disable or enable a team (BP-007.2–6)',
    tag: 'teams',
    auth: { permission: 'teams.read' },
    params: idParams,
    body: teamPatch,
    example: { maxConversations: 80, usesShifts: true, version: 4 },
    response: one(teamSchema),
    errors: [
      'forbidden',
      'name_taken',
      'staff_not_active',
      'entry_unknown',
      'entry_disabled',
      'calendar_without_hours',
      'version_conflict',
    ],
    async handle(ctx, { params, body }) {
      await updateTeam(ctx, params.id, body)
      return { data: await teamOf(ctx, params.id) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/teams/{id}/members',
    summary: 'Members with role, limit, load and whether they are on shift (BP-007.7)',
    tag: 'teams',
    auth: { permission: 'teams.read' },
    params: idParams,
    query: teamMemberListQuery,
    response: page(teamMemberSchema),
    handle: (ctx, { params, query }) => listMembers(ctx, params.id, query),
  }),
  route({
    method: 'POST',
    path: '/api/v1/teams/{id}/members',
    summary: 'Add several members',
    tag: 'teams',
    auth: { permission: 'teams.read' },
    params: idParams,
    body: teamMembersAdd,
    example: { accountIds: [EXAMPLE], role: 'agent' },
    response: one(teamSchema),
    errors: ['forbidden', 'staff_not_active'],
    async handle(ctx, { params, body }) {
      await addMembers(ctx, params.id, body.accountIds, body.role)
      return { data: await teamOf(ctx, params.id) }
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/teams/{id}/members/{accountId}',
    summary: 'Add a member, or change role and limit (BP-007.8)',
    tag: 'teams',
    auth: { permission: 'teams.read' },
    params: memberParams,
    body: teamMemberPut,
    example: { role: 'supervisor', maxConversations: 10, version: 1 },
    response: one(teamMemberSchema),
    errors: ['forbidden', 'staff_not_active', 'member_is_leader', 'version_conflict'],
    async handle(ctx, { params, body }) {
      await putMember(ctx, params.id, params.accountId, body)
      return { data: await memberOf(ctx, params.id, params.accountId) }
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/teams/{id}/members/{accountId}',
    summary: 'Remove a member; his shifts to come go with him',
    tag: 'teams',
    auth: { permission: 'teams.read' },
    params: memberParams,
    query: z.strictObject({ version: z.coerce.number().int().positive() }),
    response: one(z.null()),
    errors: ['forbidden', 'member_is_leader', 'version_conflict'],
    async handle(ctx, { params, query }) {
      await removeMember(ctx, params.id, params.accountId, query.version)
      return { data: null }
    },
  }),
]
