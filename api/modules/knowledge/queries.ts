import { z } from 'zod'
import { type ArticleDraft, type articleDraftListQuery, type ArticleDraftSummary, DRAFT_SOURCES } from '../../contract/knowledge.ts'
import type { Ctx } from '../../core/context.ts'
import { decodeTimeCursor, encodeCursor } from '../../core/cursor.ts'
import { NotFound } from '../../core/errors.ts'

const rowSchema = z.object({
  id: z.string(),
  title: z.string(),
  body: z.string(),
  source_kind: z.enum(DRAFT_SOURCES),
  source_id: z.string().nullable(),
  source_label: z.string().nullable(),
  created_by: z.string().nullable(),
  author_name: z.string().nullable(),
  version: z.number(),
  created_at: z.date(),
  updated_at: z.date(),
  sort_key: z.string(),
})
type FoundRow = z.infer<typeof rowSchema>

const select = (ctx: Pick<Ctx, 'trx'>, body: 'd.body' | "''") =>
  ctx
    .trx('article_drafts as d')
    .leftJoin('accounts as a', 'a.id', 'd.created_by')
    .select(
      'd.id',
      'd.title',
      'd.source_kind',
      'd.source_id',
      'd.source_label',
      'd.created_by',
      'd.version',
      'd.created_at',
      'd.updated_at',
    )
    .select({ author_name: 'a.name' }, ctx.trx.raw(`${body} as body`), ctx.trx.raw('d.created_at::text as sort_key'))

const present = (row: FoundRow): ArticleDraftSummary => ({
  id: row.id,
  title: row.title,
  source: { kind: row.source_kind, id: row.source_id, label: row.source_label },
  createdBy: row.created_by === null ? null : { id: row.created_by, name: row.author_name ?? '' },
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  version: row.version,
})

const escaped = (text: string) => text.replaceAll(/[\\%_]/g, String.raw`\$&`)

/** Newest first; of those asked for by words, all stand in the title or the text (BP-004.5). */
export async function listDrafts(
  ctx: Ctx,
  query: z.output<typeof articleDraftListQuery>,
): Promise<{ data: ArticleDraftSummary[]; nextCursor: string | null }> {
  const after = decodeTimeCursor(query.cursor)
  const words = (query.q ?? '').split(/\s+/).filter((word) => word !== '')
  const found: unknown = await select(ctx, "''")
    .modify((builder) => {
      if (query.source) void builder.where('d.source_kind', query.source)
      for (const word of words)
        void builder.where((either) => either.whereILike('d.title', `%${escaped(word)}%`).orWhereILike('d.body', `%${escaped(word)}%`))
      if (after) void builder.whereRaw('(d.created_at, d.id) < (?::timestamptz, ?::uuid)', [after.key, after.id])
    })
    .orderByRaw('d.created_at desc, d.id desc')
    .limit(query.limit + 1)
  const rows = z.array(rowSchema).parse(found)
  const shown = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? shown.at(-1) : undefined
  return { data: shown.map(present), nextCursor: last ? encodeCursor(last.sort_key, last.id) : null }
}

/** @throws NotFound */
export async function showDraft(ctx: Ctx, id: string): Promise<ArticleDraft> {
  const [row] = z.array(rowSchema).parse(await select(ctx, 'd.body').where('d.id', id))
  if (!row) throw new NotFound('article draft')
  return { ...present(row), body: row.body }
}
