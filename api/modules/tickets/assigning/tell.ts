/** Who was given tickets is told, once for what came together. */
import type { Ctx } from '../../../core/context.ts'
import { type News, notify } from '../../notifications/index.ts'
import type { TicketRow } from '../model.ts'

function newsOf(count: number, { id, number, title }: TicketRow, by: string): Pick<News, 'kind' | 'params' | 'link'> {
  if (count > 1) return { kind: 'ticket.assigned_many', params: { count }, link: '/tickets?assigneeId=me' }
  const link = `/tickets/${id}`
  return by === ''
    ? { kind: 'ticket.assigned', params: { number, title }, link }
    : { kind: 'ticket.handed', params: { number, title, by }, link }
}

export async function tellAssignees(ctx: Ctx, given: readonly { row: TicketRow; to: { id: string } }[]): Promise<void> {
  const by = ctx.actor.kind === 'staff' ? ctx.actor.name : ''
  for (const id of new Set(given.map(({ to }) => to.id))) {
    const rows = given.filter(({ to }) => to.id === id).map(({ row }) => row)
    const [first] = rows
    if (!first) continue
    await notify(ctx, { to: [id], ...newsOf(rows.length, first, by), key: `ticket.assigned:${first.id}:${first.version}` })
  }
}
