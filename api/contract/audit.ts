/** The audit trail (MOD-09): who did what, when, to what, from where. */
import { z } from 'zod'
import { listQuery } from './list.ts'

/** Plain values; personal data is masked before it is stored. */
export const auditFacts = z.record(z.string(), z.unknown())

export const auditEntrySchema = z.object({
  id: z.uuid(),
  occurredAt: z.iso.datetime(),
  actor: z.object({ kind: z.enum(['staff', 'customer', 'anonymous', 'system']), id: z.uuid().nullable(), name: z.string().nullable() }),
  /** `customer.merged`; refusals are `access.refused`. */
  action: z.string(),
  object: z.object({ kind: z.string(), id: z.string().nullable(), label: z.string().nullable() }),
  before: auditFacts.nullable(),
  after: auditFacts.nullable(),
  context: auditFacts,
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  /** Its place in the chain; null until the worker has linked it, some seconds later. */
  position: z.int().positive().nullable(),
})
export type AuditEntry = z.infer<typeof auditEntrySchema>

const filters = {
  actorId: z.uuid().optional(),
  objectKind: z
    .string()
    .regex(/^[a-z_]{1,40}$/)
    .optional(),
  objectId: z.string().max(200).optional(),
  /** A whole action, or the beginning of several: `customer.`. */
  action: z
    .string()
    .regex(/^[a-z_.]{1,80}$/)
    .optional(),
  ip: z.string().max(45).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
}
export const auditListQuery = listQuery.extend(filters)
export const auditExportRequest = z.strictObject({ ...filters, format: z.enum(['csv', 'xlsx']).default('xlsx') })
export type AuditFilter = Omit<z.infer<typeof auditExportRequest>, 'format'>

/** Everything that a filter can choose from. */
export const auditFacetsSchema = z.object({ actions: z.array(z.string()), objectKinds: z.array(z.string()) })

export const auditHeadSchema = z.object({
  /** Links so far, and the digest (hex) of the last. Kept elsewhere, it proves later that nothing before it changed or is missing. */
  position: z.int().nonnegative(),
  digest: z.string().nullable(),
  linkedAt: z.iso.datetime().nullable(),
  waiting: z.int().nonnegative(),
})
export type AuditHead = z.infer<typeof auditHeadSchema>

export const AUDIT_FAULTS = ['entry_changed', 'entry_missing', 'link_missing', 'entry_unlinked', 'head_differs'] as const
const chainPoint = z.strictObject({ position: z.int().positive(), digest: z.string().regex(/^[0-9a-f]{64}$/) })
export type ChainPoint = z.infer<typeof chainPoint>
export const auditVerifyRequest = z.strictObject({
  /** A head noted earlier: then also a chain made anew from the start is found out. */
  head: chainPoint.optional(),
  /** Goes on where the answer before stopped (`next`). */
  after: chainPoint.optional(),
})
export const auditVerdictSchema = z.object({
  intact: z.boolean(),
  /** How far the chain holds, from its start. */
  checked: z.int().nonnegative(),
  head: auditHeadSchema,
  /** The first that does not hold. */
  broken: z.object({ fault: z.enum(AUDIT_FAULTS), position: z.int().positive().nullable(), entryId: z.uuid().nullable() }).nullable(),
  /** A long chain is walked in stretches: ask again with this as `after`. Null at the end. */
  next: chainPoint.nullable(),
})
export type AuditVerdict = z.infer<typeof auditVerdictSchema>
