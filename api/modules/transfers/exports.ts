/** Customers out of the house: a short link for one person, read from the database while he downloads. */
import type { Readable } from 'node:stream'
import { z } from 'zod'
import { EXPORT_COLUMNS, type CustomerExportRequest, type ExportColumn } from '../../contract/import.ts'
import type { CustomerSummary } from '../../contract/customer.ts'
import type { Locale } from '../../contract/identity.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Forbidden, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { type CellValue, sheetStream } from '../../core/spreadsheets/write-sheet.ts'
import { record } from '../audit/index.ts'
import { type Condition, conditionsOf, CustomerRow, onColumn, presentSummaries } from '../customers/index.ts'
import { conditionsForReader, segmentFor } from '../segments/index.ts'
import { companySettings, DictionaryEntryRow } from '../settings/index.ts'
import { type CustomField, customColumns, labelOf } from './columns.ts'
import { ExportRow } from './model.ts'
import { localeOf } from './sheets.ts'
import { STATUS_WORDS, titleOf, YES_NO } from './words.ts'

const MINUTES = 10
const LOOK = 20_000
const PAGE = 500

/** @throws NotFound for a segment that is not there; Invalid for one that no longer fits */
export async function requestExport(ctx: Ctx<StaffActor>, request: CustomerExportRequest): Promise<ExportRow> {
  await conditionsFor(ctx, request)
  const row = await ExportRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    account_id: ctx.actor.accountId,
    request,
    created_at: ctx.now,
    expires_at: new Date(ctx.now.getTime() + MINUTES * 60_000),
  })
  await record(ctx, {
    action: 'customers.export_requested',
    object: { kind: 'customer_export', id: row.id },
    context: factsOf(ctx, request),
  })
  return row
}

/** For the trail: which customers, and whether their numbers were whole. What was looked for may be a name, and stays out. */
function factsOf(ctx: Ctx<StaffActor>, { customers, format }: CustomerExportRequest) {
  const numbers = ctx.actor.permissions.has('customers.view_phone') ? 'whole' : 'masked'
  if ('ids' in customers) return { format, numbers, by: 'selection', customers: customers.ids.length }
  return 'segmentId' in customers
    ? { format, numbers, by: 'segment', segmentId: customers.segmentId }
    : { format, numbers, by: 'filter', filters: Object.keys(customers.filter) }
}

/**
 * Whatever he may see of it at this moment: what was taken from him since is not in it.
 * @throws NotFound; Forbidden for somebody else's link, `export_expired`
 */
export async function exportFor(ctx: Ctx<StaffActor>, id: string): Promise<ExportRow> {
  const row = await ExportRow.query(ctx.trx).findById(id)
  if (!row) throw new NotFound('export')
  if (row.account_id !== ctx.actor.accountId) throw new Forbidden('forbidden', 'this link is for somebody else')
  if (row.expires_at <= ctx.now) throw new Forbidden('export_expired', 'this link has expired')
  return row
}

async function conditionsFor(ctx: Ctx<StaffActor>, { customers }: CustomerExportRequest): Promise<Condition[]> {
  if ('segmentId' in customers) return conditionsForReader(ctx, (await segmentFor(ctx, customers.segmentId)).definition)
  if ('filter' in customers) return conditionsOf(ctx, customers.filter)
  const all = await conditionsOf(ctx, { archived: false })
  return [...all, onColumn(ctx.trx, 'c.id = any(?::uuid[])', [customers.ids])]
}

export async function exportSheet(ctx: Ctx<StaffActor>, { id, request }: ExportRow): Promise<Readable> {
  const conditions = await conditionsFor(ctx, request)
  await record(ctx, { action: 'customers.exported', object: { kind: 'customer_export', id }, context: factsOf(ctx, request) })
  const locale = await localeOf(ctx)
  const custom = await customColumns(ctx)
  const words = await wordsOf(ctx, locale, custom)
  const columns = [...EXPORT_COLUMNS.map((column) => titleOf(column, locale)), ...custom.map((field) => labelOf(field, locale))]
  const rows = rowsOf(ctx, conditions, words)
  const sheet = sheetStream(request.format, { name: 'customers', columns: columns.map((title) => ({ title })), rows })
  // The answer has begun: all that is left is to break it off, and to say why.
  return sheet.on('error', (error) => ctx.log.error({ exportId: id, error: String(error) }, 'transfers.export_broken'))
}

interface Words {
  locale: Locale
  custom: readonly CustomField[]
  entries: ReadonlyMap<string, string>
  /** By kind of channel. */
  channels: ReadonlyMap<string, string>
  time(iso: string | null): string
}

async function wordsOf(ctx: Ctx, locale: Locale, custom: readonly CustomField[]): Promise<Words> {
  // Also those that can be chosen no more: customers keep them.
  const entries = await DictionaryEntryRow.query(ctx.trx).whereIn('dictionary', ['customer_level', 'region'])
  const { timeZone } = await companySettings(ctx)
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  return {
    locale,
    custom,
    entries: new Map(entries.map((entry) => [entry.id, locale === 'en' ? entry.label_en : entry.label_zh])),
    channels: new Map(ctx.app.catalogue.kinds().map(({ kind, label }) => [kind, label[locale]])),
    time: (iso) => (iso === null ? '' : format.format(new Date(iso))),
  }
}

const ids = z.array(z.object({ id: z.string() }))

/**
 * In the order of ids, looked for many at a time, since each look may cost as much as the whole filter, and filled in a page at a time. An
 * export of everybody holds no transaction open.
 */
async function* rowsOf(ctx: Ctx<StaffActor>, conditions: readonly Condition[], words: Words): AsyncGenerator<CellValue[]> {
  const reader = { ...ctx, trx: ctx.app.db }
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const found = ids.parse(
      await reader
        .trx('customers as c')
        .select('c.id')
        .where('c.id', '>', after)
        .modify((builder) => conditions.forEach((condition) => condition.where(builder)))
        .orderBy('c.id')
        .limit(LOOK),
    )
    const all = found.map(({ id }) => id)
    for (let from = 0; from < all.length; from += PAGE) yield* await cellsOf(reader, all.slice(from, from + PAGE), words)
    after = all.at(-1) ?? after
    if (all.length < LOOK) return
  }
}

async function cellsOf(ctx: Ctx<StaffActor>, page: readonly string[], words: Words): Promise<CellValue[][]> {
  const rows = await CustomerRow.query(ctx.trx)
    .whereIn('id', [...page])
    .orderBy('id')
  const summaries = await presentSummaries(ctx, rows)
  const phones = ctx.actor.permissions.has('customers.view_phone') ? await wholePhones(ctx, page) : new Map<string, string>()
  return rows.flatMap((row, index) => {
    const summary = summaries[index]
    if (!summary) return []
    const cells = plainCells(summary, row, words)
    cells.phone = phones.get(row.id) ?? summary.phone ?? ''
    return [[...EXPORT_COLUMNS.map((column) => cells[column]), ...words.custom.map((field) => fieldCell(row, field, words.locale))]]
  })
}

const phoneRows = z.array(z.object({ customer_id: z.string(), value: z.string() }))

/** The first number of each. */
async function wholePhones(ctx: Ctx, page: readonly string[]): Promise<Map<string, string>> {
  const rows = phoneRows.parse(
    await ctx
      .trx('customer_identities')
      .select('customer_id', 'value')
      .where('kind', 'phone')
      .whereIn('customer_id', [...page])
      .orderBy(['first_seen_at', 'id']),
  )
  return new Map([...rows].reverse().map((row) => [row.customer_id, row.value]))
}

function plainCells(summary: CustomerSummary, row: CustomerRow, words: Words): Record<ExportColumn, CellValue> {
  return {
    name: summary.name ?? '',
    phone: '',
    remarkName: summary.remarkName ?? '',
    title: summary.title ?? '',
    institution: summary.institution?.name ?? '',
    status: STATUS_WORDS[summary.status][words.locale],
    level: words.entries.get(summary.levelId ?? '') ?? '',
    region: words.entries.get(summary.regionId ?? '') ?? '',
    owner: summary.owner?.name ?? '',
    tags: summary.tags.map(({ name }) => name).join(words.locale === 'en' ? ', ' : '、'),
    note: row.note ?? '',
    channels: summary.channelKinds.map((kind) => words.channels.get(kind) ?? kind).join(words.locale === 'en' ? ', ' : '、'),
    createdAt: words.time(summary.createdAt),
    lastContactAt: words.time(summary.lastContactAt),
  }
}

function fieldCell(row: CustomerRow, { code, options }: CustomField, locale: Locale): CellValue {
  const value = row.fields[code] ?? null
  if (typeof value === 'boolean') return YES_NO[value ? 'yes' : 'no'][locale]
  const choice = options.choices.find((one) => one.value === value)
  return choice ? (locale === 'en' ? choice.labelEn : choice.labelZh) : value
}
