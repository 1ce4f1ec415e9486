/** Pairs that seem to be one person: proposed, judged once, never proposed again. */
import { z } from 'zod'
import type { MergeReason, mergeSuggestionQuery } from '../../../contract/merge.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { decodeTimeCursor, encodeCursor } from '../../../core/cursor.ts'
import { NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { record } from '../../audit/index.ts'
import { customerFor } from '../policy.ts'
import { readerScope, withinScope } from '../scope.ts'
import { SuggestionRow } from './model.ts'

export interface Alike {
  pair: readonly [string, string]
  reason: MergeReason
}

const inOrder = ([a, b]: readonly [string, string]): [string, string] => (a < b ? [a, b] : [b, a])

/** Another reason joins those that are known; what was judged stays judged. */
export async function suggest(ctx: Ctx, alike: readonly Alike[]): Promise<void> {
  const rows = new Map<string, { id: string; first_id: string; second_id: string; reasons: MergeReason[] }>()
  for (const { pair, reason } of alike) {
    const [first_id, second_id] = inOrder(pair)
    const row = rows.get(first_id + second_id) ?? { id: newId(), first_id, second_id, reasons: [] }
    if (!row.reasons.includes(reason)) row.reasons.push(reason)
    rows.set(first_id + second_id, row)
  }
  if (rows.size === 0) return
  await ctx.trx.raw(
    `insert into merge_suggestions as s (id, first_id, second_id, reasons, created_at)
     select id, first_id, second_id, reasons, ? from json_to_recordset(?::json) as t(id uuid, first_id uuid, second_id uuid, reasons text[])
     on conflict (first_id, second_id) do update
       set reasons = (select array_agg(distinct reason) from unnest(s.reasons || excluded.reasons) as reason)
       where s.state = 'open' and not s.reasons @> excluded.reasons`,
    [ctx.now, JSON.stringify([...rows.values()])],
  )
}

/** The pair is decided, whether or not it was ever proposed. */
export async function closeSuggestion(ctx: Ctx, a: string, b: string, state: 'dismissed' | 'merged'): Promise<void> {
  const [first_id, second_id] = inOrder([a, b])
  const decided = { state, decided_at: ctx.now, decided_by: ctx.actor.kind === 'staff' ? ctx.actor.accountId : null }
  await ctx
    .trx('merge_suggestions')
    .insert({ id: newId(), first_id, second_id, reasons: ['manual'], created_at: ctx.now, ...decided })
    .onConflict(['first_id', 'second_id'])
    .merge(decided)
}

/** Somebody said that they are two people. */
export async function areApart(ctx: Ctx, a: string, b: string): Promise<boolean> {
  const [first_id, second_id] = inOrder([a, b])
  const row = await SuggestionRow.query(ctx.trx).findOne({ first_id, second_id, state: 'dismissed' }).select('id')
  return row !== undefined
}

/**
 * "Not the same person", remembered. Saying it twice changes nothing.
 * @throws NotFound also when he may not see both
 */
export async function dismissSuggestion(ctx: Ctx<StaffActor>, id: string): Promise<SuggestionRow> {
  const row = await SuggestionRow.query(ctx.trx).findById(id).forUpdate()
  if (!row) throw new NotFound('suggestion')
  for (const customerId of [row.first_id, row.second_id]) await customerFor(ctx, customerId)
  if (row.state === 'dismissed') return row
  const dismissed = await row.$query(ctx.trx).patchAndFetch({ state: 'dismissed', decided_at: ctx.now, decided_by: ctx.actor.accountId })
  await record(ctx, {
    action: 'customer.merge_dismissed',
    object: { kind: 'customer', id: row.first_id },
    context: { other: row.second_id, reasons: row.reasons },
  })
  return dismissed
}

const listed = z.array(z.object({ id: z.string(), sort_key: z.string() }))

/** Newest first; only pairs of which the reader may see both, and which both still stand for themselves. */
export async function listSuggestions(ctx: Ctx<StaffActor>, query: z.infer<typeof mergeSuggestionQuery>) {
  const scope = await readerScope(ctx)
  const after = decodeTimeCursor(query.cursor)
  const found = listed.parse(
    await ctx
      .trx('merge_suggestions as s')
      .join('customers as a', 'a.id', 's.first_id')
      .join('customers as b', 'b.id', 's.second_id')
      .where('s.state', query.state)
      .modify((builder) => {
        if (query.state === 'open') void builder.whereRaw('num_nulls(a.merged_into_id, b.merged_into_id, a.archived_at, b.archived_at) = 4')
        if (query.customerId)
          void builder.where((side) => side.where('s.first_id', query.customerId).orWhere('s.second_id', query.customerId))
        if (after) void builder.whereRaw('(s.created_at, s.id) < (?::timestamptz, ?::uuid)', [after.key, after.id])
        withinScope(builder, scope, 's.first_id')
        withinScope(builder, scope, 's.second_id')
      })
      .select('s.id', ctx.trx.raw('s.created_at::text as sort_key'))
      .orderByRaw('s.created_at desc, s.id desc')
      .limit(query.limit + 1),
  )
  const shown = found.slice(0, query.limit)
  const rows = await SuggestionRow.query(ctx.trx).whereIn(
    'id',
    shown.map(({ id }) => id),
  )
  const last = found.length > query.limit ? shown.at(-1) : undefined
  return {
    rows: shown.flatMap(({ id }) => rows.filter((row) => row.id === id)),
    nextCursor: last ? encodeCursor(last.sort_key, last.id) : null,
  }
}
