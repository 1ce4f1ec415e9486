import { Row } from '../../core/db.ts'

export class ViewRow extends Row {
  static override tableName = 'saved_views'
  static override jsonAttributes = ['filters']
  declare id: string
  declare owner_id: string
  declare team_id: string | null
  declare page: string
  declare name: string
  declare filters: Record<string, string | string[]>
  declare position: number
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}
