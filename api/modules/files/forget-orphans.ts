import type { App } from '../../core/app.ts'
import { AttachmentRow } from './model.ts'

const pictureOfSomebody = (app: App) => app.db('accounts').select('id').whereRaw('accounts.avatar_attachment_id = attachments.id')

/**
 * Uploads that no message took within a day, that nothing keeps and that are nobody's picture. The row goes first: a file without a row is only wasted
 * space. Its object goes with the last row that names it: who copies one holds it, so a copy is seen here or was not made.
 */
export async function forgetOrphans(app: App): Promise<void> {
  const rows = await AttachmentRow.query(app.db)
    .whereIn(
      'id',
      AttachmentRow.query(app.db)
        .select('id')
        .where({ conversation_id: null, kept: false })
        .where('created_at', '<', app.db.raw(`app_now() - interval '1 day'`))
        .whereNotExists(pictureOfSomebody(app))
        .limit(500),
    )
    .where({ conversation_id: null, kept: false })
    .whereNotExists(pictureOfSomebody(app))
    .delete()
    .returning('*')
  const named = await AttachmentRow.query(app.db)
    .whereIn(
      'storage_key',
      rows.map((row) => row.storage_key),
    )
    .select('storage_key')
  const shared = new Set(named.map((row) => row.storage_key))
  for (const row of rows.filter((each) => !shared.has(each.storage_key))) {
    await app.storage.remove(row.storage_key)
    if (row.thumbnail_key !== null) await app.storage.remove(row.thumbnail_key)
  }
}
