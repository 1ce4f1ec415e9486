/** The import becomes customers: one transaction, so that nothing is half done, whatever happens on the way. */
import { z } from 'zod'
import type { App } from '../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../core/context.ts'
import { CUSTOMER_STATUSES } from '../../contract/customer-terms.ts'
import { fieldValuesSchema } from '../../contract/dictionary.ts'
import type { DuplicatePolicy } from '../../contract/customer-terms.ts'
import { record } from '../audit/index.ts'
import { createNamed, type CustomerEntry, namedIds, writeMany } from '../customers/index.ts'
import { Account } from '../identity/index.ts'
import { findDuplicates } from './find-duplicates.ts'
import { type ImportResult, ImportRow } from './model.ts'

const BATCH = 1000
const text = z.string().nullable()
const stagedRow = z.object({
  row: z.number(),
  duplicate_id: text,
  duplicate_by: z.enum(['phone', 'name']).nullable(),
  entry: z.object({
    name: z.string(),
    phone: text,
    remarkName: text,
    title: text,
    note: text,
    status: z.enum(CUSTOMER_STATUSES).nullable(),
    institution: text,
    ownerId: text,
    levelId: text,
    regionId: text,
    tags: z.array(z.string()),
    fields: fieldValuesSchema,
  }),
})
type Staged = z.infer<typeof stagedRow>

/** Emits `customers.imported`. Doing it again after a worker died begins anew: nothing of the first try was kept. */
export async function applyImport(app: App, id: string): Promise<void> {
  await inTransaction(app, SYSTEM, async (ctx) => {
    const job = await ImportRow.query(ctx.trx).findOne({ id, state: 'applying' }).forUpdate()
    if (!job?.policy) return
    await findDuplicates(ctx, id)
    const by = await Account.query(ctx.trx).findById(job.created_by).select('id', 'name').throwIfNotFound()
    const result = await writeAll(ctx, job, { policy: job.policy, by })
    await job.$query(ctx.trx).patch({ state: 'applied', result, finished_at: ctx.now, leased_until: null, version: job.version + 1 })
    await record(ctx, {
      action: 'customers.imported',
      object: { kind: 'customer_import', id, label: job.file_name },
      context: { ...result, policy: job.policy, uploadedBy: job.created_by, uploadedByName: by.name },
    })
    ctx.emit({ name: 'customers.imported', subjectId: id, payload: { ...result } })
  })
}

async function writeAll(ctx: Ctx, job: ImportRow, { policy, by }: { policy: DuplicatePolicy; by: Account }): Promise<ImportResult> {
  const result: ImportResult = { created: 0, updated: 0, skipped: 0, left: job.bad }
  const touched = new Set<string>()
  let after = 0
  for (;;) {
    const rows = await nextRows(ctx, job.id, after)
    const last = rows.at(-1)
    if (!last) return result
    const decided = rows.map((row) => ({ row, mode: modeOf(row, policy, touched) }))
    const written = decided.filter(({ mode }) => mode !== 'skip')
    await writeMany(ctx, await entriesOf(ctx, job, written), { source: 'import', id: job.id, by: { id: by.id, name: by.name } })
    for (const { mode } of decided) result[RESULT_OF[mode]] += 1
    after = last.row
  }
}

type Mode = 'create' | 'update' | 'skip'
const RESULT_OF = { create: 'created', update: 'updated', skip: 'skipped' } as const

/** A customer is updated by the first row that names him; a second one would undo it. */
function modeOf({ duplicate_id: id, duplicate_by: by }: Staged, policy: DuplicatePolicy, touched: Set<string>): Mode {
  if (id === null || (policy === 'create' && by === 'name')) return 'create'
  if (policy !== 'update' || touched.has(id)) return 'skip'
  touched.add(id)
  return 'update'
}

async function nextRows(ctx: Ctx, importId: string, after: number): Promise<Staged[]> {
  const rows: unknown = await ctx
    .trx('customer_import_rows')
    .select('row', 'duplicate_id', 'duplicate_by', 'entry')
    .where({ import_id: importId })
    .where('row', '>', after)
    .whereRaw(`errors = '[]'`)
    .orderBy('row')
    .limit(BATCH)
  return stagedRow.array().parse(rows)
}

async function entriesOf(ctx: Ctx, { options }: ImportRow, rows: readonly { row: Staged; mode: Mode }[]): Promise<CustomerEntry[]> {
  const ids = (kind: 'institution' | 'tag', names: string[], create: boolean) =>
    create ? createNamed(ctx, kind, names) : namedIds(ctx, kind, names)
  const entries = rows.map(({ row }) => row.entry)
  const institutions = await ids(
    'institution',
    entries.flatMap(({ institution }) => institution ?? []),
    options.createInstitutions,
  )
  const tags = await ids(
    'tag',
    entries.flatMap((entry) => entry.tags),
    options.createTags,
  )
  return rows.map(({ row: { entry, duplicate_id: id }, mode }) => ({
    ...entry,
    id: mode === 'update' ? id : null,
    institutionId: entry.institution === null ? null : (institutions.get(entry.institution.toLowerCase()) ?? null),
    tagIds: entry.tags.flatMap((name) => tags.get(name.toLowerCase()) ?? []),
  }))
}
