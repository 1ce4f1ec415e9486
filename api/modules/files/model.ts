import { Row } from '../../core/db.ts'

export class AttachmentRow extends Row {
  static override tableName = 'attachments'
  declare id: string
  declare kind: 'image' | 'audio' | 'video' | 'file'
  declare name: string
  declare mime: string
  /** bigint in SQL: a string here. */
  declare size_bytes: string | number
  declare sha256: Buffer
  declare width: number | null
  declare height: number | null
  declare storage_key: string
  declare thumbnail_key: string | null
  declare account_id: string | null
  declare identity_id: string | null
  declare conversation_id: string | null
  /** Something other than a message needs it. */
  declare kept: boolean
  declare created_at: Date
}
