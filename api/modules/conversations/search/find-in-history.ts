/**
 * Search inside one customer's history: all his conversations that the reader may see, notes included. One person's messages are few enough
 * to be read, so a single character is enough here, and what was said a second ago is found.
 */
import { z } from 'zod'
import type { historySearchQuery, MessageHitPage } from '../../../contract/search.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { decodeTimeCursor, encodeCursor } from '../../../core/cursor.ts'
import { Invalid } from '../../../core/errors.ts'
import { customerFor } from '../../customers/index.ts'
import { readableBy } from '../readable.ts'
import { termsOf } from './excerpt.ts'
import { loadHits } from './hits.ts'

/** His newest so many are looked through; a person with more has older ones in the search over everything. */
const MOST_MESSAGES = 20_000
/** A statement reads so many; what does not hold after folding widths and cases is left out, so there may be a second. */
const MOST_ROUNDS = 5

const places = z.object({ rows: z.array(z.object({ conversation_id: z.string(), seq: z.number(), id: z.string(), at: z.string() })) })
type PlaceRow = z.infer<typeof places>['rows'][number]

/** @throws NotFound for a customer outside one's scope; Invalid `search_too_short` for nothing but blanks */
export async function findInHistory(
  ctx: Ctx<StaffActor>,
  customerId: string,
  query: z.output<typeof historySearchQuery>,
): Promise<MessageHitPage> {
  await customerFor(ctx, customerId, 'view')
  const terms = termsOf(query.q)
  if (terms.length === 0) throw new Invalid('search_too_short', 'a character at least')
  let after: { key: string; id: string } | null = decodeTimeCursor(query.cursor)
  const data: MessageHitPage['data'] = []
  for (let round = 0; round < MOST_ROUNDS && data.length < query.limit; round++) {
    const limit = query.limit - data.length
    const rows = await matching(ctx, customerId, { terms, after, limit })
    const loaded = await loadHits(ctx.trx, rows, terms)
    data.push(...rows.flatMap(({ id }) => loaded.get(id) ?? []))
    const last = rows.length === limit ? rows.at(-1) : undefined
    after = last ? { key: last.at, id: last.id } : null
    if (after === null) break
  }
  return { data, nextCursor: after && encodeCursor(after.key, after.id), searchedTo: data.at(-1)?.at ?? null }
}

/** `normalize` and `lower` fold as `fold` does, so what is said in full width is found by half. */
const WORDS = `lower(normalize(concat_ws(' ', p->>'text', p->>'title', p->>'label', p->>'description', p->>'transcript', p->>'head', p->>'tail', p->>'preview',
  p#>>'{media,name}', (select string_agg(o->>'text', ' ') from jsonb_array_elements(case when jsonb_typeof(p->'options') = 'array' then p->'options' else '[]' end) o)), NFKC))`

async function matching(
  ctx: Ctx<StaffActor>,
  customerId: string,
  { terms, after, limit }: { terms: readonly string[]; after: { key: string; id: string } | null; limit: number },
): Promise<PlaceRow[]> {
  const readable = await readableBy(ctx)
  const patterns = terms.map((term) => `%${term.replace(/[\\%_]/g, '\\$&')}%`)
  const has = patterns.map(() => `exists (select 1 from jsonb_array_elements(h.parts) p where ${WORDS} like ?)`).join(' and ')
  const { rows } = places.parse(
    await ctx.trx.raw(
      `with history as materialized (
         select x.conversation_id, x.seq, x.id, x.created_at, x.parts
         from conversations v join messages x on x.conversation_id = v.id
         where v.customer_id = ? and ${readable.sql} and x.direction in ('inbound', 'outbound', 'note') and x.recalled_at is null
           and (?::timestamptz is null or (x.created_at, x.id) < (?::timestamptz, ?::uuid))
         order by x.created_at desc, x.id desc limit ${MOST_MESSAGES})
       select h.conversation_id, h.seq, h.id, h.created_at::text as at from history h where ${has}
       order by h.created_at desc, h.id desc limit ?`,
      [customerId, ...readable.bindings, after?.key ?? null, after?.key ?? null, after?.id ?? null, ...patterns, limit],
    ),
  )
  return rows
}
