import type { TicketAction } from '../../../contract/ticket-action.ts'
import { Row } from '../../../core/db.ts'

export class MacroRow extends Row {
  static override tableName = 'ticket_macros'
  static override jsonAttributes = ['actions']
  declare id: string
  declare name: string
  declare description: string
  declare team_id: string | null
  declare actions: TicketAction[]
  declare enabled: boolean
  declare position: number
  declare uses: number
  declare created_by: string | null
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}
