/** More cards of one column, or of one cell of it. */
import { z } from 'zod'
import type { Ticket } from '../../../contract/ticket.ts'
import type { ticketCardQuery } from '../../../contract/ticket-board.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../../core/cursor.ts'
import { Invalid } from '../../../core/errors.ts'
import { presentTickets } from '../load.ts'
import { COLUMNS, LANES } from './cuts.ts'
import { boardTickets } from './shape.ts'

const PLACE = /^([1-4])\|(\d{4}-\d{2}-\d{2} [\d:.]{8,15}[+-]\d{2}(?::\d{2})?)$/
const rows = z.array(z.object({ id: z.string(), rank: z.number(), since: z.string() }))

export const cursorAfter = ({ id, rank, since }: { id: string; rank: number; since: string }): string =>
  encodeCursor(`${rank}|${since}`, id)

function placeOf(cursor: string | undefined): { rank: string; since: string; id: string } | null {
  const place = decodeCursor(cursor)
  if (!place) return null
  const [, rank, since] = PLACE.exec(place.key) ?? []
  if (rank === undefined || since === undefined) throw new Invalid('invalid_request', 'bad cursor')
  return { rank, since, id: place.id }
}

export async function boardCards(
  ctx: Ctx<StaffActor>,
  { column, lane, limit, cursor, ...query }: z.output<typeof ticketCardQuery>,
): Promise<{ data: Ticket[]; nextCursor: string | null }> {
  const place = placeOf(cursor)
  const tickets = await boardTickets(ctx, query)
  const [col, inLane] = [COLUMNS[query.group].valueOf(column), lane === undefined ? null : LANES[query.lanes].valueOf(lane)]
  if (col === null || (lane !== undefined && inLane === null)) return { data: [], nextCursor: null }
  const found: unknown = await ctx.trx
    .from(tickets(query.group === 'status' ? { status: col } : {}).as('b'))
    .where('col', col)
    .modify((builder) => {
      if (inLane !== null) void builder.where('lane', inLane)
      if (place)
        void builder.whereRaw('(priority_rank, since, id) > (?::int, ?::timestamptz, ?::uuid)', [place.rank, place.since, place.id])
    })
    .select('id', 'priority_rank as rank', ctx.trx.raw('since::text as since'))
    .orderByRaw('priority_rank, b.since, id')
    .limit(limit + 1)
  const all = rows.parse(found)
  const shown = all.slice(0, limit)
  const last = all.length > limit ? shown.at(-1) : undefined
  return {
    data: await presentTickets(
      ctx.trx,
      shown.map(({ id }) => id),
    ),
    nextCursor: last ? cursorAfter(last) : null,
  }
}
