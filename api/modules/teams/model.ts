import type { TeamRole } from '../../contract/team.ts'
import { Row } from '../../core/db.ts'

export class TeamRow extends Row {
  static override tableName = 'teams'
  declare id: string
  declare name: string
  declare description: string
  declare leader_id: string | null
  declare calendar_id: string | null
  declare max_conversations: number | null
  declare member_max_conversations: number | null
  declare uses_shifts: boolean
  declare status: 'active' | 'disabled'
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}

export class MemberRow extends Row {
  static override tableName = 'team_members'
  static override idColumn = ['team_id', 'account_id']
  declare team_id: string
  declare account_id: string
  declare role: TeamRole
  declare max_conversations: number | null
  declare joined_at: Date
  declare version: number
}
