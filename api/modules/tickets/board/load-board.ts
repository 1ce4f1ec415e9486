/** The board (BP-013.1): how much is where, for how long, and the first cards of each cell. Two statements of tickets, whatever their number. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { PRIORITIES } from '../../../contract/priority.ts'
import type { Ticket } from '../../../contract/ticket.ts'
import {
  type Ageing,
  BOARD_CARDS,
  BOARD_CARDS_IN_ALL,
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
import { boardTickets, COLUMN_STATUSES, NOW } from './shape.ts'
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
      urgent: z.coerce.number(),
      high: z.coerce.number(),
      normal: z.coerce.number(),
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
    count(*) filter (where since > ${NOW} - interval '1 day') as day,
    count(*) filter (where since <= ${NOW} - interval '1 day' and since > ${NOW} - interval '3 days') as three,
    count(*) filter (where since <= ${NOW} - interval '3 days' and since > ${NOW} - interval '7 days') as week,
    count(*) filter (where priority_rank <= 1) as urgent, count(*) filter (where priority_rank <= 2) as high, count(*) filter (where priority_rank <= 3) as normal
  from (?) as b group by col, lane`
/**
 * What is most urgent first, of these what is there longest. Only what is urgent enough to be shown in its cell is sorted. `materialized`: the planner
 * takes the wished cells for one, and would look for the tickets once for each.
 */
const CARDS = `
  with b as materialized (:tickets)
  select id, col, lane, priority_rank as rank, since::text as since from (
    select b.*, row_number() over (partition by b.col, b.lane order by b.priority_rank, b.since, b.id) as nth
    from b join json_to_recordset(:wanted::json) as w(col text, lane text, rank int) on w.col = b.col and w.lane = b.lane and b.priority_rank <= w.rank) as n
  where nth <= :most order by col, lane, nth`

/** Cards of each cell: of many cells fewer, so that the board stays one. */
const cardsOfEach = (cells: number): number => Math.max(1, Math.min(BOARD_CARDS, Math.floor(BOARD_CARDS_IN_ALL / Math.max(1, cells))))

/** Down to which priority so many cards are found. */
const rankFor = ({ urgent, high, normal }: Cell, most: number): number =>
  urgent >= most ? 1 : high >= most ? 2 : normal >= most ? 3 : PRIORITIES.length

async function firstCards(ctx: Ctx<StaffActor>, tickets: Knex.QueryBuilder, shown: readonly Cell[]): Promise<Card[]> {
  const most = cardsOfEach(shown.length)
  const wanted = JSON.stringify(shown.map((cell) => ({ col: cell.col, lane: cell.lane, rank: rankFor(cell, most) })))
  return cardRows.parse(await ctx.trx.raw(CARDS, { tickets, wanted, most })).rows
}

export async function loadBoard(ctx: Ctx<StaffActor>, query: TicketBoardQuery): Promise<TicketBoard> {
  const { tickets } = await boardTickets(ctx, query)
  const cells = cellRows.parse(await ctx.trx.raw(CELLS, [tickets.clone()])).rows
  const keys = await keysToShow(ctx, query)
  const columnKeys = topKeys(cells, ({ col }) => col, keys)
  const laneKeys = query.lanes === 'priority' ? [...PRIORITIES].reverse() : topKeys(cells, ({ lane }) => lane, [])
  const names = await namesOf(ctx, [...columnKeys, ...laneKeys])
  const shown = cells.filter(({ col, lane }) => columnKeys.includes(col) && laneKeys.includes(lane))
  const cards = await firstCards(ctx, tickets.clone(), shown)
  const rows = await presentTickets(
    ctx.trx,
    cards.map(({ id }) => id),
  )
  const limits = query.group === 'status' ? await limitsOf(ctx, oneTeam(query)) : new Map<string, number>()
  return {
    columns: columnKeys.map((key) => columnOf(key, cells, { name: names.get(key) ?? null, limit: limits.get(key) ?? null })),
    lanes: query.lanes === 'none' ? [] : laneKeys.map((key) => laneOf(key, cells, names.get(key) ?? null)),
    cells: cellsOf(shown, cards, new Map(rows.map((row) => [row.id, row]))),
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
