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
import { furthest, reachFor } from './card-reach.ts'
import { COLUMNS, type Cut, LANES } from './cuts.ts'
import { keysToShow, namesOf } from './names.ts'
import { agesOf, boardTickets, COLUMN_STATUSES, ENDED_COLUMNS, type Within } from './shape.ts'
import { limitsOf } from './wip.ts'

const number = z.coerce.number()
const cellRows = z.object({
  rows: z.array(
    z.object({
      col: z.string(),
      lane: z.string(),
      count: number,
      breached: number,
      day: number,
      three: number,
      week: number,
      oldest: z.date(),
      urgent: number,
      high: number,
      normal: number,
    }),
  ),
})
type Cell = z.infer<typeof cellRows>['rows'][number]
const cardRows = z.object({
  rows: z.array(z.object({ id: z.string(), col: z.string(), lane: z.string(), rank: z.number(), since: z.string() })),
})
type Card = z.infer<typeof cardRows>['rows'][number]

/** Of ages and priorities each figure has those before it in it: one comparison a row, not two. */
const CELLS = `
  select b.col::text as col, b.lane::text as lane, count(*) as count, count(*) filter (where b.breached) as breached, min(b.since) as oldest,
    count(*) filter (where b.since > :day) as day, count(*) filter (where b.since > :three) as three, count(*) filter (where b.since > :week) as week,
    count(*) filter (where b.priority_rank <= 1) as urgent, count(*) filter (where b.priority_rank <= 2) as high,
    count(*) filter (where b.priority_rank <= 3) as normal
  from (:tickets) as b group by b.col, b.lane`
/**
 * What is most urgent first, of these what is there longest. Only what is urgent enough to be shown in its cell is sorted. `offset 0`: the planner takes
 * the wished cells for one, and would look for the tickets once for each.
 */
const CARDS = (col: Cut, lane: Cut) => `
  select id, col::text as col, lane::text as lane, priority_rank as rank, since::text as since from (
    select b.*, row_number() over (partition by b.col, b.lane order by b.priority_rank, b.since, b.id) as nth
    from (:tickets offset 0) as b
    join json_to_recordset(:wanted::json) as w(col ${col.type}, lane ${lane.type}, rank int, until timestamptz)
      on w.col = b.col and w.lane = b.lane and (b.priority_rank < w.rank or (b.priority_rank = w.rank and b.since <= w.until))) as n
  where nth <= :most order by col, lane, nth`

/** Cards of each cell: of many cells fewer, so that the board stays one. */
const cardsOfEach = (cells: number): number => Math.max(1, Math.min(BOARD_CARDS, Math.floor(BOARD_CARDS_IN_ALL / Math.max(1, cells))))

/** What a board is made of: its tickets, and how they are cut. */
interface Cuts {
  tickets(only?: { within: Within }): Knex.QueryBuilder
  col: Cut
  lane: Cut
}

const named = <Row extends { col: string; lane: string }>(rows: readonly Row[], { col, lane }: Cuts): Row[] =>
  rows.map((row) => ({ ...row, col: col.keyOf(row.col), lane: lane.keyOf(row.lane) }))

async function cellsOn(ctx: Ctx, cuts: Cuts): Promise<Cell[]> {
  return named(cellRows.parse(await ctx.trx.raw(CELLS, { tickets: cuts.tickets(), ...agesOf(ctx) })).rows, cuts)
}

/** Of a cell that has tickets of one priority only. */
function rankIn(cell: Cell, { col, lane }: Cuts): number | null {
  if (col === COLUMNS.priority) return Number(col.valueOf(cell.col))
  return lane === LANES.priority ? Number(lane.valueOf(cell.lane)) : null
}

async function cardsIn(
  ctx: Ctx,
  cuts: Cuts,
  { shown, most, near }: { shown: readonly Cell[]; most: number; near: boolean },
): Promise<Card[]> {
  if (shown.length === 0) return []
  const cells = shown.map((cell) => {
    const reach = reachFor(cell, most, ctx.now)
    return {
      reach: near ? reach : { ...reach, until: 'infinity' },
      only: rankIn(cell, cuts),
      ended: cuts.col === COLUMNS.status && ENDED_COLUMNS.some((status) => status === cell.col),
      col: cuts.col.valueOf(cell.col),
      lane: cuts.lane.valueOf(cell.lane),
    }
  })
  const wanted = cells.map(({ col, lane, reach }) => ({ col, lane, ...reach }))
  const tickets = cuts.tickets({
    within: { open: furthest(cells.filter(({ ended }) => !ended)), ended: furthest(cells.filter(({ ended }) => ended)) },
  })
  const answer: unknown = await ctx.trx.raw(CARDS(cuts.col, cuts.lane), { tickets, wanted: JSON.stringify(wanted), most })
  return named(cardRows.parse(answer).rows, cuts)
}

/** First only among those that should suffice; all of their priorities where they did not. */
async function firstCards(ctx: Ctx, cuts: Cuts, shown: readonly Cell[]): Promise<Card[]> {
  const most = cardsOfEach(shown.length)
  const near = await cardsIn(ctx, cuts, { shown, most, near: true })
  const cellOf = ({ col, lane }: { col: string; lane: string }) => `${col} ${lane}`
  const met = new Map<string, number>()
  for (const card of near) met.set(cellOf(card), (met.get(cellOf(card)) ?? 0) + 1)
  const short = shown.filter((cell) => (met.get(cellOf(cell)) ?? 0) < Math.min(most, cell.count))
  if (short.length === 0) return near
  const again = new Set(short.map(cellOf))
  return [...near.filter((card) => !again.has(cellOf(card))), ...(await cardsIn(ctx, cuts, { shown: short, most, near: false }))]
}

export async function loadBoard(ctx: Ctx<StaffActor>, query: TicketBoardQuery): Promise<TicketBoard> {
  const cuts = { tickets: await boardTickets(ctx, query), col: COLUMNS[query.group], lane: LANES[query.lanes] }
  const cells = await cellsOn(ctx, cuts)
  const keys = await keysToShow(ctx, query)
  const columnKeys = topKeys(cells, ({ col }) => col, keys)
  const laneKeys = query.lanes === 'priority' ? [...PRIORITIES].reverse() : topKeys(cells, ({ lane }) => lane, [])
  const names = await namesOf(ctx, [...columnKeys, ...laneKeys])
  const shown = cells.filter(({ col, lane }) => columnKeys.includes(col) && laneKeys.includes(lane))
  const cards = await firstCards(ctx, cuts, shown)
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

/** Each figure has the younger ones in it. */
export function ageingOf(cells: readonly Pick<Cell, 'count' | 'day' | 'three' | 'week'>[]): Ageing {
  const sum = { day: 0, threeDays: 0, week: 0, older: 0 }
  for (const { count, day, three, week } of cells) {
    sum.day += day
    sum.threeDays += three - day
    sum.week += week - three
    sum.older += count - week
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
