import { type DictionaryEntry, FIELD_DICTIONARIES, fieldOptionsSchema } from '../../contract/dictionary.ts'
import type { DictionaryEntryRow } from './model.ts'

export const presentEntry = (row: DictionaryEntryRow): DictionaryEntry => ({
  id: row.id,
  dictionary: row.dictionary,
  code: row.code,
  parentId: row.parent_id,
  labelZh: row.label_zh,
  labelEn: row.label_en,
  color: row.color,
  field: FIELD_DICTIONARIES.some((name) => name === row.dictionary) ? fieldOptionsSchema.parse(row.options) : null,
  position: row.position,
  builtIn: row.built_in,
  disabled: row.disabled_at !== null,
  version: row.version,
})
