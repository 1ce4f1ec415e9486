import type { App } from '../../core/app.ts'
import { ImportRow } from './model.ts'

/** Staged rows hold personal data that is nowhere else: after a week they go, with the file. */
const DAYS = 7
const BATCH = 100

export async function cleanUp(app: App): Promise<void> {
  await app.db('customer_exports').whereRaw(`expires_at < app_now() - interval '1 day'`).delete()
  for (;;) {
    const old = await ImportRow.query(app.db)
      .whereNotNull('storage_key')
      .whereNotIn('state', ['reading', 'applying'])
      .whereRaw('created_at < app_now() - ?::interval', [`${DAYS} days`])
      .limit(BATCH)
      .select('id', 'storage_key')
    for (const { id, storage_key: key } of old) {
      if (key !== null) await app.storage.remove(key)
      await app.db('customer_import_rows').where({ import_id: id }).delete()
      await app
        .db('customer_imports')
        .where({ id })
        .update({
          storage_key: null,
          state: app.db.raw(`case state when 'ready' then 'cancelled' else state end`),
          finished_at: app.db.raw('coalesce(finished_at, app_now())'),
          version: app.db.raw('version + 1'),
        })
    }
    if (old.length < BATCH) return
  }
}
