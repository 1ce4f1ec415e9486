/** Saved views: the filters of a list under a name, one's own or shared with a team. They follow the person over devices. */
import { z } from 'zod'
import { safeText } from './message.ts'

/** A list of the workbench: `conversations`, `customers`, `tickets` … */
const pageName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)
/** As in the address of the page. */
const filters = z
  .record(safeText(40, 1), z.union([safeText(500), z.array(safeText(200)).max(100)]))
  .refine((value) => Object.keys(value).length <= 40 && JSON.stringify(value).length <= 8000, { message: 'too_many_filters' })

export const savedViewSchema = z.object({
  id: z.uuid(),
  page: z.string(),
  name: z.string(),
  filters: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  owner: z.object({ id: z.uuid(), name: z.string() }),
  /** Everybody in this team sees it. */
  team: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  mine: z.boolean(),
  editable: z.boolean(),
  position: z.int(),
  version: z.int().positive(),
})
export type SavedView = z.infer<typeof savedViewSchema>

export const savedViewQuery = z.strictObject({ page: pageName.optional() })
export const savedViewCreate = z.strictObject({ page: pageName, name: safeText(40, 1), filters, teamId: z.uuid().nullable().default(null) })
export const savedViewPatch = z.strictObject({
  name: safeText(40, 1).optional(),
  filters: filters.optional(),
  teamId: z.uuid().nullable().optional(),
  version: z.int().positive(),
})
export const savedViewRemove = z.strictObject({ version: z.coerce.number().int().positive() })
/** My own views of one page in their new order. */
export const savedViewOrder = z.strictObject({ page: pageName, ids: z.array(z.uuid()).min(1).max(200) })
