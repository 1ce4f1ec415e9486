import type { App } from '../../core/app.ts'
import { AttachmentRow } from './model.ts'

/** Uploads that no message took within a day. The row goes first: a file without a row is only wasted space. */
export async function forgetOrphans(app: App): Promise<void> {
  const rows = await AttachmentRow.query(app.db)
    .whereIn(
      'id',
      AttachmentRow.query(app.db)
        .select('id')
        .whereNull('conversation_id')
        .where('created_at', '<', app.db.raw(`app_now() - interval '1 day'`))
        .limit(500),
    )
    .whereNull('conversation_id')
    .delete()
    .returning('*')
  for (const row of rows) {
    await app.storage.remove(row.storage_key)
    if (row.thumbnail_key !== null) await app.storage.remove(row.thumbnail_key)
  }
}
