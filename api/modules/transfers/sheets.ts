/** Spreadsheets around an import: the template to fill in, and what was wrong with what came back. */
import type { Readable } from 'node:stream'
import type { Locale } from '../../contract/identity.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { type CellValue, type SheetFormat, sheetStream } from '../../core/spreadsheets/write-sheet.ts'
import { record } from '../audit/index.ts'
import { Account } from '../identity/index.ts'
import { customColumns, importTitles } from './columns.ts'
import type { ImportRow } from './model.ts'
import { cellsFor, stagedRows } from './staged-rows.ts'
import { faultText, LINE } from './words.ts'

export async function localeOf(ctx: Ctx<StaffActor>): Promise<Locale> {
  const account = await Account.query(ctx.trx).findById(ctx.actor.accountId).select('locale')
  return account?.locale ?? 'zh-CN'
}

/** Headings only: an example would be imported as a customer. */
export async function templateSheet(ctx: Ctx<StaffActor>, format: SheetFormat): Promise<Readable> {
  const titles = importTitles(await customColumns(ctx), await localeOf(ctx))
  return sheetStream(format, { name: 'customers', columns: [...titles.values()].map((title) => ({ title })), rows: [] })
}

/** Every bad row as it was written, with all that is wrong with it; ready to be corrected and imported again. */
export async function errorSheet(ctx: Ctx<StaffActor>, job: ImportRow, format: SheetFormat): Promise<Readable> {
  await record(ctx, {
    action: 'customer_import.errors_exported',
    object: { kind: 'customer_import', id: job.id, label: job.file_name },
    context: { format, numbers: ctx.actor.permissions.has('customers.view_phone') ? 'whole' : 'masked' },
  })
  const locale = await localeOf(ctx)
  const titles = importTitles(await customColumns(ctx), locale)
  const columns = [...titles.values()].map((title) => ({ title }))
  const words = LINE[locale]
  return sheetStream(format, {
    name: 'errors',
    columns: [{ title: words.row, width: 8 }, { title: words.errors, width: 50 }, ...columns],
    rows: errorRows(ctx, job, titles, locale),
  })
}

const BATCH = 500

async function* errorRows(
  ctx: Ctx<StaffActor>,
  job: ImportRow,
  titles: ReadonlyMap<string, string>,
  locale: Locale,
): AsyncGenerator<CellValue[]> {
  let after = 0
  for (;;) {
    const rows = await stagedRows(ctx, job.id, { only: 'bad', after, limit: BATCH })
    for (const { row, cells, errors } of rows) {
      const shown = cellsFor(ctx, cells)
      const faults = errors.map((error) => faultText(error, titles, locale)).join(locale === 'en' ? '; ' : '；')
      yield [row, faults, ...[...titles.keys()].map((key) => shown[key] ?? '')]
    }
    after = rows.at(-1)?.row ?? after
    if (rows.length < BATCH) return
  }
}
