import type { CustomerExportRequest, ImportState } from '../../contract/import.ts'
import type { DuplicatePolicy } from '../../contract/customer-terms.ts'
import { Row } from '../../core/db.ts'

export interface ImportOptions {
  createInstitutions: boolean
  createTags: boolean
}
export interface ImportResult {
  created: number
  updated: number
  /** Of customers who are there already. */
  skipped: number
  /** Left out for their errors. */
  left: number
}

export class ImportRow extends Row {
  static override tableName = 'customer_imports'
  static override jsonAttributes = ['failure', 'options', 'result']
  declare id: string
  declare file_name: string
  declare storage_key: string | null
  declare state: ImportState
  declare failure: { code: string; context: Record<string, unknown> } | null
  declare unknown_columns: string[]
  declare options: ImportOptions
  declare policy: DuplicatePolicy | null
  declare rows: number
  declare bad: number
  declare duplicates: number
  declare result: ImportResult | null
  declare leased_until: Date | null
  /** Of the present state. */
  declare attempts: number
  declare created_by: string
  declare version: number
  declare created_at: Date
  declare finished_at: Date | null
}

export class ExportRow extends Row {
  static override tableName = 'customer_exports'
  static override jsonAttributes = ['request']
  declare id: string
  declare account_id: string
  declare request: CustomerExportRequest
  declare created_at: Date
  declare expires_at: Date
}
