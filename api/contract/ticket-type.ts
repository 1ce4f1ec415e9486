/**
 * Types of tickets (BP-005.3), each with a form of its own: fields in their order, over plain values or over a dictionary, and the states that cannot be
 * entered without them. Types are disabled, not deleted, once a ticket is of them.
 */
import { z } from 'zod'
import { DICTIONARIES, type Dictionary, fieldChoiceSchema } from './dictionary.ts'
import { PRIORITIES } from './priority.ts'
import { safeText } from './message.ts'
import { TICKET_STATUSES } from './ticket-status.ts'

export const FORM_FIELD_TYPES = ['text', 'paragraph', 'number', 'date', 'boolean', 'select', 'multi_select', 'dictionary'] as const
export type FormFieldType = (typeof FORM_FIELD_TYPES)[number]
/** Whose entries a field of type `dictionary` offers; not the definitions of custom fields, and not the fixed priorities. */
export const FORM_DICTIONARIES: readonly Dictionary[] = DICTIONARIES.filter(
  (name) => name !== 'customer_field' && name !== 'institution_field' && name !== 'priority',
)

const formFieldShape = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'lower-case letters, digits and _'),
  labelZh: safeText(60, 1),
  labelEn: safeText(60, 1),
  type: z.enum(FORM_FIELD_TYPES),
  /** States that are not entered without it; `new`: it is asked for when the ticket is made. */
  requiredIn: z.array(z.enum(TICKET_STATUSES)).max(TICKET_STATUSES.length).default([]),
  /** `select` and `multi_select`. */
  choices: z.array(fieldChoiceSchema).max(100).default([]),
  /** `dictionary`. */
  dictionary: z.enum(DICTIONARIES).nullable().default(null),
  /** Stands below the field. */
  hintZh: safeText(200).default(''),
  hintEn: safeText(200).default(''),
  /** The customer reads and fills it on his page, too. */
  forCustomers: z.boolean().default(false),
})
export const formFieldSchema = formFieldShape
  .refine(({ type, choices }) => (type === 'select' || type === 'multi_select') === choices.length > 0, {
    message: 'choices_belong_to_select',
    path: ['choices'],
  })
  .refine(({ choices }) => new Set(choices.map(({ value }) => value)).size === choices.length, {
    message: 'choices_differ',
    path: ['choices'],
  })
  .refine(({ type, dictionary }) => (type === 'dictionary') === (dictionary !== null && FORM_DICTIONARIES.includes(dictionary)), {
    message: 'dictionary_of_field',
    path: ['dictionary'],
  })
export type FormField = z.infer<typeof formFieldSchema>

/** By key; null removes a value. A `dictionary` field holds the id of an entry, `multi_select` a list of values, `date` `yyyy-mm-dd`. */
export const formValueSchema = z.union([safeText(5000), z.number(), z.boolean(), z.array(z.string().max(40)).max(100), z.null()])
export const formValuesSchema = z
  .record(z.string().max(40), formValueSchema)
  .refine((values) => Object.keys(values).length <= 50, { message: 'too_many_fields' })
export type FormValues = z.infer<typeof formValuesSchema>

const named = z.object({ id: z.uuid(), name: z.string() })
export const ticketTypeSchema = z.object({
  id: z.uuid(),
  nameZh: z.string(),
  nameEn: z.string(),
  description: z.string(),
  /** `#rrggbb` */
  color: z.string().nullable(),
  businessType: z.object({ id: z.uuid(), labelZh: z.string(), labelEn: z.string() }).nullable(),
  /** Where its tickets go when nobody says otherwise. */
  team: named.nullable(),
  priority: z.enum(PRIORITIES),
  fields: z.array(formFieldSchema),
  openToCustomers: z.boolean(),
  position: z.int(),
  disabled: z.boolean(),
  version: z.int().positive(),
})
export type TicketType = z.infer<typeof ticketTypeSchema>

const color = z
  .string()
  .regex(/^#[0-9a-f]{6}$/)
  .nullable()
const fields = z
  .array(formFieldSchema)
  .max(50)
  .refine((list) => new Set(list.map(({ key }) => key)).size === list.length, { message: 'keys_differ' })
const typeFields = {
  nameZh: safeText(60, 1),
  nameEn: safeText(60, 1),
  description: safeText(500),
  color,
  businessTypeId: z.uuid().nullable(),
  teamId: z.uuid().nullable(),
  priority: z.enum(PRIORITIES),
  fields,
  openToCustomers: z.boolean(),
}
export const ticketTypeListQuery = z.strictObject({
  /** Also those that are disabled. */
  all: z.enum(['true', 'false']).default('false'),
})
export const ticketTypeCreate = z.strictObject({
  nameZh: typeFields.nameZh,
  nameEn: typeFields.nameEn,
  description: typeFields.description.default(''),
  color: typeFields.color.default(null),
  businessTypeId: typeFields.businessTypeId.default(null),
  teamId: typeFields.teamId.default(null),
  priority: typeFields.priority.default('normal'),
  fields: typeFields.fields.default([]),
  openToCustomers: typeFields.openToCustomers.default(false),
})
export type TicketTypeCreate = z.output<typeof ticketTypeCreate>
export const ticketTypePatch = z.strictObject({
  nameZh: typeFields.nameZh.optional(),
  nameEn: typeFields.nameEn.optional(),
  description: typeFields.description.optional(),
  color: typeFields.color.optional(),
  businessTypeId: typeFields.businessTypeId.optional(),
  teamId: typeFields.teamId.optional(),
  priority: typeFields.priority.optional(),
  fields: typeFields.fields.optional(),
  openToCustomers: typeFields.openToCustomers.optional(),
  disabled: z.boolean().optional(),
  version: z.int().positive(),
})
export type TicketTypePatch = z.output<typeof ticketTypePatch>
/** Every type once, disabled ones too, in the order wanted. */
export const ticketTypeOrder = z.strictObject({ ids: z.array(z.uuid()).max(200) })
export const ticketTypeRemove = z.strictObject({ version: z.coerce.number().int().positive() })
