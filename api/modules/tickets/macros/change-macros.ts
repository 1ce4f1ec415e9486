/** Macros as they are kept (BP-006.9). */
import { UniqueViolationError } from 'objection'
import type { z } from 'zod'
import type { ticketMacroCreate, ticketMacroOrder, ticketMacroPatch } from '../../../contract/ticket-macro.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { changesOf, record } from '../../audit/index.ts'
import { TeamRow } from '../../teams/index.ts'
import { MAX_MACROS } from './list-macros.ts'
import { MacroRow } from './model.ts'

const objectOf = (row: MacroRow) => ({ kind: 'ticket_macro', id: row.id, label: row.name })
const factsOf = ({ name, description, team_id: teamId, actions, enabled }: MacroRow) => ({ name, description, teamId, actions, enabled })

/** Positions change one after the other. */
const lockAll = (ctx: Ctx) => MacroRow.query(ctx.trx).orderBy('id').forUpdate()

/** @throws Conflict `name_taken`, `limit_reached`; NotFound for the team */
export async function createMacro(ctx: Ctx<StaffActor>, input: z.output<typeof ticketMacroCreate>): Promise<MacroRow> {
  await checkTeam(ctx, input.teamId)
  const others = await lockAll(ctx)
  if (others.length >= MAX_MACROS) throw new Conflict('limit_reached', 'enough macros', { limit: MAX_MACROS })
  const row = await unlessTaken(
    MacroRow.query(ctx.trx).insertAndFetch({
      id: newId(),
      name: input.name.trim(),
      description: input.description,
      team_id: input.teamId,
      actions: input.actions,
      enabled: input.enabled,
      position: Math.max(0, ...others.map(({ position }) => position)) + 1,
      created_by: ctx.actor.accountId,
      created_at: ctx.now,
      updated_at: ctx.now,
    }),
  )
  await record(ctx, { action: 'ticket_macro.created', object: objectOf(row), after: factsOf(row) })
  return row
}

/** @throws NotFound; Conflict `version_conflict`, `name_taken` */
export async function changeMacro(ctx: Ctx<StaffActor>, id: string, patch: z.output<typeof ticketMacroPatch>): Promise<MacroRow> {
  const row = await macroToChange(ctx, id, patch.version)
  if (patch.teamId !== undefined && patch.teamId !== row.team_id) await checkTeam(ctx, patch.teamId)
  const before = factsOf(row)
  const changed = await unlessTaken(
    row.$query(ctx.trx).patchAndFetch({
      ...(patch.name === undefined ? {} : { name: patch.name.trim() }),
      ...(patch.description === undefined ? {} : { description: patch.description }),
      ...(patch.teamId === undefined ? {} : { team_id: patch.teamId }),
      ...(patch.actions === undefined ? {} : { actions: patch.actions }),
      ...(patch.enabled === undefined ? {} : { enabled: patch.enabled }),
      version: row.version + 1,
      updated_at: ctx.now,
    }),
  )
  const changes = changesOf(before, factsOf(changed))
  if (changes) await record(ctx, { action: 'ticket_macro.changed', object: objectOf(changed), ...changes })
  return changed
}

/** What it did stays done. @throws NotFound; Conflict `version_conflict` */
export async function removeMacro(ctx: Ctx<StaffActor>, id: string, version: number): Promise<void> {
  const row = await macroToChange(ctx, id, version)
  await row.$query(ctx.trx).delete()
  await record(ctx, { action: 'ticket_macro.removed', object: objectOf(row), before: factsOf(row) })
}

/** @throws Conflict `version_conflict` when it is not exactly the macros that are there */
export async function orderMacros(ctx: Ctx<StaffActor>, { ids }: z.output<typeof ticketMacroOrder>): Promise<void> {
  const rows = await lockAll(ctx)
  if (new Set(ids).size !== ids.length) throw new Invalid('invalid_request', 'each macro once')
  if (ids.length !== rows.length || rows.some(({ id }) => !ids.includes(id)))
    throw new Conflict('version_conflict', 'there are other macros by now')
  await ctx.trx.raw(
    `update ticket_macros m set position = t.position, version = version + 1, updated_at = app_now()
     from unnest(?::uuid[]) with ordinality as t(id, position) where m.id = t.id and m.position <> t.position`,
    [ids],
  )
  const order = (list: readonly MacroRow[]) => list.map(({ name }) => name)
  const names = new Map(rows.map((row) => [row.id, row]))
  const before = [...rows].sort((one, other) => one.position - other.position)
  const changes = changesOf({ order: order(before) }, { order: order(ids.flatMap((id) => names.get(id) ?? [])) })
  if (changes) await record(ctx, { action: 'ticket_macro.ordered', object: { kind: 'ticket_macro' }, ...changes })
}

async function macroToChange(ctx: Ctx, id: string, version: number): Promise<MacroRow> {
  const row = await MacroRow.query(ctx.trx).findById(id).forUpdate()
  if (!row) throw new NotFound('macro')
  if (row.version !== version) throw new Conflict('version_conflict', 'somebody else changed this macro', { version: row.version })
  return row
}

async function checkTeam(ctx: Ctx, teamId: string | null): Promise<void> {
  if (teamId === null) return
  const team = await TeamRow.query(ctx.trx).findById(teamId).forShare().select('id')
  if (!team) throw new NotFound('team')
}

async function unlessTaken<T>(writing: PromiseLike<T>): Promise<T> {
  try {
    return await writing
  } catch (error) {
    if (error instanceof UniqueViolationError && error.constraint === 'ticket_macros_name')
      throw new Conflict('name_taken', 'another macro is called so')
    throw error
  }
}
