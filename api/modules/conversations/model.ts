import type { MatchReason, WaitingFor } from '../../contract/consultation.ts'
import type { MessagePart } from '../../contract/message.ts'
import type { WRAP_RESULTS } from '../../contract/ending.ts'
import { Row } from '../../core/db.ts'
import type { Helping } from './helpers/shown-helpers.ts'

type WrapResult = (typeof WRAP_RESULTS)[number]

export class ConversationRow extends Row {
  static override tableName = 'conversations'
  static override jsonAttributes = ['helpers', 'source', 'last_message', 'match_reason']
  declare id: string
  declare kind: 'direct' | 'stream' | 'split'
  declare status: 'queued' | 'open' | 'closed'
  declare customer_id: string
  declare identity_id: string
  declare channel_account_id: string
  declare assignee_id: string | null
  declare team_id: string | null
  declare priority: number
  declare business_type_id: string | null
  declare source: { kind: string; label: string | null } | null
  /** What stands between him and the queue; null: nothing. */
  declare waiting_for: WaitingFor | null
  declare match_reason: MatchReason | null
  declare last_seq: number
  declare last_message: LastMessage | null
  declare last_message_at: Date | null
  declare waiting_since: Date | null
  declare queued_at: Date | null
  declare opened_at: Date | null
  /** Its agent has turned to it: read, answered, or took it himself. Null while it is only assigned. */
  declare accepted_at: Date | null
  declare unaccepted_told_at: Date | null
  declare closed_at: Date | null
  declare close_reason: string | null
  declare closed_by: string | null
  declare answered_at: Date | null
  declare idle_warned_at: Date | null
  declare continues_id: string | null
  declare snoozed_by: string | null
  declare snoozed_until: Date | null
  declare wrap_category_id: string | null
  declare wrap_result: WrapResult | null
  declare wrap_summary: string | null
  declare wrapped_at: Date | null
  declare wrapped_by: string | null
  declare staff_read_seq: number
  declare customer_read_seq: number
  declare unread: number
  /** Who helps, null for nobody; the same as the present rows of `conversation_helpers`. */
  declare helpers: Helping
  /** Who is asked to take it over; the same as the running row of `conversation_transfers`. */
  declare offered_to: string | null
  declare merged_into: string | null
  declare split_from: string | null
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}

/** What a list row shows of the newest message. */
export interface LastMessage {
  direction: MessageRow['direction']
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
  declare direction: 'inbound' | 'outbound' | 'note' | 'system' | 'whisper'
  declare author_kind: 'customer' | 'agent' | 'system' | 'bot'
  declare author_id: string | null
  /** Whom a whisper is for. */
  declare addressee_id: string | null
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

/** Reasons of what is kept back for somebody's agreement, and of what did not get it. */
export const AWAITING_APPROVAL = 'awaiting_approval'
export const APPROVAL_REFUSED = 'approval_refused'
