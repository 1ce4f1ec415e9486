/** What is on a board. */
import type { Knex } from 'knex'
import { BOARD_ENDED_DAYS, type TicketBoardQuery } from '../../../contract/ticket-board.ts'
import { OPEN_STATUSES, TICKET_STATUSES, type TicketStatus } from '../../../contract/ticket-status.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { narrowingOf } from '../filters.ts'
import { COLUMNS, LANES, SINCE } from './cuts.ts'

export const COLUMN_STATUSES: readonly TicketStatus[] = [
  'unassigned',
  'in_progress',
  'waiting_customer',
  'on_hold',
  'awaiting_confirmation',
  'resolved',
  'closed',
]

/** Literal, so that the index of what is open answers alone. */
const OPEN = `t.status in (${OPEN_STATUSES.map((status) => `'${status}'`).join(', ')})`
export const ENDED_COLUMNS: readonly TicketStatus[] = COLUMN_STATUSES.filter((status) => !OPEN_STATUSES.includes(status))
/** Merged tickets are not on it, which are closed: their matter goes on in another. */
const ENDED = `t.status in (${ENDED_COLUMNS.map((status) => `'${status}'`).join(', ')})`
const LATELY = 't.status_since > ? and t.merged_into is null'

/** Where ages end: a day ago, three days, a week. As values: a time that is worked out in the statement is worked out for every row. */
export function agesOf({ now }: Pick<Ctx, 'now'>): { day: Date; three: Date; week: Date } {
  const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)
  return { day: daysAgo(1), three: daysAgo(3), week: daysAgo(7) }
}

/** See `furthest`. */
export interface Within {
  open: readonly string[]
  ended: readonly string[]
}

/**
 * The tickets of a board that the reader sees, each with its column and lane: what is open, and on a board of states what ended lately.
 * @returns makes the query; `within`: what is there since then, for each priority, of what is open and of what ended; `status`: one column of a board of states
 */
export async function boardTickets(
  ctx: Ctx<StaffActor>,
  query: TicketBoardQuery,
): Promise<(only?: { within?: Within; status?: string }) => Knex.QueryBuilder> {
  const { group, lanes, ...filters } = query
  const { set } = await narrowingOf(ctx, filters)
  const reaching = (builder: Knex.QueryBuilder, until: readonly string[]) => {
    void builder.where('t.priority_rank', '<=', until.findLastIndex((moment) => moment !== '-infinity') + 1)
    if (until.some((moment) => !moment.endsWith('infinity')))
      void builder.whereRaw(`${SINCE[group]} <= (?::timestamptz[])[t.priority_rank]`, [[...until]])
  }
  const endedSince = new Date(ctx.now.getTime() - BOARD_ENDED_DAYS * 86_400_000)
  return ({ within, status } = {}) => {
    const part = (which: string, since: Date | null = null): Knex.QueryBuilder =>
      set({ few: since !== null })
        .whereRaw(which, since === null ? [] : [since])
        .modify((builder) => void (within && reaching(builder, since === null ? within.open : within.ended)))
        .select('t.id', 't.breached', 't.priority_rank')
        .select(ctx.trx.raw(`${COLUMNS[group].sql} as col, ${LANES[lanes].sql} as lane, ${SINCE[group]} as since`))
    const known = TICKET_STATUSES.find((one) => one === status)
    if (known)
      return OPEN_STATUSES.includes(known) ? part(`t.status = '${known}'`) : part(`t.status = '${known}' and ${LATELY}`, endedSince)
    return group === 'status' ? part(OPEN).unionAll([part(`${ENDED} and ${LATELY}`, endedSince)]) : part(OPEN)
  }
}
