import type { TicketMacro } from '../../../contract/ticket-macro.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { NotFound } from '../../../core/errors.ts'
import { teamIdsOf, TeamRow } from '../../teams/index.ts'
import { MacroRow } from './model.ts'

export const MAX_MACROS = 200

/** In their order. @param usable only what he can use now: on, of the house or of his own teams. Else who manages settings sees all. */
export async function listMacros(ctx: Ctx<StaffActor>, usable: boolean): Promise<TicketMacro[]> {
  const all = !usable && ctx.actor.permissions.has('tickets.settings')
  const own = all ? [] : await teamIdsOf({ db: ctx.trx }, ctx.actor.accountId)
  const rows = await MacroRow.query(ctx.trx)
    .modify((builder) => {
      if (!all) builder.where((either) => either.whereNull('team_id').orWhereIn('team_id', [...own]))
      if (usable) builder.where('enabled', true)
    })
    .orderBy(['position', 'id'])
    .limit(MAX_MACROS)
  return presentMacros(ctx, rows)
}

export async function presentMacros(ctx: Ctx, rows: readonly MacroRow[]): Promise<TicketMacro[]> {
  const teams = await TeamRow.query(ctx.trx)
    .whereIn('id', [...new Set(rows.flatMap((row) => row.team_id ?? []))])
    .select('id', 'name')
  const names = new Map(teams.map(({ id, name }) => [id, name]))
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    description: row.description,
    team: row.team_id === null ? null : { id: row.team_id, name: names.get(row.team_id) ?? '' },
    actions: row.actions,
    enabled: row.enabled,
    position: row.position,
    uses: row.uses,
    version: row.version,
  }))
}

/** One that he can use. @throws NotFound for others, and those that are off */
export async function usableMacro(ctx: Ctx<StaffActor>, id: string): Promise<MacroRow> {
  const row = await MacroRow.query(ctx.trx).findById(id).where('enabled', true)
  const own = row?.team_id ? await teamIdsOf({ db: ctx.trx }, ctx.actor.accountId) : []
  if (!row || (row.team_id !== null && !own.includes(row.team_id))) throw new NotFound('macro')
  return row
}
