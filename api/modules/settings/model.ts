import type { Dictionary, FieldOptions } from '../../contract/dictionary.ts'
import { Row } from '../../core/db.ts'

export class DictionaryEntryRow extends Row {
  static override tableName = 'dictionary_entries'
  static override jsonAttributes = ['options']
  declare id: string
  declare dictionary: Dictionary
  declare code: string
  declare parent_id: string | null
  declare label_zh: string
  declare label_en: string
  declare color: string | null
  /** Of custom fields: what they ask for; `{}` elsewhere. */
  declare options: Partial<FieldOptions>
  declare position: number
  declare built_in: boolean
  declare disabled_at: Date | null
  declare version: number
  declare updated_at: Date
}

export class CompanySettingsRow extends Row {
  static override tableName = 'company_settings'
  static override idColumn = 'only_row'
  declare only_row: boolean
  declare company_name: string
  declare icp_number: string | null
  declare time_zone: string
  declare version: number
  declare updated_at: Date
}

export class PrivacyTextRow extends Row {
  static override tableName = 'privacy_texts'
  static override idColumn = 'version'
  declare version: number
  declare body_zh: string
  declare body_en: string
  declare note: string | null
  declare published_at: Date
  declare published_by: string | null
}
