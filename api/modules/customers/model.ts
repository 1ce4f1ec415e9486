import { Row } from '../../core/db.ts'

export class CustomerRow extends Row {
  static override tableName = 'customers'
  declare id: string
  declare name: string | null
  declare remark_name: string | null
  declare avatar_url: string | null
  declare locale: string | null
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}

export class IdentityRow extends Row {
  static override tableName = 'customer_identities'
  static override jsonAttributes = ['profile']
  declare id: string
  declare customer_id: string
  declare channel_account_id: string | null
  declare kind: string
  declare value: string
  declare subscribed: boolean | null
  declare profile: Record<string, unknown>
  declare profile_fetched_at: Date | null
  declare profile_retry_at: Date | null
  declare first_seen_at: Date
  declare last_seen_at: Date
}
