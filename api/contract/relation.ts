/**
 * Service relations (BP-008): a customer or an institution is served by teams. Days are those of the company's time zone, both ends included.
 *
 * The database refuses two primary relations of the same customer (or institution) that meet in business and time (409 `relation_overlaps`, with the
 * other one in `context`), and the same team twice. Reading takes `relations.read`, changing `relations.manage` and a team within one's scope: relations of
 * foreign teams are seen on a customer one may see, and cannot be changed (404).
 */
import { z } from 'zod'
import { daySchema } from './calendar.ts'
import { listQuery } from './list.ts'
import { safeText } from './message.ts'

export const RELATION_RANKS = ['primary', 'secondary'] as const
export type RelationRank = (typeof RELATION_RANKS)[number]
/** By today: before its first day, in force, in its last `remindDays`, after its last day, ended by hand. */
export const RELATION_STATES = ['upcoming', 'active', 'expiring', 'expired', 'ended'] as const
export type RelationState = (typeof RELATION_STATES)[number]
export const SUBJECT_KINDS = ['customer', 'institution'] as const

export const relationSchema = z.object({
  id: z.uuid(),
  subject: z.object({ kind: z.enum(SUBJECT_KINDS), id: z.uuid(), name: z.string().nullable() }),
  team: z.object({ id: z.uuid(), name: z.string(), status: z.enum(['active', 'disabled']) }),
  rank: z.enum(RELATION_RANKS),
  /** Empty: every business. */
  businessTypes: z.array(z.object({ id: z.uuid(), labelZh: z.string(), labelEn: z.string() })),
  validFrom: daySchema,
  /** The last day; null: until further notice. */
  validUntil: daySchema.nullable(),
  /** Days before the last one on which leader, supervisors and the customer's own agent are told; null: never. */
  remindDays: z.int().nullable(),
  state: z.enum(RELATION_STATES),
  note: z.string(),
  endedAt: z.iso.datetime().nullable(),
  endReason: z.string().nullable(),
  may: z.object({ change: z.boolean() }),
  createdAt: z.iso.datetime(),
  version: z.int().positive(),
})
export type Relation = z.infer<typeof relationSchema>

export const relationListQuery = listQuery.extend({
  customerId: z.uuid().optional(),
  institutionId: z.uuid().optional(),
  teamId: z.uuid().optional(),
  rank: z.enum(RELATION_RANKS).optional(),
  state: z.enum(RELATION_STATES).optional(),
  businessTypeId: z.uuid().optional(),
  /** Not ended, and the last day is today or at most so many days from now. */
  endsWithinDays: z.coerce.number().int().min(0).max(365).optional(),
  /** Name of the customer or institution. */
  q: safeText(60).optional(),
  /** `expiry`: what ends first; those without an end last. */
  sort: z.enum(['-created', 'expiry']).default('-created'),
})

const remindDays = z.int().min(0).max(365).nullable()
const period = {
  /** Default: today. */
  validFrom: daySchema.optional(),
  validUntil: daySchema.nullable().default(null),
}
const subject = z.strictObject({ kind: z.enum(SUBJECT_KINDS), id: z.uuid() })
const relationTerms = {
  rank: z.enum(RELATION_RANKS),
  businessTypeIds: z.array(z.uuid()).max(100).default([]),
  ...period,
  remindDays: remindDays.default(30),
  note: safeText(500).default(''),
}
/** One subject, one or more teams, in one step: all of them or none. */
export const relationCreate = z.strictObject({
  subject,
  teams: z
    .array(z.strictObject({ teamId: z.uuid(), ...relationTerms }))
    .min(1)
    .max(20),
})
export type RelationCreate = z.infer<typeof relationCreate>

const patchFields = {
  teamId: z.uuid().optional(),
  rank: z.enum(RELATION_RANKS).optional(),
  businessTypeIds: z.array(z.uuid()).max(100).optional(),
  validFrom: daySchema.optional(),
  validUntil: daySchema.nullable().optional(),
  remindDays: remindDays.optional(),
  note: safeText(500).optional(),
}
export const relationPatch = z.strictObject({ ...patchFields, version: z.int().positive() })
export type RelationPatch = z.infer<typeof relationPatch>
export const relationEnd = z.strictObject({ reason: safeText(200, 1), version: z.int().positive() })

export const relationChangeSchema = z.object({
  id: z.uuid(),
  action: z.enum(['created', 'changed', 'ended', 'moved', 'moved_back']),
  actor: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  /** Only what differs: team, rank, businessTypes, validFrom, validUntil, remindDays, note, subject, endReason. */
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  changedAt: z.iso.datetime(),
})
export type RelationChange = z.infer<typeof relationChangeSchema>

/** The same for many; each row stands or falls by itself, and says why. */
export const relationBulk = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('create'),
    subjects: z.array(subject).min(1).max(500),
    teamId: z.uuid(),
    ...relationTerms,
  }),
  z.strictObject({ action: z.literal('change'), relationIds: z.array(z.uuid()).min(1).max(500), change: z.strictObject(patchFields) }),
  z.strictObject({ action: z.literal('end'), relationIds: z.array(z.uuid()).min(1).max(500), reason: safeText(200, 1) }),
])
export type RelationBulk = z.infer<typeof relationBulk>
export const relationBulkResult = z.object({
  done: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  /** In the order asked. `id`: the subject's for `create`, else the relation's. */
  rows: z.array(
    z.object({
      id: z.uuid(),
      relationId: z.uuid().nullable(),
      error: z.object({ code: z.string(), context: z.record(z.string(), z.unknown()) }).nullable(),
    }),
  ),
})

/** Who serves this customer, best first: his own relations before his institution's, primary before secondary, a named business before all. */
export const servingTeamSchema = z.object({
  relationId: z.uuid(),
  team: z.object({ id: z.uuid(), name: z.string() }),
  rank: z.enum(RELATION_RANKS),
  via: z.enum(SUBJECT_KINDS),
  validUntil: daySchema.nullable(),
  openState: z.object({ open: z.boolean(), changesAt: z.iso.datetime().nullable() }),
})
export type ServingTeam = z.infer<typeof servingTeamSchema>
export const servingQuery = z.strictObject({ businessTypeId: z.uuid().optional() })
