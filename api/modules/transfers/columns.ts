import type { Locale } from '../../contract/identity.ts'
import { IMPORT_COLUMNS } from '../../contract/customer-terms.ts'
import { type FieldOptions, fieldOptionsSchema } from '../../contract/dictionary.ts'
import type { Ctx } from '../../core/context.ts'
import type { HeadingColumn } from '../../core/spreadsheets/heading.ts'
import { entriesOf } from '../settings/index.ts'
import { headingsOf, titleOf } from './words.ts'

export interface CustomField {
  /** `fields.{code}` */
  key: string
  code: string
  zh: string
  en: string
  options: FieldOptions
}

export async function customColumns(ctx: Ctx): Promise<CustomField[]> {
  return (await entriesOf(ctx, 'customer_field')).map((entry) => ({
    key: `fields.${entry.code}`,
    code: entry.code,
    zh: entry.label_zh,
    en: entry.label_en,
    options: fieldOptionsSchema.parse(entry.options),
  }))
}

export const labelOf = (field: CustomField, locale: Locale): string => (locale === 'en' ? field.en : field.zh)

/** Under which headings an import finds what. */
export const importHeadings = (custom: readonly CustomField[]): HeadingColumn<string>[] => [
  ...IMPORT_COLUMNS.map((key) => ({ key, titles: headingsOf(key) })),
  ...custom.map(({ key, code, zh, en }) => ({ key, titles: [zh, en, code, key] })),
]

/** Titles by key, in the order of a template. */
export const importTitles = (custom: readonly CustomField[], locale: Locale): Map<string, string> =>
  new Map([
    ...IMPORT_COLUMNS.map((key): [string, string] => [key, titleOf(key, locale)]),
    ...custom.map((field): [string, string] => [field.key, labelOf(field, locale)]),
  ])
