import type { SWAP_STATES } from '../../../contract/team.ts'
import { Row } from '../../../core/db.ts'

export class ShiftTemplateRow extends Row {
  static override tableName = 'shift_templates'
  declare id: string
  declare team_id: string
  declare name: string
  declare starts_minute: number
  /** At or before the start: on the next day. */
  declare ends_minute: number
  declare color: string
  declare position: number
  declare disabled_at: Date | null
  declare version: number
}

export interface ShownShift {
  id: string
  day: string
  startsAt: string
  endsAt: string
  template: string | null
}

export class SwapRow extends Row {
  static override tableName = 'shift_swaps'
  static override jsonAttributes = ['shown']
  declare id: string
  declare team_id: string
  declare shift_id: string
  declare from_account_id: string
  declare to_account_id: string
  declare return_shift_id: string | null
  declare reason: string
  /** The shift, then what is given in return, as they were when it was asked. */
  declare shown: ShownShift[]
  declare state: (typeof SWAP_STATES)[number]
  declare requested_by: string
  declare decided_by: string | null
  declare decided_at: Date | null
  declare version: number
  declare created_at: Date
}
