/** Reads a file into staged rows, batch by batch, so that neither the file's length nor a dying worker matters. */
import type { App } from '../../core/app.ts'
import { inTransaction, SYSTEM, type Ctx } from '../../core/context.ts'
import { AppError, Invalid } from '../../core/errors.ts'
import { cellOf, type Heading, readHeading } from '../../core/spreadsheets/heading.ts'
import { readRows, type SheetRow } from '../../core/spreadsheets/read-rows.ts'
import { type ImportError } from '../../contract/import.ts'
import { IMPORT_MAX_BYTES, IMPORT_MAX_ROWS } from '../../contract/customer-terms.ts'
import { namedIds } from '../customers/index.ts'
import { type Cells, checkRow, type Entry, type Lookups } from './check-row.ts'
import { customColumns, importHeadings } from './columns.ts'
import { finishStaging } from './find-duplicates.ts'
import { LEASE } from './lease.ts'
import { loadLookups } from './lookups.ts'
import { ImportRow } from './model.ts'

const BATCH = 500
const LIMITS = { maxBytes: IMPORT_MAX_BYTES, maxRows: IMPORT_MAX_ROWS + 1 }

/** From where an earlier worker stopped, if one did. What is wrong with the file as a whole refuses it. */
export async function stageImport(app: App, job: ImportRow): Promise<void> {
  try {
    await readAll(app, job)
    await inTransaction(app, SYSTEM, (ctx) => finishStaging(ctx, job.id))
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
    const failure = { code: error.code, context: error.context }
    await inTransaction(app, SYSTEM, async (ctx) => {
      await ctx.trx('customer_import_rows').where({ import_id: job.id }).delete()
      await ImportRow.query(ctx.trx)
        .where({ id: job.id, state: 'reading' })
        .patch({ state: 'refused', failure, finished_at: ctx.now, leased_until: null, version: job.version + 1 })
    })
  }
}

async function readAll(app: App, job: ImportRow): Promise<void> {
  if (job.storage_key === null) throw new Error('an import without its file')
  const prepared = await inTransaction(app, SYSTEM, async (ctx) => {
    const custom = await customColumns(ctx)
    return { custom, lookups: await loadLookups(ctx, custom, job.options), staged: await lastStaged(ctx, job.id) }
  })
  const file = await app.storage.read(job.storage_key)
  // Past a limit, or damaged at its end: found out before anything is staged.
  for await (const row of readRows(file, LIMITS)) void row
  let heading: Heading<string> | null = null
  let batch: SheetRow[] = []
  let rows = 0
  for await (const row of readRows(file, LIMITS)) {
    if (heading === null) {
      heading = await takeHeading(app, job, row, importHeadings(prepared.custom))
      continue
    }
    rows += 1
    if (row.number <= prepared.staged) continue
    batch.push(row)
    if (batch.length < BATCH) continue
    await stageBatch(app, job, stagedRows(batch, heading, prepared.lookups))
    batch = []
  }
  if (heading === null || rows === 0) throw new Invalid('import_empty', 'the spreadsheet has no rows')
  if (batch.length > 0) await stageBatch(app, job, stagedRows(batch, heading, prepared.lookups))
}

async function lastStaged(ctx: Ctx, importId: string): Promise<number> {
  const found: unknown = await ctx.trx('customer_import_rows').where({ import_id: importId }).max({ row: 'row' }).first()
  return typeof found === 'object' && found !== null && 'row' in found ? Number(found.row ?? 0) : 0
}

async function takeHeading(app: App, job: ImportRow, row: SheetRow, known: ReturnType<typeof importHeadings>): Promise<Heading<string>> {
  const heading = readHeading(row.cells, known)
  if (!heading.columns.has('name')) throw new Invalid('import_columns_missing', 'no column holds names', { found: row.cells.slice(0, 50) })
  const unknown = [...heading.unknown, ...heading.repeated].map((title) => title.slice(0, 60)).slice(0, 50)
  await app.db('customer_imports').where({ id: job.id }).update({ unknown_columns: unknown })
  return heading
}

interface Staged {
  row: number
  cells: Cells
  entry: Entry
  phone: string | null
  errors: ImportError[]
}

function stagedRows(batch: readonly SheetRow[], heading: Heading<string>, lookups: Lookups): Staged[] {
  return batch.map(({ number, cells: texts }) => {
    const written = [...heading.columns.keys()].map((key) => [key, cellOf(heading, texts, key)] as const)
    const cells: Cells = Object.fromEntries(written.filter(([, text]) => text !== '').map(([key, text]) => [key, storable(text)]))
    const { entry, errors } = checkRow(cells, lookups)
    return { row: number, cells, entry, phone: entry.phone, errors }
  })
}

/** JSON in the database holds neither; the reader of the preview sees that something was there. */
const storable = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed().slice(0, 2100)

async function stageBatch(app: App, job: ImportRow, staged: readonly Staged[]): Promise<void> {
  await inTransaction(app, SYSTEM, async (ctx) => {
    if (!job.options.createInstitutions) await checkInstitutions(ctx, staged)
    await ctx.trx.raw(
      `insert into customer_import_rows (import_id, row, cells, entry, phone, errors)
       select ?, row, cells, entry, phone, errors from json_to_recordset(?::json) as t(row int, cells jsonb, entry jsonb, phone text, errors jsonb)
       on conflict do nothing`,
      [job.id, JSON.stringify(staged)],
    )
    // Progress, and the lease for the next batch; whoever cancelled meanwhile stops the reading.
    const going: unknown = await ctx.trx.raw(
      `update customer_imports set rows = rows + ?, leased_until = app_now() + ?::interval where id = ? and state = 'reading' returning id`,
      [staged.length, LEASE, job.id],
    )
    if (isEmpty(going)) throw new Cancelled('cancelled')
  })
}

export class Cancelled extends Error {}
const isEmpty = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && 'rowCount' in answer && Number(answer.rowCount) === 0

async function checkInstitutions(ctx: Ctx, staged: readonly Staged[]): Promise<void> {
  const names = staged.flatMap(({ entry }) => entry.institution ?? [])
  if (names.length === 0) return
  const known = await namedIds(ctx, 'institution', names)
  for (const { entry, errors } of staged) {
    if (entry.institution !== null && !known.has(entry.institution.toLowerCase()))
      errors.push({ column: 'institution', fault: 'unknown', params: { value: entry.institution.slice(0, 60) } })
  }
}
