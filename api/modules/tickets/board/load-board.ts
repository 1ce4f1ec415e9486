/** The board (BP-013.1): how much is where, for how long, and the first cards of each cell. Two statements of tickets, whatever their number. */
import { z } from 'zod'
import { PRIORITIES } from '../../../contract/priority.ts'
import type { Ticket } from '../../../contract/ticket.ts'
import {
  type Ageing,
  BOARD_CARDS,
  BOARD_MOST,
  type BoardColumn,
  type BoardLane,
  NOBODY,
  type TicketBoard,
  type TicketBoardQuery,
} from '../../../contract/ticket-board.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { presentTickets } from '../load.ts'
import { cursorAfter } from './cards.ts'
import { keysToShow, namesOf } from './names.ts'
import { boardTickets, COLUMN_STATUSES } from './shape.ts'
import { limitsOf } from './wip.ts'

const cellRows = z.object({
  rows: z.array(
    z.object({
      col: z.string(),
      lane: z.string(),
      count: z.coerce.number(),
      breached: z.coerce.number(),
      day: z.coerce.number(),
      three: z.coerce.number(),
      week: z.coerce.number(),
      oldest: z.date(),
    }),
  ),
})
type Cell = z.infer<typeof cellRows>['rows'][number]
const cardRows = z.object({
  rows: z.array(z.object({ id: z.string(), col: z.string(), lane: z.string(), rank: z.number(), since: z.string() })),
})
type Card = z.infer<typeof cardRows>['rows'][number]

const CELLS = `
  select col, lane, count(*) as count, count(*) filter (where breached) as breached, min(since) as oldest,
    count(*) filter (where since > app_now() - interval '1 day') as day,
    count(*) filter (where since <= app_now() - interval '1 day' and since > app_now() - interval '3 days') as three,
    count(*) filter (where since <= app_now() - interval '3 days' and since > app_now() - interval '7 days') as week
  from (?) as b group by col, lane`
/** What is most urgent first, of these what is there longest. */
const CARDS = `
  select id, col, lane, priority_rank as rank, since::text as since from (
    select b.*, row_number() over (partition by col, lane order by priority_rank, since, id) as nth from (?) as b) as n
  where nth <= ${BOARD_CARDS} order by col, lane, nth`

export async function loadBoard(ctx: Ctx<StaffActor>, query: TicketBoardQuery): Promise<TicketBoard> {
  const { tickets } = await boardTickets(ctx, query)
  const answers: unknown[] = await Promise.all([ctx.trx.raw(CELLS, [tickets.clone()]), ctx.trx.raw(CARDS, [tickets.clone()])])
  const cells = cellRows.parse(answers[0]).rows
  const keys = await keysToShow(ctx, query)
  const columnKeys = topKeys(cells, ({ col }) => col, keys)
  const laneKeys = query.lanes === 'priority' ? [...PRIORITIES].reverse() : topKeys(cells, ({ lane }) => lane, [])
  const names = await namesOf(ctx, [...columnKeys, ...laneKeys])
  const cards = cardRows.parse(answers[1]).rows.filter(({ col, lane }) => columnKeys.includes(col) && laneKeys.includes(lane))
  const rows = await presentTickets(
    ctx.trx,
    cards.map(({ id }) => id),
  )
  const limits = query.group === 'status' ? await limitsOf(ctx, oneTeam(query)) : new Map<string, number>()
  return {
    columns: columnKeys.map((key) => columnOf(key, cells, { name: names.get(key) ?? null, limit: limits.get(key) ?? null })),
    lanes: query.lanes === 'none' ? [] : laneKeys.map((key) => laneOf(key, cells, names.get(key) ?? null)),
    cells: cellsOf(cells, cards, new Map(rows.map((row) => [row.id, row]))).filter(
      ({ column, lane }) => columnKeys.includes(column) && laneKeys.includes(lane),
    ),
  }
}

/** Limits of a team are those of a board of that team alone. */
const oneTeam = ({ teamId }: TicketBoardQuery): string | null => (teamId?.length === 1 && teamId[0] !== NOBODY ? (teamId[0] ?? null) : null)

/** Fixed keys in their order; else whoever has most first, those without anything last. */
function topKeys(cells: readonly Cell[], of: (cell: Cell) => string, fixed: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const cell of cells) counts.set(of(cell), (counts.get(of(cell)) ?? 0) + cell.count)
  const known: readonly string[] = [...COLUMN_STATUSES, ...PRIORITIES]
  if (fixed.some((key) => known.includes(key))) return [...fixed]
  const held = [...counts].sort(([key, count], [otherKey, other]) => other - count || key.localeCompare(otherKey)).map(([key]) => key)
  const nobody = held.includes(NOBODY) || fixed.includes(NOBODY) ? [NOBODY] : []
  return [...nobody, ...held.filter((key) => key !== NOBODY), ...fixed.filter((key) => key !== NOBODY && !counts.has(key))].slice(
    0,
    BOARD_MOST,
  )
}

const total = (cells: readonly Cell[], of: (cell: Cell) => number): number => cells.reduce((sum, cell) => sum + of(cell), 0)

export function ageingOf(cells: readonly Pick<Cell, 'count' | 'day' | 'three' | 'week'>[]): Ageing {
  const sum = { day: 0, threeDays: 0, week: 0, older: 0 }
  for (const { count, day, three, week } of cells) {
    sum.day += day
    sum.threeDays += three
    sum.week += week
    sum.older += count - day - three - week
  }
  return sum
}

function columnOf(key: string, all: readonly Cell[], { name, limit }: { name: string | null; limit: number | null }): BoardColumn {
  const cells = all.filter(({ col }) => col === key)
  const oldest = cells.map((cell) => cell.oldest.getTime())
  return {
    key,
    name,
    limit,
    count: total(cells, ({ count }) => count),
    breached: total(cells, ({ breached }) => breached),
    ageing: ageingOf(cells),
    oldestSince: oldest.length === 0 ? null : new Date(Math.min(...oldest)).toISOString(),
  }
}

const laneOf = (key: string, all: readonly Cell[], name: string | null): BoardLane => ({
  key,
  name,
  count: total(
    all.filter(({ lane }) => lane === key),
    ({ count }) => count,
  ),
})

function cellsOf(cells: readonly Cell[], cards: readonly Card[], tickets: ReadonlyMap<string, Ticket>): TicketBoard['cells'] {
  return cells.map(({ col, lane, count }) => {
    const own = cards.filter((card) => card.col === col && card.lane === lane)
    const last = count > own.length ? own.at(-1) : undefined
    return {
      column: col,
      lane,
      count,
      cards: own.flatMap(({ id }) => tickets.get(id) ?? []),
      nextCursor: last ? cursorAfter(last) : null,
    }
  })
}
