import type { Ctx } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { record } from '../audit/index.ts'
import { ArticleDraftRow } from './model.ts'

export interface NewDraft {
  title: string
  body: string
  /** What it is made of, and how people call that; null: written by hand. */
  source: { kind: 'ticket'; id: string; label: string } | null
}

/**
 * Keeps what was learnt until somebody makes an article of it (BP-006.10). The same source gives the same draft, also for two at once; what was written
 * in it since stays.
 * @returns whether it is new
 */
export async function draftArticle(ctx: Ctx, { title, body, source }: NewDraft): Promise<{ draft: ArticleDraftRow; isNew: boolean }> {
  const made = {
    id: newId(),
    title,
    body,
    source_kind: source?.kind ?? 'hand',
    source_id: source?.id ?? null,
    source_label: source?.label ?? null,
    created_by: ctx.actor.kind === 'staff' ? ctx.actor.accountId : null,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const inserted: unknown[] = await ctx.trx('article_drafts').insert(made).onConflict().ignore().returning('id')
  if (inserted.length > 0) {
    await record(ctx, { action: 'article_draft.created', object: { kind: 'article_draft', id: made.id, label: title } })
    return { draft: await ArticleDraftRow.query(ctx.trx).findById(made.id).throwIfNotFound(), isNew: true }
  }
  const known = { source_kind: made.source_kind, source_id: made.source_id }
  return { draft: await ArticleDraftRow.query(ctx.trx).findOne(known).throwIfNotFound(), isNew: false }
}

/** The draft made of this; null: none yet. */
export async function draftOf(ctx: Pick<Ctx, 'trx'>, source: { kind: 'ticket'; id: string }): Promise<ArticleDraftRow | null> {
  return (await ArticleDraftRow.query(ctx.trx).findOne({ source_kind: source.kind, source_id: source.id })) ?? null
}
