/** Two records of one person become one, and apart again within 30 days (MOD-07). */
import { z } from 'zod'
import { MERGE_SUGGESTION_STATES } from './customer-terms.ts'
import { customerSchema } from './customer.ts'
import { listQuery } from './list.ts'

/** Days within which a merge can be undone. */
export const UNDO_DAYS = 30

/** What both may know differently. A custom field is `fields.` and its code. */
export const MERGE_FIELDS = [
  'name',
  'remarkName',
  'avatarUrl',
  'locale',
  'title',
  'institutionId',
  'ownerId',
  'levelId',
  'regionId',
  'note',
] as const
export type MergeField = (typeof MERGE_FIELDS)[number]
const fieldName = z.union([z.enum(MERGE_FIELDS), z.string().regex(/^fields\.[a-z0-9][a-z0-9_]{0,39}$/)])

const value = z.union([z.string(), z.number(), z.boolean(), z.null()])
/** `into` stays, `from` goes into it. `label`: what to show for ids; null where the value speaks for itself. */
const side = z.object({ value, label: z.string().nullable() })
export const mergeFieldSchema = z.object({
  field: fieldName,
  into: side,
  from: side,
  /** Both have a value, and not the same. */
  conflict: z.boolean(),
  /** Whose value stays unless chosen otherwise. */
  suggested: z.enum(['into', 'from']),
})
export type MergeFieldSides = z.infer<typeof mergeFieldSchema>

export const mergePreviewSchema = z.object({
  into: customerSchema,
  from: customerSchema,
  /** Only those where either has a value. */
  fields: z.array(mergeFieldSchema),
  /** What moves along, by kind: `identities`, `tags`, `notes`, `conversations`, `relations` … */
  moves: z.array(z.object({ kind: z.string(), count: z.int().nonnegative() })),
})
export type MergePreview = z.infer<typeof mergePreviewSchema>
export const mergePreviewQuery = z.strictObject({ from: z.uuid() })

/** `choose`: whose value stays, by field; the other one is kept readable with the merge. */
export const mergeRequest = z.strictObject({
  from: z.uuid(),
  version: z.int().positive(),
  fromVersion: z.int().positive(),
  choose: z.record(fieldName, z.enum(['into', 'from'])).default({}),
})
export type MergeRequest = z.infer<typeof mergeRequest>

/** Why two seem to be one person. Strong: `unionid`, `phone` (proven on both sides), `external_userid`, `oa`. */
export const MERGE_REASONS = ['manual', 'unionid', 'phone', 'external_userid', 'oa', 'same_name', 'same_phone', 'same_remark'] as const
export type MergeReason = (typeof MERGE_REASONS)[number]

export const customerMergeSchema = z.object({
  id: z.uuid(),
  intoId: z.uuid(),
  fromId: z.uuid(),
  /** How the other one was called. */
  fromName: z.string().nullable(),
  reason: z.enum(MERGE_REASONS),
  /** Null: merged by a strong key, without anybody's doing. */
  mergedBy: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  mergedAt: z.iso.datetime(),
  /** Values that did not stay, by field. */
  lost: z.array(z.object({ field: fieldName, value, label: z.string().nullable() })),
  undoneAt: z.iso.datetime().nullable(),
  undoneBy: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  undoUntil: z.iso.datetime(),
  /** `later_merge`: one that came after it has to be undone first. */
  undoable: z.enum(['yes', 'undone', 'too_late', 'later_merge']),
})
export type CustomerMerge = z.infer<typeof customerMergeSchema>
export const undoneMergeSchema = z.object({ merge: customerMergeSchema, into: customerSchema, from: customerSchema })

const person = z.object({
  id: z.uuid(),
  name: z.string().nullable(),
  avatarUrl: z.string().nullable(),
  tail: z.string(),
  institution: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  /** Masked. */
  phone: z.string().nullable(),
  channelKinds: z.array(z.string()),
  lastContactAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  version: z.int().positive(),
})
export const mergeSuggestionSchema = z.object({
  id: z.uuid(),
  /** The older one first. */
  customers: z.tuple([person, person]),
  reasons: z.array(z.enum(MERGE_REASONS)),
  state: z.enum(MERGE_SUGGESTION_STATES),
  createdAt: z.iso.datetime(),
  decidedAt: z.iso.datetime().nullable(),
})
export type MergeSuggestion = z.infer<typeof mergeSuggestionSchema>
export const mergeSuggestionQuery = listQuery.extend({
  state: z.enum(MERGE_SUGGESTION_STATES).default('open'),
  customerId: z.uuid().optional(),
})
