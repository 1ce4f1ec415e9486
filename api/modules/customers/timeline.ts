/** One line of all that happened with a customer: his notes here, and what each module above tells of its own tables. */
import { z } from 'zod'
import type { TimelineEntry } from '../../contract/customer.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { cursorTime, decodeCursor, encodeCursor } from '../../core/cursor.ts'
import { fromOutside } from '../../core/request-shape.ts'

export interface TimelineRequest {
  customerId: string
  /** Only what lies before this place: `at` and `id` together, newest first. */
  before: { at: string; id: string } | null
  /** At most so many. */
  limit: number
}
/** Newest first by (`at`, `id`). `at` in microseconds, as `MOMENT` writes it: a JavaScript date would skip or repeat rows. */
export type TimelinePage = readonly TimelineEntry[]

declare module '../../core/modules.ts' {
  interface Hooks {
    /** Entries about a customer whom the reader may see; what in them he may not read is left out. One statement, by an index. */
    'customer.timeline'?: {
      kind: string
      entries(ctx: Ctx<StaffActor>, request: TimelineRequest): Promise<TimelinePage>
    }
  }
}

/** SQL: a moment as text of fixed width, which sorts like the moment itself. */
export const momentOf = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

const order = (a: TimelineEntry, b: TimelineEntry) => (a.at === b.at ? (a.id < b.id ? 1 : -1) : a.at < b.at ? 1 : -1)

/** The caller has checked that the reader may see the customer. */
export async function timelineOf(
  ctx: Ctx<StaffActor>,
  customerId: string,
  query: { limit: number; cursor?: string | undefined; kind?: string | undefined },
): Promise<{ data: TimelineEntry[]; nextCursor: string | null }> {
  const place = decodeCursor(query.cursor)
  const before = place && { at: fromOutside(cursorTime, place.key), id: place.id }
  const providers = ctx.app.hooks.all('customer.timeline').filter(({ kind }) => query.kind === undefined || kind === query.kind)
  const entries: TimelineEntry[] = []
  for (const provider of providers) entries.push(...(await provider.entries(ctx, { customerId, before, limit: query.limit + 1 })))
  entries.sort(order)
  const shown = entries.slice(0, query.limit)
  const last = entries.length > query.limit ? shown.at(-1) : undefined
  return { data: shown, nextCursor: last ? encodeCursor(last.at, last.id) : null }
}

const noteRows = z.object({
  rows: z.array(
    z.object({ id: z.string(), at: z.string(), text: z.string(), version: z.number(), author_id: z.string(), author_name: z.string() }),
  ),
})

/** The customers' own share of the timeline. */
export async function noteEntries(ctx: Ctx<StaffActor>, { customerId, before, limit }: TimelineRequest): Promise<TimelinePage> {
  const { rows } = noteRows.parse(
    await ctx.trx.raw(
      `select n.id, ${momentOf('n.created_at')} as at, n.text, n.version, n.author_id, s.name as author_name
       from customer_notes n join accounts s on s.id = n.author_id
       where n.customer_id = ? and (?::timestamptz is null or (n.created_at, n.id) < (?::timestamptz, ?::uuid))
       order by n.created_at desc, n.id desc limit ?`,
      [customerId, before?.at ?? null, before?.at ?? null, before?.id ?? null, limit],
    ),
  )
  return rows.map((row) => ({
    kind: 'note',
    id: row.id,
    at: row.at,
    text: row.text,
    state: null,
    actor: { id: row.author_id, name: row.author_name },
    facts: { version: row.version, mine: row.author_id === ctx.actor.accountId },
  }))
}
