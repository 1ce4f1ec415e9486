/** Tags of customers (MOD-05). */
import { z } from 'zod'
import { safeText } from './message.ts'

/** More would be a list that nobody reads; attributes of people belong in custom fields. */
export const MAX_TAGS = 500
/** On one customer. */
export const MAX_TAGS_PER_CUSTOMER = 50

const color = z.string().regex(/^#[0-9a-f]{6}$/)
const name = safeText(30, 1).refine((text) => text.trim() === text, { message: 'no space at either end' })

export const tagSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  /** `#rrggbb` */
  color: z.string(),
  /** Heading under which it stands; empty: none. */
  category: z.string(),
  version: z.int().positive(),
})
export type Tag = z.infer<typeof tagSchema>
/** `uses`: customers who have it, counted up to `USES_CAP`. */
export const listedTagSchema = tagSchema.extend({ uses: z.int().nonnegative() })
export type ListedTag = z.infer<typeof listedTagSchema>

export const tagListQuery = z.strictObject({ q: safeText(30).optional(), category: safeText(30).optional() })
export const tagCreate = z.strictObject({ name, color, category: safeText(30).default('') })
export const tagPatch = z.strictObject({
  name: name.optional(),
  color: color.optional(),
  category: safeText(30).optional(),
  version: z.int().positive(),
})
/** A tag that is in use goes only with `force`. */
export const tagRemove = z.strictObject({
  version: z.coerce.number().int().positive(),
  force: z.enum(['true', 'false']).default('false'),
})
