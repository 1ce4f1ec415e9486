/** How work goes on (BP-013.7): open, waiting, late, how old, and what the day brought, by team or by person, within the reader's scope. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { BOARD_MOST, type TicketProgress, type ticketProgressQuery } from '../../../contract/ticket-board.ts'
import { OPEN_STATUSES, TICKET_STATUSES, type TicketStatus } from '../../../contract/ticket-status.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { narrowingOf } from '../filters.ts'
import { isPool } from '../states.ts'
import { ageingOf } from './load-board.ts'
import { namesOf } from './names.ts'
import { agesOf } from './shape.ts'

const number = z.coerce.number()
const openRows = z.array(
  z.object({
    of: z.string().nullable(),
    status: z.enum(TICKET_STATUSES),
    count: number,
    breached: number,
    day: number,
    three: number,
    week: number,
    oldest: z.date(),
  }),
)
const dayRows = z.array(z.object({ of: z.string().nullable(), count: number }))
type Open = z.infer<typeof openRows>[number]

const OPEN = OPEN_STATUSES.map((status) => `'${status}'`).join(', ')
/** Midnight by the company's clock. */
const MIDNIGHT = `(select date_trunc('day', app_now() at time zone c.time_zone) at time zone c.time_zone from company_settings c)`
/** Each age has the younger ones in it. */
const FIGURES = `t.status, count(*) as count, count(*) filter (where t.breached) as breached, count(*) filter (where t.created_at > :day) as day,
  count(*) filter (where t.created_at > :three) as three, count(*) filter (where t.created_at > :week) as week, min(t.created_at) as oldest`
const WAITING = new Set<TicketStatus>(['waiting_customer', 'on_hold', 'awaiting_confirmation'])

export async function ticketProgress(ctx: Ctx<StaffActor>, { teamId, by }: z.output<typeof ticketProgressQuery>): Promise<TicketProgress> {
  const column = by === 'team' ? 't.team_id' : 't.assignee_id'
  const { set } = await narrowingOf(ctx, teamId === undefined ? {} : { teamId: [teamId] })
  const grouped = (narrow: string): Knex.QueryBuilder => set().whereRaw(narrow).select(`${column} as of`).groupBy(column)
  const answers: unknown[] = await Promise.all([
    grouped(`t.status in (${OPEN})`)
      .groupBy('t.status')
      .select(ctx.trx.raw(FIGURES, agesOf(ctx))),
    grouped(`t.status in (${TICKET_STATUSES.map((status) => `'${status}'`).join(', ')}) and t.created_at >= ${MIDNIGHT}`).count({
      count: '*',
    }),
    // What ends is touched then, and that has an index.
    grouped(
      `t.status in ('resolved', 'closed') and t.last_activity_at >= ${MIDNIGHT} and t.resolved_at >= ${MIDNIGHT} and t.merged_into is null`,
    ).count({ count: '*' }),
  ])
  return present(ctx, { open: openRows.parse(answers[0]), made: dayRows.parse(answers[1]), done: dayRows.parse(answers[2]) })
}

interface Found {
  open: Open[]
  made: z.infer<typeof dayRows>
  done: z.infer<typeof dayRows>
}

async function present(ctx: Ctx<StaffActor>, { open, made, done }: Found): Promise<TicketProgress> {
  const keys = [...new Set([...open, ...made, ...done].map((row) => row.of))]
  const names = await namesOf(
    ctx,
    keys.flatMap((key) => key ?? []),
  )
  const figures = (wanted: (key: string | null) => boolean) => ({
    ...figuresOf(open.filter((row) => wanted(row.of))),
    createdToday: sum(made.filter((row) => wanted(row.of))),
    resolvedToday: sum(done.filter((row) => wanted(row.of))),
  })
  const rows = keys
    .map((key) => ({ of: key === null ? null : { id: key, name: names.get(key) ?? '' }, ...figures((one) => one === key) }))
    .sort((one, other) => other.open - one.open || (one.of?.name ?? '').localeCompare(other.of?.name ?? '', 'zh-CN'))
  return { total: figures(() => true), rows: rows.slice(0, BOARD_MOST) }
}

const sum = (rows: readonly { count: number }[]): number => rows.reduce((all, { count }) => all + count, 0)

function figuresOf(rows: readonly Open[]) {
  const oldest = rows.map((row) => row.oldest.getTime())
  const add = (of: (row: Open) => number) => rows.reduce((all, row) => all + of(row), 0)
  return {
    open: sum(rows),
    unassigned: sum(rows.filter((row) => isPool(row.status))),
    waiting: sum(rows.filter((row) => WAITING.has(row.status))),
    breached: add((row) => row.breached),
    ageing: ageingOf(rows),
    oldestAt: oldest.length === 0 ? null : new Date(Math.min(...oldest)).toISOString(),
  }
}
