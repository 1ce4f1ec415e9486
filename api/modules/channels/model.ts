import type { MessagePart } from '../../contract/message.ts'
import { Row } from '../../core/db.ts'

export class ChannelAccountRow extends Row {
  static override tableName = 'channel_accounts'
  static override jsonAttributes = ['config']
  declare id: string
  declare kind: string
  declare name: string
  declare status: 'active' | 'disabled'
  declare config: Record<string, unknown>
  declare sealed_secrets: string
  declare show_agent_name: boolean
  declare health: 'unknown' | 'ok' | 'failing'
  declare health_reason: string | null
  declare health_checked_at: Date | null
  declare paused_until: Date | null
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}

export class InboundEventRecord extends Row {
  static override tableName = 'inbound_events'
  static override jsonAttributes = ['event']
  declare id: string
  declare position: string
  declare channel_account_id: string
  declare external_key: string
  declare kind: string
  declare sender: string | null
  declare event: Record<string, unknown>
  declare raw: string
  declare state: 'received' | 'done' | 'ignored' | 'quarantined'
  declare reason: string | null
  declare duplicates: number
  declare occurred_at: Date
  declare received_at: Date
  declare processed_at: Date | null
}

export type DeliveryRowState = 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'held' | 'unknown' | 'failed'

export class DeliveryRow extends Row {
  static override tableName = 'deliveries'
  static override jsonAttributes = ['part']
  declare id: string
  declare message_id: string
  declare conversation_id: string
  declare conversation_seq: number
  declare ordinal: number
  declare channel_account_id: string
  declare identity_id: string
  declare part: MessagePart
  declare state: DeliveryRowState
  declare attempts: number
  declare lease_until: Date | null
  declare next_attempt_at: Date
  declare external_id: string | null
  declare reason: string | null
  declare platform_code: string | null
  declare created_at: Date
}
