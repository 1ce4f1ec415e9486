import type { AuditEntry } from '../../contract/audit.ts'
import { Row } from '../../core/db.ts'

export class AuditEntryRow extends Row {
  static override tableName = 'audit_entries'
  static override jsonAttributes = ['before', 'after', 'context']
  declare id: string
  declare occurred_at: Date
  declare actor_kind: AuditEntry['actor']['kind']
  declare actor_id: string | null
  declare actor_name: string | null
  declare action: string
  declare object_kind: string
  declare object_id: string | null
  declare object_label: string | null
  declare before: Record<string, unknown> | null
  declare after: Record<string, unknown> | null
  declare context: Record<string, unknown>
  declare ip: string | null
  declare user_agent: string | null
  /** Joined from the chain. */
  declare position: string | null
}
