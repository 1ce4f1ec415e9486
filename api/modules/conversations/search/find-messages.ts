/**
 * Search over everybody's messages within the reader's scope (BP-004.3). The keys carry the day, so each look-up touches the matches of the
 * days it names and nothing else. Newest days are asked first, a few at once while little is found, and the search ends with a full page
 * or when enough has been looked at; a cursor goes on from there.
 */
import { z } from 'zod'
import type { MessageHit, MessageHitPage, messageSearchQuery } from '../../../contract/search.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { decodeTimeCursor, encodeCursor } from '../../../core/cursor.ts'
import { Invalid } from '../../../core/errors.ts'
import { readableBy } from '../readable.ts'
import { termsOf } from './excerpt.ts'
import { loadHits } from './hits.ts'
import { dayOf, keyOf, pairsOf, startOf } from './keys.ts'

type Query = z.output<typeof messageSearchQuery>

/** Matches looked at in one request, whatever their number in all. */
const MOST_TOUCHED = 30_000
const MOST_STATEMENTS = 12
const MOST_DAYS_AT_ONCE = 400
const ZERO_ID = '00000000-0000-0000-0000-000000000000'

interface Place {
  /** Everything strictly before (`at`, `id`). */
  at: string
  id: string
}
interface Window {
  newest: number
  oldest: number
}

/** @throws Invalid `search_too_short` when no word has two characters that stand beside each other */
export async function findMessages(ctx: Ctx<StaffActor>, query: Query): Promise<MessageHitPage> {
  const terms = termsOf(query.q)
  const pairs = [...new Set(terms.flatMap(pairsOf))]
  if (pairs.length === 0) throw new Invalid('search_too_short', 'two characters at least')
  const oldest = await oldestDay(ctx, query)
  const start = decodeTimeCursor(query.cursor)
  let place: Place = start ? { at: start.key, id: start.id } : { at: endOf(ctx, query).toISOString(), id: ZERO_ID }
  let window = windowFrom(place, 1, oldest)
  const hits: MessageHit[] = []
  let touched = 0
  for (
    let statement = 0;
    window !== null && statement < MOST_STATEMENTS && touched < MOST_TOUCHED && hits.length < query.limit;
    statement++
  ) {
    const limit = query.limit - hits.length
    const found = await candidates(ctx, query, { pairs, window, place, limit })
    touched += found.touched
    const loaded = await loadHits(ctx.trx, found.rows, terms)
    hits.push(...found.rows.flatMap(({ message_id: id }) => loaded.get(id) ?? []))
    const last = found.rows.length === limit ? found.rows.at(-1) : undefined
    place = last ? { at: last.at, id: last.message_id } : { at: startOf(window.oldest).toISOString(), id: ZERO_ID }
    const days = window.newest - window.oldest + 1
    window = windowFrom(place, last ? days : nextSize(days, found.touched), oldest)
  }
  return { data: hits, nextCursor: window === null ? null : encodeCursor(place.at, place.id), searchedTo: searchedTo(place) }
}

const endOf = (ctx: Ctx, { to }: Query): Date => (to === undefined ? new Date(ctx.now.getTime() + 60_000) : new Date(to))
const searchedTo = ({ at }: Place): string => new Date(at).toISOString()

const nextSize = (days: number, touched: number): number =>
  Math.min(MOST_DAYS_AT_ONCE, touched > 4000 ? Math.max(1, Math.floor(days / 2)) : touched > 1000 ? days : days * 4)

/** Days up to the place, or null when none is left. */
function windowFrom({ at, id }: Place, days: number, oldest: number): Window | null {
  const moment = new Date(at).getTime()
  // Everything before the first moment of a day: that day itself is done.
  const newest = dayOf(new Date(id === ZERO_ID ? moment - 1 : moment))
  return newest < oldest ? null : { newest, oldest: Math.max(oldest, newest - days + 1) }
}

const firstRow = z.object({ rows: z.array(z.object({ at: z.date().nullable() })) })

async function oldestDay(ctx: Ctx, { from }: Query): Promise<number> {
  const { rows } = firstRow.parse(await ctx.trx.raw('select min(at) as at from message_search'))
  const first = rows[0]?.at ?? ctx.now
  return dayOf(from === undefined || new Date(from) < first ? first : new Date(from))
}

const candidateRows = z.object({
  rows: z.array(
    z.object({
      touched: z.coerce.number(),
      conversation_id: z.string().nullable(),
      seq: z.number().nullable(),
      message_id: z.string().nullable(),
      at: z.string().nullable(),
    }),
  ),
})
interface Candidate {
  conversation_id: string
  seq: number
  message_id: string
  at: string
}

/** `touched`: how many matches the days had, in the reader's scope or not. */
async function candidates(
  ctx: Ctx<StaffActor>,
  query: Query,
  { pairs, window, place, limit }: { pairs: readonly string[]; window: Window; place: Place; limit: number },
): Promise<{ touched: number; rows: Candidate[] }> {
  const days = Array.from({ length: window.newest - window.oldest + 1 }, (_, index) => window.newest - index)
  const keys = days.map((day) => ({ keys: pairs.map((pair) => keyOf(day, pair)) }))
  const readable = await readableBy(ctx)
  const { rows } = candidateRows.parse(
    await ctx.trx.raw(
      `with matched as materialized (
         select s.conversation_id, s.seq, s.message_id, s.at, s.direction
         from json_to_recordset(?::json) as d(keys int[]) join message_search s on s.keys @> d.keys
         where (s.at, s.message_id) < (?::timestamptz, ?::uuid)),
       newest as (
         select * from matched m where (?::timestamptz is null or m.at >= ?) and (?::text is null or m.direction = ?)
         order by m.at desc, m.message_id desc),
       found as (
         select m.conversation_id, m.seq, m.message_id, m.at from newest m
         -- With a limit of its own it is looked up row by row, and only until the page is full.
         cross join lateral (
           select 1 from conversations v join channel_accounts a on a.id = v.channel_account_id
           where v.id = m.conversation_id and ${readable.sql} and (?::text is null or a.kind = ?) and (?::uuid is null or v.assignee_id = ?)
             and (?::uuid is null or v.customer_id = ?) limit 1) v
         order by m.at desc, m.message_id desc limit ?)
       select n.touched, f.conversation_id, f.seq, f.message_id, f.at::text as at
       from (select count(*) as touched from matched) n left join found f on true order by f.at desc, f.message_id desc`,
      [
        JSON.stringify(keys),
        place.at,
        place.id,
        ...twice(query.from, query.direction),
        ...readable.bindings,
        ...twice(query.channelKind, query.agentId, query.customerId),
        limit,
      ],
    ),
  )
  const found = rows.flatMap(({ conversation_id, seq, message_id, at }) =>
    conversation_id !== null && seq !== null && message_id !== null && at !== null ? [{ conversation_id, seq, message_id, at }] : [],
  )
  return { touched: rows[0]?.touched ?? 0, rows: found }
}

const twice = (...values: (string | undefined)[]): (string | null)[] => values.flatMap((value) => [value ?? null, value ?? null])
