/** Files that something other than a message needs: they stay, and what is sent of them are copies that share their object. */
import type { Knex } from 'knex'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { AttachmentRow } from './model.ts'
import { attachmentFor } from './policy.ts'

/**
 * Keeps a file that the actor may see: his own unsent upload as it is, any other as a copy, so that no scope changes.
 * @returns the kept row, with an id of its own where it was copied
 * @throws NotFound outside his scope
 */
export async function keepAttachment(ctx: Ctx<StaffActor>, id: string): Promise<AttachmentRow> {
  const row = await attachmentFor(ctx, id)
  const loose = row.account_id === ctx.actor.accountId && row.conversation_id === null && !row.kept
  if (loose) return AttachmentRow.query(ctx.trx).patchAndFetchById(id, { kept: true })
  const copies = await copyAttachments(ctx.trx, [id], { accountId: ctx.actor.accountId, kept: true })
  return AttachmentRow.query(ctx.trx)
    .findById(copies.get(id)?.id ?? id)
    .throwIfNotFound()
}

/**
 * Rows of their own for these files, belonging to `accountId` and to no conversation yet; the bytes are shared. One statement, however many.
 * @returns by the id copied; what is gone by now is absent
 */
export async function copyAttachments(
  trx: Knex,
  ids: readonly string[],
  { accountId, kept = false }: { accountId: string; kept?: boolean },
): Promise<ReadonlyMap<string, AttachmentRow>> {
  const pairs = [...new Set(ids)].map((id) => ({ id, copy: newId() }))
  if (pairs.length === 0) return new Map()
  await trx.raw(
    `insert into attachments (id, kind, name, mime, size_bytes, sha256, width, height, storage_key, thumbnail_key, account_id, kept)
     select t.copy, a.kind, a.name, a.mime, a.size_bytes, a.sha256, a.width, a.height, a.storage_key, a.thumbnail_key, :accountId, :kept
     from json_to_recordset(:pairs::json) as t(id uuid, copy uuid)
     join lateral (select * from attachments where attachments.id = t.id for key share) a on true`,
    { accountId, kept, pairs: JSON.stringify(pairs) },
  )
  const rows = await AttachmentRow.query(trx).whereIn(
    'id',
    pairs.map(({ copy }) => copy),
  )
  const byCopy = new Map(rows.map((row) => [row.id, row]))
  return new Map(
    pairs.flatMap(({ id, copy }) => {
      const row = byCopy.get(copy)
      return row ? [[id, row] as const] : []
    }),
  )
}

/** Nothing needs them any more: as for every upload that nobody sent, a day remains. */
export async function releaseAttachments(trx: Knex, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await AttachmentRow.query(trx)
    .whereIn('id', [...ids])
    .patch({ kept: false })
}
