import type { SlaCalendar, SlaConditions, SlaPolicy, SlaStep } from '../../../contract/sla.ts'
import { Row } from '../../../core/db.ts'

export class SlaPolicyRow extends Row {
  static override tableName = 'sla_policies'
  static override jsonAttributes = ['conditions', 'targets', 'steps']
  declare id: string
  declare name: string
  declare conditions: SlaConditions
  declare targets: SlaPolicy['targets']
  declare calendar_source: SlaCalendar['source']
  declare calendar_id: string | null
  declare pauses: SlaPolicy['pauses']
  declare steps: SlaStep[]
  declare position: number
  declare enabled: boolean
  declare removed_at: Date | null
  declare version: number
  declare updated_at: Date
}
