import type { TransferState } from '../../../contract/transfer.ts'
import { Row } from '../../../core/db.ts'

export class TransferRow extends Row {
  static override tableName = 'conversation_transfers'
  declare id: string
  declare conversation_id: string
  declare state: TransferState
  declare from_account_id: string
  declare offered_by: string
  declare to_account_id: string | null
  declare to_team_id: string | null
  declare note_seq: number | null
  declare offered_at: Date
  declare expires_at: Date | null
  declare decided_at: Date | null
  declare decided_by: string | null
  declare reason: string | null
  declare version: number
}
