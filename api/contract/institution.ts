/** Organisations that customers belong to (MOD-04). */
import { z } from 'zod'
import { fieldValuesSchema } from './dictionary.ts'
import { listQuery } from './list.ts'
import { safeText } from './message.ts'

const name = safeText(120, 1).refine((text) => text.trim() === text, { message: 'no space at either end' })

/** `typeId`, `regionId`: entries of the dictionaries `institution_type` and `region`. */
export const institutionSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  typeId: z.uuid().nullable(),
  regionId: z.uuid().nullable(),
  parent: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  primaryContact: z.object({ id: z.uuid(), name: z.string().nullable() }).nullable(),
  address: z.string().nullable(),
  note: z.string().nullable(),
  /** By the dictionary `institution_field`. */
  fields: fieldValuesSchema,
  archivedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  version: z.int().positive(),
})
export type Institution = z.infer<typeof institutionSchema>
/** `contacts`: people who belong to it and are not archived, whoever may see them; counted up to 10,000. */
export const listedInstitutionSchema = institutionSchema.extend({ contacts: z.int().nonnegative() })
export type ListedInstitution = z.infer<typeof listedInstitutionSchema>

export const institutionListQuery = listQuery.extend({
  q: safeText(60).optional(),
  typeId: z.uuid().optional(),
  regionId: z.uuid().optional(),
  parentId: z.uuid().optional(),
  archived: z.enum(['true', 'false']).default('false'),
  sort: z.enum(['name', 'created']).default('name'),
})
const properties = {
  typeId: z.uuid().nullable(),
  regionId: z.uuid().nullable(),
  parentId: z.uuid().nullable(),
  address: safeText(200).nullable(),
  note: safeText(2000).nullable(),
  fields: fieldValuesSchema,
}
export const institutionCreate = z.strictObject({ name, ...z.strictObject(properties).partial().shape })
export type InstitutionCreate = z.infer<typeof institutionCreate>
/** What is absent stays, in `fields` too; null removes. */
export const institutionPatch = z.strictObject({
  name: name.optional(),
  ...z.strictObject({ ...properties, primaryContactId: z.uuid().nullable() }).partial().shape,
  version: z.int().positive(),
})
export type InstitutionPatch = z.infer<typeof institutionPatch>
