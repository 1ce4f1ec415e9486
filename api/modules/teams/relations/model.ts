import type { RelationRank } from '../../../contract/relation.ts'
import { Row } from '../../../core/db.ts'

export class RelationRow extends Row {
  static override tableName = 'service_relations'
  declare id: string
  declare customer_id: string | null
  declare institution_id: string | null
  declare team_id: string
  declare rank: RelationRank
  /** Empty: every business. */
  declare business_type_ids: string[]
  /** `yyyy-mm-dd`, as it is loaded by `RELATION_COLUMNS`. */
  declare valid_from: string
  declare valid_until: string | null
  declare remind_days: number | null
  declare note: string
  declare ended_at: Date | null
  declare end_reason: string | null
  declare created_by: string | null
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}

/** Days as text: a JavaScript date would bring a time zone along. */
export const RELATION_COLUMNS = `r.id, r.customer_id, r.institution_id, r.team_id, r.rank, r.business_type_ids, r.valid_from::text as valid_from,
  r.valid_until::text as valid_until, r.remind_days, r.note, r.ended_at, r.end_reason, r.created_by, r.version, r.created_at, r.updated_at`
