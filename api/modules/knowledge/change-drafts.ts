import type { z } from 'zod'
import type { articleDraftPatch } from '../../contract/knowledge.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { changesOf, record } from '../audit/index.ts'
import { ArticleDraftRow } from './model.ts'

async function lock(ctx: Ctx, id: string, version: number): Promise<ArticleDraftRow> {
  const row = await ArticleDraftRow.query(ctx.trx).findById(id).forUpdate()
  if (!row) throw new NotFound('article draft')
  if (row.version !== version) throw new Conflict('version_conflict', 'somebody else changed this draft', { version: row.version })
  return row
}

const objectOf = (row: ArticleDraftRow) => ({ kind: 'article_draft', id: row.id, label: row.title })

/** @throws NotFound; Conflict `version_conflict` */
export async function changeDraft(ctx: Ctx<StaffActor>, id: string, patch: z.output<typeof articleDraftPatch>): Promise<void> {
  const row = await lock(ctx, id, patch.version)
  const after = { title: patch.title ?? row.title, body: patch.body ?? row.body }
  const changes = changesOf({ title: row.title, body: row.body }, after)
  if (!changes) return
  await row.$query(ctx.trx).patch({ ...after, version: row.version + 1, updated_at: ctx.now })
  await record(ctx, { action: 'article_draft.changed', object: objectOf(row), ...changes })
}

/** @throws NotFound; Conflict `version_conflict` */
export async function removeDraft(ctx: Ctx<StaffActor>, id: string, version: number): Promise<void> {
  const row = await lock(ctx, id, version)
  await row.$query(ctx.trx).delete()
  await record(ctx, { action: 'article_draft.removed', object: objectOf(row), before: { title: row.title }, after: null })
}
