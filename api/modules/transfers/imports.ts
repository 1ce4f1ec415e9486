/** What people do with an import: upload, look, apply, cancel. */
import { z } from 'zod'
import type { ImportApply } from '../../contract/import.ts'
import type { listQuery } from '../../contract/list.ts'
import type { App } from '../../core/app.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { decodeTimeCursor, encodeCursor } from '../../core/cursor.ts'
import { Conflict, Forbidden, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { record } from '../audit/index.ts'
import { checkVersion, readerScope } from '../customers/index.ts'
import { type ImportOptions, ImportRow } from './model.ts'
import { IMPORT_DUE } from './work.ts'

/** Somebody else's file names people whom a reader with a narrower scope may not see. @throws NotFound */
export async function importFor(ctx: Ctx<StaffActor>, id: string): Promise<ImportRow> {
  const row = await ImportRow.query(ctx.trx)
    .findById(id)
    .where(await withinReach(ctx))
  if (!row) throw new NotFound('import')
  return row
}

const withinReach = async (ctx: Ctx<StaffActor>): Promise<{ created_by?: string }> =>
  (await readerScope(ctx)) === null ? {} : { created_by: ctx.actor.accountId }

/** The file is kept first, outside any transaction; one without a row is forgotten with the next clean-up of the storage. */
export async function keepFile(app: App, data: Buffer): Promise<string> {
  const key = `import-${newId()}`
  await app.storage.put(key, data, 'application/octet-stream')
  return key
}

/** Reading begins behind this transaction. Emits `customer-import.due`. */
export async function beginImport(
  ctx: Ctx<StaffActor>,
  file: { name: string; storageKey: string },
  options: ImportOptions,
): Promise<ImportRow> {
  const row = await ImportRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    file_name: file.name.slice(-200),
    storage_key: file.storageKey,
    state: 'reading',
    options,
    created_by: ctx.actor.accountId,
    created_at: ctx.now,
  })
  await record(ctx, { action: 'customer_import.uploaded', object: { kind: 'customer_import', id: row.id, label: row.file_name } })
  ctx.emit({ name: IMPORT_DUE, subjectId: row.id })
  return row
}

/**
 * Emits `customer-import.due`. Asking twice: the second is told that it is under way.
 * @throws NotFound; Conflict `version_conflict`, `import_not_ready`, `import_has_errors`; Forbidden to update customers whom one may not see
 */
export async function requestApply(ctx: Ctx<StaffActor>, id: string, { policy, leaveBad, version }: ImportApply): Promise<ImportRow> {
  const row = await lockImport(ctx, id, version, ['ready'])
  if (row.bad > 0 && !leaveBad) throw new Conflict('import_has_errors', 'some rows have errors', { bad: row.bad })
  if (policy === 'update' && (await readerScope(ctx)) !== null)
    throw new Forbidden('forbidden', 'an update may meet customers whom you may not see')
  const applying = await row
    .$query(ctx.trx)
    .patchAndFetch({ state: 'applying', policy, attempts: 0, leased_until: null, version: version + 1 })
  await record(ctx, {
    action: 'customer_import.applied',
    object: { kind: 'customer_import', id, label: row.file_name },
    context: { policy, rows: row.rows, bad: row.bad, duplicates: row.duplicates },
  })
  ctx.emit({ name: IMPORT_DUE, subjectId: id })
  return applying
}

/** What was staged is deleted at once. @throws NotFound; Conflict `version_conflict`, `import_not_ready` */
export async function cancelImport(ctx: Ctx<StaffActor>, id: string, version: number): Promise<ImportRow> {
  const row = await lockImport(ctx, id, version, ['reading', 'ready'])
  await ctx.trx('customer_import_rows').where({ import_id: id }).delete()
  const cancelled = await row
    .$query(ctx.trx)
    .patchAndFetch({ state: 'cancelled', storage_key: null, finished_at: ctx.now, version: version + 1 })
  const key = row.storage_key
  if (key !== null) ctx.afterCommit(() => ctx.app.storage.remove(key))
  await record(ctx, { action: 'customer_import.cancelled', object: { kind: 'customer_import', id, label: row.file_name } })
  return cancelled
}

async function lockImport(ctx: Ctx<StaffActor>, id: string, version: number, states: readonly ImportRow['state'][]): Promise<ImportRow> {
  await importFor(ctx, id)
  const row = await ImportRow.query(ctx.trx).findById(id).forUpdate()
  if (!row) throw new NotFound('import')
  if (!states.includes(row.state)) throw new Conflict('import_not_ready', 'the import is not in a state for that', { state: row.state })
  checkVersion(row, version)
  return row
}

const keyed = z.array(z.object({ id: z.string(), sort_key: z.string() }))

/** Newest first. */
export async function listImports(ctx: Ctx<StaffActor>, query: z.infer<typeof listQuery>) {
  const after = decodeTimeCursor(query.cursor)
  const reach = await withinReach(ctx)
  const found = keyed.parse(
    await ctx
      .trx('customer_imports')
      .select('id', ctx.trx.raw('created_at::text as sort_key'))
      .where(reach)
      .modify((builder) => void (after && builder.whereRaw('(created_at, id) < (?::timestamptz, ?::uuid)', [after.key, after.id])))
      .orderByRaw('created_at desc, id desc')
      .limit(query.limit + 1),
  )
  const shown = found.slice(0, query.limit)
  const rows = await ImportRow.query(ctx.trx).whereIn(
    'id',
    shown.map(({ id }) => id),
  )
  const last = found.length > query.limit ? shown.at(-1) : undefined
  return {
    rows: shown.flatMap(({ id }) => rows.filter((row) => row.id === id)),
    nextCursor: last ? encodeCursor(last.sort_key, last.id) : null,
  }
}
