/** Values of an effect as people call them. Codes of states and priorities stay codes: screens word them. */
import { z } from 'zod'
import type { TicketEffect } from '../../../contract/ticket-macro.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'

export interface Sides {
  kind: string
  before: string | null
  after: string | null
}

const nameRows = z.object({ rows: z.array(z.object({ id: z.string(), name: z.string() })) })
/** What an effect names by its id. One statement for all. */
const NAMES = `
  select y.id, case when me.locale = 'en' then y.name_en else y.name_zh end as name from ticket_types y, accounts me
    where me.id = :me and y.id = any(:ids::uuid[])
  union all select id, name from accounts where id = any(:ids::uuid[])
  union all select id, name from teams where id = any(:ids::uuid[])`
const NAMED = ['type', 'assign']

export async function shownEffects(ctx: Ctx<StaffActor>, effects: readonly Sides[]): Promise<TicketEffect[]> {
  const named = effects.filter(({ kind }) => NAMED.includes(kind))
  const ids = named.flatMap(({ before, after }) => [before, after].flatMap((id) => id ?? []))
  const { rows } = ids.length === 0 ? { rows: [] } : nameRows.parse(await ctx.trx.raw(NAMES, { ids, me: ctx.actor.accountId }))
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  const nameOf = (id: string | null) => (id === null ? null : (names.get(id) ?? null))
  return effects.map((effect) =>
    named.includes(effect) ? { ...effect, before: nameOf(effect.before), after: nameOf(effect.after) } : effect,
  )
}
