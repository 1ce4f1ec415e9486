import { z } from 'zod'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Invalid } from '../../../core/errors.ts'
import { grantsOf } from '../../identity/index.ts'
import type { TicketRow } from '../model.ts'
import { insertWatchers } from '../watchers.ts'

const rows = z.array(
  z.object({ id: z.string(), name: z.string(), code: z.string(), built_in: z.boolean(), permissions: z.array(z.string()) }),
)

/**
 * Colleagues to be named: they watch the ticket from then on, so that they can open what they are told of.
 * @returns as they are called now. @throws Invalid `mention_unknown` for whoever is not at work or may not see tickets
 */
export async function mention(ctx: Ctx<StaffActor>, ticket: TicketRow, ids: readonly string[]): Promise<{ id: string; name: string }[]> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return []
  const found = rows.parse(
    await ctx
      .trx('accounts as a')
      .join('roles as r', 'r.id', 'a.role_id')
      .whereIn('a.id', wanted)
      .where({ 'a.status': 'active', 'a.kind': 'staff' })
      .orderBy('a.id')
      .select('a.id', 'a.name', 'r.code', 'r.built_in', 'r.permissions'),
  )
  const reading = found.filter((row) => grantsOf(row).has('tickets.read'))
  const unknown = wanted.filter((id) => !reading.some((row) => row.id === id))
  if (unknown.length > 0) throw new Invalid('mention_unknown', 'they are not here or may not see tickets', { accountIds: unknown })
  await insertWatchers(
    ctx,
    ticket,
    wanted.filter((id) => id !== ticket.assignee_id),
  )
  return reading.map(({ id, name }) => ({ id, name }))
}
