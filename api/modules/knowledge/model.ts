import type { DraftSource } from '../../contract/knowledge.ts'
import { Row } from '../../core/db.ts'

export class ArticleDraftRow extends Row {
  static override tableName = 'article_drafts'
  declare id: string
  declare title: string
  declare body: string
  declare source_kind: DraftSource
  declare source_id: string | null
  declare source_label: string | null
  declare created_by: string | null
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}
