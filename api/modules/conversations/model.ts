import type { MessagePart } from '../../contract/message.ts'
import { Row } from '../../core/db.ts'

export class ConversationRow extends Row {
  static override tableName = 'conversations'
  static override jsonAttributes = ['source', 'last_message']
  declare id: string
  declare kind: 'direct' | 'stream'
  declare status: 'queued' | 'open' | 'closed'
  declare customer_id: string
  declare identity_id: string
  declare channel_account_id: string
  declare assignee_id: string | null
  declare source: { kind: string; label: string | null } | null
  declare last_seq: number
  declare last_message: LastMessage | null
  declare last_message_at: Date | null
  declare waiting_since: Date | null
  declare queued_at: Date | null
  declare opened_at: Date | null
  declare closed_at: Date | null
  declare close_reason: string | null
  declare staff_read_seq: number
  declare customer_read_seq: number
  declare unread: number
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}

/** What a list row shows of the newest message. */
export interface LastMessage {
  direction: 'inbound' | 'outbound' | 'note' | 'system'
  authorKind: 'customer' | 'agent' | 'system' | 'bot'
  part: MessagePart
  recalled: boolean
}

export class MessageRow extends Row {
  static override tableName = 'messages'
  static override idColumn = 'id'
  static override jsonAttributes = ['parts']
  declare id: string
  declare conversation_id: string
  declare seq: number
  declare direction: 'inbound' | 'outbound' | 'note' | 'system'
  declare author_kind: 'customer' | 'agent' | 'system' | 'bot'
  declare author_id: string | null
  declare parts: MessagePart[]
  declare delivery_state: 'pending' | 'sent' | 'delivered' | 'read' | 'held' | 'unknown' | 'failed' | null
  declare delivery_reason: string | null
  declare delivery_platform_code: string | null
  declare client_key: string | null
  declare request_digest: Buffer | null
  declare inbound_event_id: string | null
  declare recalled_at: Date | null
  declare occurred_at: Date
  declare created_at: Date
  declare version: number
}
