import type { CustomerStatus } from '../../contract/customer-terms.ts'
import type { FieldValues } from '../../contract/dictionary.ts'
import { Row } from '../../core/db.ts'

export class CustomerRow extends Row {
  static override tableName = 'customers'
  static override jsonAttributes = ['fields']
  declare id: string
  declare name: string | null
  declare remark_name: string | null
  declare avatar_url: string | null
  declare locale: string | null
  declare status: CustomerStatus
  declare institution_id: string | null
  declare owner_id: string | null
  declare title: string | null
  declare level_id: string | null
  declare region_id: string | null
  declare fields: FieldValues
  declare note: string | null
  declare archived_at: Date | null
  declare merged_into_id: string | null
  /** To the minute or so: see `noteContacts`. */
  declare last_contact_at: Date | null
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}

export class IdentityRow extends Row {
  static override tableName = 'customer_identities'
  static override jsonAttributes = ['profile', 'evidence']
  declare id: string
  declare customer_id: string
  declare channel_account_id: string | null
  declare kind: string
  declare value: string
  declare subscribed: boolean | null
  declare profile: Record<string, unknown>
  declare profile_fetched_at: Date | null
  declare profile_retry_at: Date | null
  declare evidence: { source?: string } & Record<string, unknown>
  declare verified_at: Date | null
  declare first_seen_at: Date
  declare last_seen_at: Date
}

export class InstitutionRow extends Row {
  static override tableName = 'institutions'
  static override jsonAttributes = ['fields']
  declare id: string
  declare name: string
  declare type_id: string | null
  declare region_id: string | null
  declare parent_id: string | null
  declare primary_contact_id: string | null
  declare address: string | null
  declare note: string | null
  declare fields: FieldValues
  declare archived_at: Date | null
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}

export class TagRow extends Row {
  static override tableName = 'customer_tags'
  declare id: string
  declare name: string
  declare color: string
  declare category: string
  declare created_by: string | null
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}

export class NoteRow extends Row {
  static override tableName = 'customer_notes'
  declare id: string
  declare customer_id: string
  declare author_id: string
  declare text: string
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}
