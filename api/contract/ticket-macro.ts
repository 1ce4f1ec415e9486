/** Macros: several changes to a ticket in one click (BP-006.9). */
import { z } from 'zod'
import { named } from './routing.ts'
import { safeText } from './message.ts'
import { ticketActionSchema } from './ticket-action.ts'

const actions = z.array(ticketActionSchema).min(1).max(10)

export const ticketMacroSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  /** Null: everybody; else members of this team. */
  team: named.nullable(),
  actions: z.array(ticketActionSchema),
  enabled: z.boolean(),
  position: z.int(),
  /** How often it was used. */
  uses: z.int().nonnegative(),
  version: z.int().positive(),
})
export type TicketMacro = z.infer<typeof ticketMacroSchema>

export const ticketMacroCreate = z.strictObject({
  name: safeText(60, 1),
  description: safeText(300).default(''),
  teamId: z.uuid().nullable().default(null),
  actions,
  enabled: z.boolean().default(true),
})
export const ticketMacroPatch = z.strictObject({
  name: safeText(60, 1).optional(),
  description: safeText(300).optional(),
  teamId: z.uuid().nullable().optional(),
  actions: actions.optional(),
  enabled: z.boolean().optional(),
  version: z.int().positive(),
})
/** `usable`: on, and of one’s teams. */
export const ticketMacroQuery = z.strictObject({ usable: z.enum(['true', 'false']).default('false') })
export const ticketMacroOrder = z.strictObject({ ids: z.array(z.uuid()).max(200) })
export const ticketMacroDelete = z.strictObject({ version: z.coerce.number().int().positive() })
export const ticketMacroApply = z.strictObject({ version: z.int().positive() })

/** What it does, action by action: values as people call them, null for nothing. */
export const ticketEffectSchema = z.object({ kind: z.string(), before: z.string().nullable(), after: z.string().nullable() })
export type TicketEffect = z.infer<typeof ticketEffectSchema>

/** The preview is the act itself, taken back: what it says is what would happen, refusals included. */
export const ticketMacroPreviewSchema = z.object({
  effects: z.array(ticketEffectSchema),
  /** An error code, and which action it is about; null: all would be done. */
  refusal: z.object({ code: z.string(), context: z.record(z.string(), z.unknown()), action: z.int().nonnegative() }).nullable(),
})
export type TicketMacroPreview = z.infer<typeof ticketMacroPreviewSchema>
