import { z } from 'zod'
import type { TicketLink } from '../../../contract/ticket-linking.ts'
import type { Ctx } from '../../../core/context.ts'
import { undoUntil } from './undo-link.ts'

const ticket = z.object({ id: z.string(), number: z.string(), title: z.string(), status: z.string() })
const person = z.object({ id: z.string(), name: z.string() })
const linkRows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['merge', 'split']),
      from: ticket,
      into: ticket,
      by: person,
      linked_at: z.date(),
      undone_at: z.date().nullable(),
      undone_by: person.nullable(),
    }),
  ),
})

const MOST = 100
const shown = (alias: string) =>
  `json_build_object('id', ${alias}.id, 'number', ${alias}.number, 'title', ${alias}.title, 'status', ${alias}.status)`
const SELECT = `
  select l.id, l.kind, ${shown('f')} as from, ${shown('i')} as into, json_build_object('id', b.id, 'name', b.name) as by, l.linked_at, l.undone_at,
    case when u.id is not null then json_build_object('id', u.id, 'name', u.name) end as undone_by
  from ticket_links l join tickets f on f.id = l.from_id join tickets i on i.id = l.into_id join accounts b on b.id = l.linked_by
    left join accounts u on u.id = l.undone_by`

async function links(ctx: Ctx, where: string, bindings: string[]): Promise<TicketLink[]> {
  const answer: unknown = await ctx.trx.raw(`${SELECT} where ${where} order by l.linked_at desc, l.id desc limit ${MOST}`, bindings)
  return linkRows.parse(answer).rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    from: row.from,
    into: row.into,
    by: row.by,
    at: row.linked_at.toISOString(),
    undoneAt: row.undone_at?.toISOString() ?? null,
    undoneBy: row.undone_by,
    undoUntil: undoUntil(row.linked_at).toISOString(),
  }))
}

/** What was merged into it or it into, what was split off it and from what it was split: newest first. The caller has checked who may see it. */
export const linksOf = (ctx: Ctx, ticketId: string): Promise<TicketLink[]> =>
  links(ctx, 'l.from_id = ? or l.into_id = ?', [ticketId, ticketId])

export async function linkById(ctx: Ctx, id: string): Promise<TicketLink> {
  const [found] = await links(ctx, 'l.id = ?', [id])
  if (!found) throw new Error('link vanished')
  return found
}
