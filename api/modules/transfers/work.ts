/** Hands imports to whoever is free: claimed by a lease, taken over when it runs out. */
import type { App } from '../../core/app.ts'
import { AppError } from '../../core/errors.ts'
import { isOutage } from '../../core/outage.ts'
import { PhonesTaken } from '../customers/index.ts'
import { applyImport } from './apply.ts'
import { LEASE } from './lease.ts'
import { ImportRow } from './model.ts'
import { Cancelled, stageImport } from './stage.ts'

const MAX_ATTEMPTS = 5

export const IMPORT_DUE = 'customer-import.due'

async function claim(app: App): Promise<ImportRow | undefined> {
  const due = app
    .db('customer_imports')
    .select('id')
    .whereIn('state', ['reading', 'applying'])
    .whereRaw('(leased_until is null or leased_until < app_now())')
    .orderBy('created_at')
    .limit(1)
    .forUpdate()
    .skipLocked()
  const [job] = await ImportRow.query(app.db)
    .whereIn('id', due)
    .patch({ leased_until: app.db.raw('app_now() + ?::interval', [LEASE]), attempts: app.db.raw('attempts + 1') })
    .returning('*')
  return job
}

/** Everything that waits, one after the other. */
export async function runImports(app: App): Promise<void> {
  for (;;) {
    const job = await claim(app)
    if (!job) return
    try {
      await (job.state === 'reading' ? stageImport(app, job) : applyImport(app, job.id))
    } catch (error) {
      if (error instanceof Cancelled) continue
      if (isOutage(error)) throw error
      await takeFailure(app, job, error)
    }
  }
}

/**
 * Tried again at once where phones were given away meanwhile (they are duplicates now), else a lease later; not for ever, and not what would
 * be refused again.
 */
async function takeFailure(app: App, job: ImportRow, error: unknown): Promise<void> {
  app.log.error({ importId: job.id, state: job.state, attempts: job.attempts, error: String(error) }, 'transfers.import_failed')
  const refused = error instanceof AppError
  if (refused || job.attempts >= MAX_ATTEMPTS) {
    const failure = JSON.stringify(refused ? { code: error.code, context: error.context } : { code: 'internal', context: {} })
    await app
      .db('customer_imports')
      .where({ id: job.id, state: job.state })
      .update({ state: 'refused', failure, finished_at: app.db.raw('app_now()'), leased_until: null, version: job.version + 1 })
  } else if (error instanceof PhonesTaken) await app.db('customer_imports').where({ id: job.id }).update({ leased_until: null })
}
