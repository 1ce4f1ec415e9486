/** Who may do what with a team, and the only way to get one (BP-007.8). */
import type { QueryBuilder } from 'objection'
import type { Permission } from '../../contract/identity.ts'
import type { TeamRole } from '../../contract/team.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Forbidden, NotFound } from '../../core/errors.ts'
import { reachableStaff } from '../organisation/index.ts'
import { MemberRow, TeamRow } from './model.ts'

export type TeamAction = 'view' | 'manage' | 'planShifts' | 'relate'

const PERMISSION: Record<Exclude<TeamAction, 'view'>, Permission> = {
  manage: 'teams.manage',
  planShifts: 'shifts.manage',
  relate: 'relations.manage',
}

/** Who the reader is to teams; read once a request. */
export interface Standing {
  actor: StaffActor
  /** His role in each team he belongs to. */
  roles: ReadonlyMap<string, TeamRole>
  /** People whose teams he reaches by the data scope `department`: those they lead. */
  reached: ReadonlySet<string>
}

export async function standingOf(ctx: Ctx<StaffActor>): Promise<Standing> {
  const { actor } = ctx
  const rows = await MemberRow.query(ctx.trx).where({ account_id: actor.accountId }).select('team_id', 'role')
  const reached = actor.dataScope === 'department' ? ((await reachableStaff(ctx)) ?? []) : []
  return { actor, roles: new Map(rows.map((row) => [row.team_id, row.role])), reached: new Set(reached) }
}

type Facts = Pick<TeamRow, 'id' | 'leader_id'>

/** By his data scope, without being a member: then his permissions count there. */
const reaches = ({ actor, reached }: Standing, team: Facts): boolean =>
  actor.dataScope === 'all' || (team.leader_id !== null && reached.has(team.leader_id))

export const maySee = (standing: Standing, team: Facts): boolean => standing.roles.has(team.id) || reaches(standing, team)

/** A supervisor of the team may do everything within it, whatever his role in the house. */
export const may = (standing: Standing, team: Facts, action: Exclude<TeamAction, 'view'>): boolean =>
  standing.roles.get(team.id) === 'supervisor' || (reaches(standing, team) && standing.actor.permissions.has(PERMISSION[action]))

/** Part of the query, never filtered afterwards. */
export function withinStanding(builder: QueryBuilder<TeamRow>, { actor, roles, reached }: Standing): void {
  if (actor.dataScope === 'all') return
  void builder.where((scope) => scope.whereIn('teams.id', [...roles.keys()]).orWhereIn('teams.leader_id', [...reached]))
}

/** Ids of the teams he belongs to or reaches by his data scope; null: all. */
export async function reachedTeams(ctx: Ctx<StaffActor>): Promise<string[] | null> {
  if (ctx.actor.dataScope === 'all') return null
  const standing = await standingOf(ctx)
  const rows = await TeamRow.query(ctx.trx)
    .modify((builder) => withinStanding(builder, standing))
    .select('teams.id')
  return rows.map(({ id }) => id)
}

/** The same for those he may change so; see `may`. */
export function withinPower(builder: QueryBuilder<TeamRow>, standing: Standing, action: Exclude<TeamAction, 'view'>): void {
  const { actor, roles, reached } = standing
  const wide = actor.permissions.has(PERMISSION[action])
  if (wide && actor.dataScope === 'all') return
  const own = [...roles].filter(([, role]) => role === 'supervisor').map(([id]) => id)
  void builder.where((power) => power.whereIn('teams.id', own).orWhereIn('teams.leader_id', wide ? [...reached] : []))
}

/**
 * Loads a team for an action, locked unless it is only viewed.
 * @throws NotFound outside one's scope, Forbidden when one may see but not do
 */
export async function teamFor(ctx: Ctx<StaffActor>, id: string, action: TeamAction): Promise<TeamRow> {
  const standing = await standingOf(ctx)
  const row = await TeamRow.query(ctx.trx)
    .findById(id)
    .modify((builder) => void (action !== 'view' && builder.forNoKeyUpdate()))
  if (!row || !maySee(standing, row)) throw new NotFound('team')
  if (action !== 'view' && !may(standing, row, action)) throw new Forbidden('forbidden', 'you may not change this team')
  return row
}

/** @throws Conflict `version_conflict` */
export function checkVersion(row: { version: number }, version: number): void {
  if (row.version !== version) throw new Conflict('version_conflict', 'somebody else changed this meanwhile', { version: row.version })
}
