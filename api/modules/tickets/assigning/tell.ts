/** Who was given tickets is told, once for what came together. */
import type { Ctx } from '../../../core/context.ts'
import { type News, notify } from '../../notifications/index.ts'
import type { TicketRow } from '../model.ts'

function newsOf(count: number, { id, number, title }: TicketRow, by: string): Pick<News, 'kind' | 'params' | 'link'> {
  if (count > 1) return { kind: 'ticket.assigned_many', params: { count }, link: '/tickets?view=mine&marked=unread' }
  const link = `/tickets/${id}`
  return by === ''
    ? { kind: 'ticket.assigned', params: { number, title }, link }
    : { kind: 'ticket.handed', params: { number, title, by }, link }
}

export interface Given {
  row: TicketRow
  to: { id: string }
}

/** Whoever does more in the same transaction gathers what he gives, and tells at its end. */
export type Teller = (ctx: Ctx, given: readonly Given[]) => Promise<void>
/** Told otherwise, by whoever gives. */
export const tellNobody: Teller = () => Promise.resolve()

export const tellAssignees: Teller = async (ctx, given) => {
  const by = ctx.actor.kind === 'staff' ? ctx.actor.name : ''
  for (const id of new Set(given.map(({ to }) => to.id))) {
    const rows = given.filter(({ to }) => to.id === id).map(({ row }) => row)
    const [first] = rows
    if (!first) continue
    await notify(ctx, { to: [id], ...newsOf(rows.length, first, by), key: `ticket.assigned:${first.id}:${first.version}` })
  }
}
