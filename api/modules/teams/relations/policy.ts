/** Who may see and change a relation, and the only way to get one. */
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Forbidden, NotFound } from '../../../core/errors.ts'
import { dayIn } from '../../../core/business-time/index.ts'
import { companySettings } from '../../settings/index.ts'
import { customerFor, InstitutionRow } from '../../customers/index.ts'
import { TeamRow } from '../model.ts'
import { may, maySee, type Standing, standingOf } from '../policy.ts'
import { RELATION_COLUMNS, RelationRow } from './model.ts'

export interface Subject {
  kind: 'customer' | 'institution'
  id: string
}

/** Days of relations are the company's. */
export const today = async (ctx: Pick<Ctx, 'trx' | 'now'>): Promise<string> => dayIn((await companySettings(ctx)).timeZone, ctx.now)

export const selectRelations = (ctx: Pick<Ctx, 'trx'>) =>
  RelationRow.query(ctx.trx).from('service_relations as r').select(ctx.trx.raw(RELATION_COLUMNS))

/**
 * Locked, of a team that the caller may relate customers to.
 * @throws NotFound for relations of foreign teams, Forbidden when one may see but not change, Conflict `relation_ended`
 */
export async function relationToChange(ctx: Ctx<StaffActor>, id: string, known?: Standing): Promise<RelationRow> {
  const standing = known ?? (await standingOf(ctx))
  const row = await selectRelations(ctx).where('r.id', id).first().forUpdate()
  const team = row && (await TeamRow.query(ctx.trx).findById(row.team_id))
  if (!row || !team || !maySee(standing, team)) throw new NotFound('relation')
  if (!may(standing, team, 'relate')) throw new Forbidden('forbidden', 'you may not change relations of this team')
  if (row.ended_at) throw new Conflict('relation_ended', 'this relation has ended')
  return row
}

/** Locked against being disabled meanwhile. @throws NotFound, Forbidden; Conflict `team_disabled` */
export async function teamToRelate(ctx: Ctx<StaffActor>, id: string, standing: Standing): Promise<TeamRow> {
  const team = await TeamRow.query(ctx.trx).findById(id).forShare()
  if (!team || !maySee(standing, team)) throw new NotFound('team')
  if (!may(standing, team, 'relate')) throw new Forbidden('forbidden', 'you may not change relations of this team')
  if (team.status !== 'active') throw new Conflict('team_disabled', 'this team is disabled')
  return team
}

/**
 * Somebody the caller may see. Locked, so that a merge waits.
 * @throws NotFound; Conflict `customer_merged`
 */
export async function checkSubject(ctx: Ctx<StaffActor>, subject: Subject): Promise<void> {
  if (subject.kind === 'customer') await customerFor(ctx, subject.id, 'change')
  else await institutionFor(ctx, subject.id, 'change')
}

/**
 * Institutions are seen by everybody who may read customers. Locked for a change: of two who relate the same one at once, each would wait for
 * the other's half-written relation.
 */
export async function institutionFor(ctx: Ctx<StaffActor>, id: string, action: 'view' | 'change' = 'view'): Promise<void> {
  const row = await InstitutionRow.query(ctx.trx)
    .findById(id)
    .select('id')
    .modify((builder) => void (action === 'change' && builder.forNoKeyUpdate()))
  if (!row) throw new NotFound('institution')
}
