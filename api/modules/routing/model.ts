import type { PresenceStatus } from '../../contract/identity.ts'
import type { PresenceCause } from '../../contract/presence.ts'
import type { Overflow, PolicyConditions, PolicySettings, StrategyCode, WorkKind, queueTextsSchema } from '../../contract/routing.ts'
import type { z } from 'zod'
import { Row } from '../../core/db.ts'

/** Where no team says less. */
export const DEFAULT_CAPACITY = 500

export class PresenceRow extends Row {
  static override tableName = 'presences'
  static override idColumn = 'account_id'
  declare account_id: string
  declare status: PresenceStatus
  declare reason: string | null
  declare cause: PresenceCause
  declare note: string | null
  declare since: Date
  declare capacity: number
  declare last_assigned_at: Date | null
  declare last_seen_at: Date | null
  declare active_at: Date | null
  declare response_seconds: number | null
  declare version: number
}

export class PolicyRow extends Row {
  static override tableName = 'assignment_policies'
  static override jsonAttributes = ['settings', 'conditions']
  declare id: string
  declare work_kind: WorkKind
  declare name: string
  declare team_id: string | null
  declare strategy: StrategyCode
  declare settings: PolicySettings
  declare conditions: PolicyConditions
  declare calendar_id: string | null
  declare otherwise: 'next' | 'wait'
  declare position: number
  declare enabled: boolean
  declare effective_from: Date | null
  declare effective_until: Date | null
  declare version: number
  declare updated_at: Date
}

export class QueueRuleRow extends Row {
  static override tableName = 'queue_rules'
  static override jsonAttributes = ['texts']
  declare id: string
  declare team_id: string | null
  declare max_waiting: number | null
  declare max_wait_seconds: number | null
  declare overflow: Overflow
  declare overflow_team_id: string | null
  declare vip_tag_ids: string[]
  declare vip_points: number
  declare returning_minutes: number
  declare returning_points: number
  declare points_per_minute: number
  declare accept_seconds: number | null
  declare texts: z.output<typeof queueTextsSchema>
  declare version: number
  declare updated_at: Date
}
