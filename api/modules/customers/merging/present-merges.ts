import { z } from 'zod'
import type { CustomerMerge, MergeSuggestion } from '../../../contract/merge.ts'
import type { Ctx } from '../../../core/context.ts'
import { Account } from '../../identity/index.ts'
import { CustomerRow } from '../model.ts'
import { presentSummaries } from '../present.ts'
import { shownName } from '../shown-name.ts'
import type { MergeRow, SuggestionRow } from './model.ts'
import { undoUntil } from './undo-merge.ts'

const newest = z.object({ rows: z.array(z.object({ id: z.string(), later: z.boolean() })) })

export async function presentMerges(ctx: Ctx, rows: readonly MergeRow[]): Promise<CustomerMerge[]> {
  const people = await Account.query(ctx.trx)
    .whereIn(
      'id',
      [...new Set(rows.flatMap((row) => [row.merged_by, row.undone_by]))].filter((id) => id !== null),
    )
    .select('id', 'name')
  const others = await CustomerRow.query(ctx.trx).whereIn(
    'id',
    rows.map((row) => row.from_id),
  )
  const later = await withLater(ctx, rows)
  const named = (id: string | null) => people.flatMap((one) => (one.id === id ? [{ id: one.id, name: one.name }] : []))[0] ?? null
  return rows.map((row) => {
    const from = others.find(({ id }) => id === row.from_id)
    return {
      id: row.id,
      intoId: row.into_id,
      fromId: row.from_id,
      fromName: from ? shownName(from) : null,
      reason: row.reason,
      mergedBy: named(row.merged_by),
      mergedAt: row.merged_at.toISOString(),
      lost: row.lost,
      undoneAt: row.undone_at?.toISOString() ?? null,
      undoneBy: named(row.undone_by),
      undoUntil: undoUntil(row).toISOString(),
      undoable: undoableOf(row, later.has(row.id), ctx.now),
    }
  })
}

function undoableOf(row: MergeRow, later: boolean, now: Date): CustomerMerge['undoable'] {
  if (row.undone_at !== null) return 'undone'
  if (now > undoUntil(row)) return 'too_late'
  return later ? 'later_merge' : 'yes'
}

async function withLater(ctx: Ctx, rows: readonly MergeRow[]): Promise<Set<string>> {
  const found = newest.parse(
    await ctx.trx.raw(
      `select m.id, exists (select 1 from customer_merges l where l.undone_at is null and (l.into_id = m.into_id or l.from_id = m.into_id)
                              and (l.merged_at, l.id) > (m.merged_at, m.id)) as later
       from customer_merges m where m.id = any(?::uuid[])`,
      [rows.map(({ id }) => id)],
    ),
  ).rows
  return new Set(found.flatMap(({ id, later }) => (later ? [id] : [])))
}

export async function presentSuggestions(ctx: Ctx, rows: readonly SuggestionRow[]): Promise<MergeSuggestion[]> {
  const customers = await CustomerRow.query(ctx.trx).whereIn(
    'id',
    rows.flatMap((row) => [row.first_id, row.second_id]),
  )
  const summaries = new Map((await presentSummaries(ctx, customers)).map((summary) => [summary.id, summary]))
  return rows.flatMap((row): MergeSuggestion[] => {
    const pair = [summaries.get(row.first_id), summaries.get(row.second_id)].flatMap((summary) => (summary ? [personOf(summary)] : []))
    const [older, younger] = pair.sort((a, b) => (a.createdAt <= b.createdAt ? -1 : 1))
    if (!older || !younger) return []
    return [
      {
        id: row.id,
        customers: [older, younger],
        reasons: row.reasons,
        state: row.state,
        createdAt: row.created_at.toISOString(),
        decidedAt: row.decided_at?.toISOString() ?? null,
      },
    ]
  })
}

type Summary = Awaited<ReturnType<typeof presentSummaries>>[number]
const personOf = (summary: Summary): MergeSuggestion['customers'][0] => ({
  id: summary.id,
  name: summary.remarkName ?? summary.name,
  avatarUrl: summary.avatarUrl,
  tail: summary.tail,
  institution: summary.institution,
  phone: summary.phone,
  channelKinds: summary.channelKinds,
  lastContactAt: summary.lastContactAt,
  createdAt: summary.createdAt,
  version: summary.version,
})
