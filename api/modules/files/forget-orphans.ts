import type { App } from '../../core/app.ts'
import { AttachmentRow } from './model.ts'

const pictureOfSomebody = (app: App) => app.db('accounts').select('id').whereRaw('accounts.avatar_attachment_id = attachments.id')

/** Uploads that no message took within a day and that are nobody's picture. The row goes first: a file without a row is only wasted space. */
export async function forgetOrphans(app: App): Promise<void> {
  const rows = await AttachmentRow.query(app.db)
    .whereIn(
      'id',
      AttachmentRow.query(app.db)
        .select('id')
        .whereNull('conversation_id')
        .where('created_at', '<', app.db.raw(`app_now() - interval '1 day'`))
        .whereNotExists(pictureOfSomebody(app))
        .limit(500),
    )
    .whereNull('conversation_id')
    .whereNotExists(pictureOfSomebody(app))
    .delete()
    .returning('*')
  for (const row of rows) {
    await app.storage.remove(row.storage_key)
    if (row.thumbnail_key !== null) await app.storage.remove(row.thumbnail_key)
  }
}
