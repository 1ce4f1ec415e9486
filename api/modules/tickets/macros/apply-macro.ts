/** A macro on a ticket: several changes in one click, all of them or none, with what they did (BP-006.9). */
import type { TicketEffect, TicketMacroPreview } from '../../../contract/ticket-macro.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { recordTicketEvent } from '../history.ts'
import { ticketFor } from '../policy.ts'
import { applyActions } from './apply-actions.ts'
import { rehearse } from './attempt.ts'
import { usableMacro } from './list-macros.ts'

interface Wish {
  ticketId: string
  macroId: string
  version: number
}

async function both(ctx: Ctx<StaffActor>, { ticketId, macroId, version }: Wish) {
  const row = await ticketFor(ctx, ticketId, 'comment')
  if (row.version !== version) throw new Conflict('version_conflict', 'this ticket has changed', { version: row.version })
  return { row, macro: await usableMacro(ctx, macroId) }
}

/** @throws NotFound; Conflict `version_conflict`; whatever refuses one of its actions */
export async function applyMacro(ctx: Ctx<StaffActor>, wish: Wish): Promise<TicketEffect[]> {
  const { row, macro } = await both(ctx, wish)
  const effects = await applyActions(ctx, row, { actions: macro.actions, key: newId() })
  await ctx.trx('ticket_macros').where({ id: macro.id }).increment('uses', 1)
  await recordTicketEvent(ctx, row, { kind: 'macro_applied', params: { macroId: macro.id, name: macro.name, effects: effects.length } })
  return effects
}

/** What it would do to this ticket now. The act itself, taken back: refusals included, nothing kept. */
export async function previewMacro(ctx: Ctx<StaffActor>, wish: Wish): Promise<TicketMacroPreview> {
  const { row, macro } = await both(ctx, wish)
  let action = 0
  const reached = (nth: number) => void (action = nth)
  const tried = await rehearse(ctx, (inner) => applyActions(inner, row, { actions: macro.actions, key: newId(), reached }))
  if (tried.done) return { effects: tried.value, refusal: null }
  return { effects: [], refusal: { code: tried.error.code, context: tried.error.context, action } }
}
