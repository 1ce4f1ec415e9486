/** Lists that administrators keep (MOD-08): what kinds of business, issues, regions … there are, and the custom fields of customers. */
import { z } from 'zod'
import { safeText } from './message.ts'

export const DICTIONARIES = [
  'business_type',
  'issue_type',
  'priority',
  'region',
  'institution_type',
  'customer_level',
  'skill',
  'language',
  'job_title',
  'customer_field',
  'institution_field',
  'rating_reason',
] as const
export type Dictionary = (typeof DICTIONARIES)[number]

/** Whose values the custom fields describe. */
export const FIELD_DICTIONARIES = ['customer_field', 'institution_field'] as const
export type FieldDictionary = (typeof FIELD_DICTIONARIES)[number]

export const FIELD_TYPES = ['text', 'number', 'date', 'select', 'boolean'] as const
export const fieldChoiceSchema = z.strictObject({
  value: z.string().regex(/^[a-z0-9][a-z0-9_]{0,39}$/),
  labelZh: safeText(60, 1),
  labelEn: safeText(60, 1),
})
/** What an entry of `customer_field` or `institution_field` asks for; `choices` only for `select`. */
export const fieldOptionsSchema = z
  .strictObject({
    type: z.enum(FIELD_TYPES),
    required: z.boolean().default(false),
    choices: z.array(fieldChoiceSchema).max(100).default([]),
  })
  .refine(({ type, choices }) => (type === 'select') === choices.length > 0, 'choices belong to select, and select needs some')
  .refine(({ choices }) => new Set(choices.map(({ value }) => value)).size === choices.length, 'values of choices differ')
export type FieldOptions = z.infer<typeof fieldOptionsSchema>

/** Values of custom fields by the code of their definition: text, number, `yyyy-mm-dd`, value of a choice, or yes and no. */
export const fieldValuesSchema = z.record(z.string().max(40), z.union([z.string().max(500), z.number(), z.boolean(), z.null()]))
export type FieldValues = z.infer<typeof fieldValuesSchema>

export const dictionaryEntrySchema = z.object({
  id: z.uuid(),
  dictionary: z.enum(DICTIONARIES),
  code: z.string(),
  /** The business type of an issue type; the province of a city. */
  parentId: z.uuid().nullable(),
  labelZh: z.string(),
  labelEn: z.string(),
  /** `#rrggbb` */
  color: z.string().nullable(),
  /** Of custom fields only. */
  field: fieldOptionsSchema.nullable(),
  position: z.int(),
  builtIn: z.boolean(),
  disabled: z.boolean(),
  version: z.int().positive(),
})
export type DictionaryEntry = z.infer<typeof dictionaryEntrySchema>

export const dictionaryListQuery = z.strictObject({
  /** Also entries that are disabled: old rows still show them. */
  all: z.enum(['true', 'false']).default('false'),
  /** With how often each is in use; for administrators. */
  uses: z.enum(['true', 'false']).default('false'),
})
/** `uses` is null when it was not asked for. */
export const listedEntrySchema = dictionaryEntrySchema.extend({ uses: z.int().nonnegative().nullable() })
export type ListedEntry = z.infer<typeof listedEntrySchema>

const color = z
  .string()
  .regex(/^#[0-9a-f]{6}$/)
  .nullable()
const changeable = { labelZh: safeText(60, 1), labelEn: safeText(60, 1), color, field: fieldOptionsSchema }

export const dictionaryEntryCreate = z.strictObject({
  code: z.string().regex(/^[a-z0-9][a-z0-9_]{0,39}$/, 'lower-case letters, digits and _'),
  parentId: z.uuid().optional(),
  labelZh: changeable.labelZh,
  labelEn: changeable.labelEn,
  color: color.optional(),
  field: fieldOptionsSchema.optional(),
})
export const dictionaryEntryPatch = z.strictObject({
  labelZh: changeable.labelZh.optional(),
  labelEn: changeable.labelEn.optional(),
  color: color.optional(),
  field: fieldOptionsSchema.optional(),
  disabled: z.boolean().optional(),
  version: z.int().positive(),
})
/** Puts an entry before another of the same list and parent; null: at the end. */
export const dictionaryEntryMove = z.strictObject({ before: z.uuid().nullable(), version: z.int().positive() })
export const dictionaryEntryRemove = z.strictObject({ version: z.coerce.number().int().positive() })
