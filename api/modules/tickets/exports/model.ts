import type { TicketExportRequest } from '../../../contract/ticket-export.ts'
import { Row } from '../../../core/db.ts'

export class TicketExportRow extends Row {
  static override tableName = 'ticket_exports'
  static override jsonAttributes = ['request']
  declare id: string
  declare account_id: string
  declare request: TicketExportRequest
  declare created_at: Date
  declare expires_at: Date
}
