import type { OwnVariable, QuickReplyPart, QuickReplyScope, QuickReplyVersion } from '../../contract/quick-reply.ts'
import { Row } from '../../core/db.ts'

export class CategoryRow extends Row {
  static override tableName = 'quick_reply_categories'
  declare id: string
  declare scope: QuickReplyScope
  declare team_id: string | null
  declare owner_id: string | null
  /** Whose shelf it stands on; generated. */
  declare holder: string
  declare parent_id: string | null
  declare name: string
  declare business_type_id: string | null
  declare position: number
  declare version: number
}

export class ReplyRow extends Row {
  static override tableName = 'quick_replies'
  static override jsonAttributes = ['parts', 'variables']
  declare id: string
  declare scope: QuickReplyScope
  declare team_id: string | null
  declare owner_id: string | null
  declare holder: string
  declare category_id: string | null
  declare code: string | null
  declare title: string
  declare parts: QuickReplyPart[]
  declare variables: OwnVariable[]
  declare spoken: string[]
  declare position: number
  declare disabled: boolean
  declare created_by: string | null
  declare updated_by: string | null
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}

export class VersionRow extends Row {
  static override tableName = 'quick_reply_versions'
  static override idColumn = ['reply_id', 'number']
  static override jsonAttributes = ['parts', 'variables']
  declare reply_id: string
  declare number: number
  declare reason: QuickReplyVersion['reason']
  declare title: string
  declare code: string | null
  declare parts: QuickReplyPart[]
  declare variables: OwnVariable[]
  declare actor_id: string | null
  declare created_at: Date
}

export class FileRow extends Row {
  static override tableName = 'quick_reply_files'
  static override idColumn = ['reply_id', 'attachment_id']
  declare reply_id: string
  declare attachment_id: string
}
