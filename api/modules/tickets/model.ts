import type { Priority } from '../../contract/priority.ts'
import type { SLA_CLOCKS, SLA_STATES } from '../../contract/ticket.ts'
import type { FormField, FormValues } from '../../contract/ticket-type.ts'
import type { TicketSource, TicketStatus } from '../../contract/ticket-status.ts'
import { Row } from '../../core/db.ts'

export class TicketRow extends Row {
  static override tableName = 'tickets'
  static override jsonAttributes = ['fields']
  declare id: string
  declare number: string
  declare title: string
  declare description: string
  declare type_id: string
  declare priority: Priority
  declare status: TicketStatus
  declare status_since: Date
  declare team_id: string | null
  declare assignee_id: string | null
  declare assigned_at: Date | null
  /** Its assignee has opened it since it was given to him, and since the customer last spoke; null: unread. */
  declare seen_at: Date | null
  declare customer_id: string | null
  declare identity_id: string | null
  declare channel_account_id: string | null
  declare conversation_id: string | null
  declare source: TicketSource
  declare fields: FormValues
  declare tags: string[]
  /** The same as the rows of `ticket_watchers`; written by `watchers.ts` alone. */
  declare watcher_ids: string[]
  declare solution: string | null
  declare escalation_level: number
  declare reopened_count: number
  declare urges: number
  declare last_urged_at: Date | null
  declare merged_into: string | null
  declare next_due_at: Date | null
  declare next_due_clock: (typeof SLA_CLOCKS)[number] | null
  declare sla_state: (typeof SLA_STATES)[number] | null
  /** Working seconds left when its clock stood still; null while it runs. */
  declare sla_left_seconds: number | null
  declare breached: boolean
  declare first_replied_at: Date | null
  declare resolved_at: Date | null
  declare closed_at: Date | null
  declare close_reason: string | null
  declare created_by: string | null
  declare client_key: string | null
  declare request_digest: Buffer | null
  /** Bumped by each change that a reader sees, clocks apart. */
  declare version: number
  declare created_at: Date
  declare updated_at: Date
  declare last_activity_at: Date
}

export class TicketTypeRow extends Row {
  static override tableName = 'ticket_types'
  static override jsonAttributes = ['fields']
  declare id: string
  declare name_zh: string
  declare name_en: string
  declare description: string
  declare color: string | null
  declare business_type_id: string | null
  declare team_id: string | null
  declare priority: Priority
  declare fields: FormField[]
  declare position: number
  declare open_to_customers: boolean
  declare disabled_at: Date | null
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}

export class TicketEventRow extends Row {
  static override tableName = 'ticket_events'
  static override jsonAttributes = ['before', 'after', 'params']
  declare id: string
  declare ticket_id: string
  declare kind: string
  declare actor_kind: 'staff' | 'customer' | 'system'
  declare actor_id: string | null
  declare before: Record<string, unknown> | null
  declare after: Record<string, unknown> | null
  declare params: Record<string, unknown>
  declare version: number
  declare created_at: Date
}

export class TicketFileRow extends Row {
  static override tableName = 'ticket_files'
  static override idColumn = ['ticket_id', 'attachment_id']
  declare ticket_id: string
  declare attachment_id: string
  /** The file of the conversation that it is a copy of. */
  declare origin_id: string | null
  declare added_by: string | null
  declare created_at: Date
}

export class TicketDraftRow extends Row {
  static override tableName = 'ticket_drafts'
  static override jsonAttributes = ['content']
  declare id: string
  declare account_id: string
  declare conversation_id: string | null
  declare content: unknown
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}

export class TicketTemplateRow extends Row {
  static override tableName = 'ticket_templates'
  static override jsonAttributes = ['content']
  declare id: string
  declare name: string
  /** Null: for everybody. */
  declare team_id: string | null
  declare type_id: string
  declare content: unknown
  declare disabled_at: Date | null
  declare created_by: string | null
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}
