/** Customers from and to spreadsheets (MOD-05). */
import { z } from 'zod'
import { DUPLICATE_POLICIES, IMPORT_COLUMNS } from './customer-terms.ts'
import { customerFilter } from './customer.ts'
import { listQuery } from './list.ts'

export const SHEET_FORMATS = ['xlsx', 'csv'] as const

/** `reading` → `ready` | `refused` (no such file) ; `ready` → `applying` → `applied`; `cancelled` by hand, or after 7 days. */
export const IMPORT_STATES = ['reading', 'ready', 'refused', 'applying', 'applied', 'cancelled'] as const
export type ImportState = (typeof IMPORT_STATES)[number]

export const IMPORT_FAULTS = [
  'required',
  'too_long',
  'malformed',
  'phone_invalid',
  /** Also on an earlier row of the file: `params.row`. */
  'repeated',
  /** Nothing has this name: a level, region, institution, tag or member of staff. */
  'unknown',
  /** Several have this name. */
  'ambiguous',
  'field_invalid',
  'too_many_tags',
] as const
export type ImportFault = (typeof IMPORT_FAULTS)[number]
/** `column`: one of `IMPORT_COLUMNS`, or `fields.{code}`. */
export const importErrorSchema = z.object({
  column: z.string(),
  fault: z.enum(IMPORT_FAULTS),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type ImportError = z.infer<typeof importErrorSchema>

export const customerImportSchema = z.object({
  id: z.uuid(),
  fileName: z.string(),
  state: z.enum(IMPORT_STATES),
  /** Of `refused`: an error code with its context, e.g. `spreadsheet_too_large`. */
  failure: z.object({ code: z.string(), context: z.record(z.string(), z.unknown()) }).nullable(),
  /** Headings of the file that mean nothing here and are left out. */
  unknownColumns: z.array(z.string()),
  counts: z.object({
    /** Rows so far; while `reading` the number grows. */
    rows: z.int().nonnegative(),
    bad: z.int().nonnegative(),
    /** Whose customer is there already. */
    duplicates: z.int().nonnegative(),
  }),
  policy: z.enum(DUPLICATE_POLICIES).nullable(),
  /** Of `applied`. */
  result: z.object({ created: z.int(), updated: z.int(), skipped: z.int(), left: z.int() }).nullable(),
  createdBy: z.object({ id: z.uuid(), name: z.string() }),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  version: z.int().positive(),
})
export type CustomerImport = z.infer<typeof customerImportSchema>

export const importRowSchema = z.object({
  /** As the spreadsheet numbers it. */
  row: z.int().positive(),
  /** As they were written, by column; phones masked for those who may not see them. */
  cells: z.record(z.string(), z.string()),
  errors: z.array(importErrorSchema),
  /** The customer who is there already, and by what he was recognised. */
  duplicate: z.object({ customerId: z.uuid(), name: z.string().nullable(), by: z.enum(['phone', 'name']) }).nullable(),
})
export type ImportRow = z.infer<typeof importRowSchema>
export const importRowQuery = listQuery.extend({ only: z.enum(['all', 'bad', 'duplicates', 'good']).default('all') })

/** `leaveBad`: rows with errors are left out; without it an import with any is refused. `create…`: unknown names become new entries. */
export const importApplyRequest = z.strictObject({
  policy: z.enum(DUPLICATE_POLICIES),
  leaveBad: z.boolean().default(false),
  version: z.int().positive(),
})
export type ImportApply = z.infer<typeof importApplyRequest>
/** May be asked for with the upload: institutions and tags that are not there yet are made when the import is applied. */
export const importUploadQuery = z.strictObject({
  createInstitutions: z.enum(['true', 'false']).default('false'),
  createTags: z.enum(['true', 'false']).default('false'),
})
export const sheetQuery = z.strictObject({ format: z.enum(SHEET_FORMATS).default('xlsx') })
export const versionBody = z.strictObject({ version: z.int().positive() })

/** Columns of an export; the phone is masked for those who may not see it. */
export const EXPORT_COLUMNS = [...IMPORT_COLUMNS, 'channels', 'createdAt', 'lastContactAt'] as const
export type ExportColumn = (typeof EXPORT_COLUMNS)[number]
export const customerExportRequest = z.strictObject({
  customers: z.union([
    z.strictObject({ filter: customerFilter }),
    z.strictObject({ segmentId: z.uuid() }),
    z.strictObject({ ids: z.array(z.uuid()).min(1).max(5000) }),
  ]),
  format: z.enum(SHEET_FORMATS).default('xlsx'),
})
export type CustomerExportRequest = z.infer<typeof customerExportRequest>
/** A link for this person alone, for a few minutes. */
export const customerExportSchema = z.object({ url: z.string(), expiresAt: z.iso.datetime() })
