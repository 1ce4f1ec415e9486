/** People who are served (MOD-04): profile, identities, tags, timeline, list. */
import { z } from 'zod'
import { CUSTOMER_SORTS, CUSTOMER_STATUSES } from './customer-terms.ts'
import { fieldValuesSchema } from './dictionary.ts'
import { listQuery } from './list.ts'
import { safeText } from './message.ts'
import { MAX_TAGS_PER_CUSTOMER, tagSchema } from './tag.ts'

/** Keys that name one person wherever they are met; beside them stand the ids by which channels know him. */
export const STRONG_KINDS = ['phone', 'unionid', 'external_userid', 'oa'] as const
export type StrongKind = (typeof STRONG_KINDS)[number]

export const customerIdentitySchema = z.object({
  id: z.uuid(),
  /** Kind of the channel, or one of `STRONG_KINDS`. */
  kind: z.string(),
  channel: z.object({ accountId: z.uuid(), kind: z.string(), name: z.string() }).nullable(),
  /** Shortened: whole platform ids are of no use to an agent. */
  tail: z.string(),
  /** Of a phone: `+86 138****8000`. Whole only by `POST …/identities/{id}/reveal`. */
  masked: z.string().nullable(),
  subscribed: z.boolean().nullable(),
  /** How we know: `{source: 'sms_code' | 'staff' | 'channel' | 'import' | …}`. */
  evidence: z.object({ source: z.string() }).nullable(),
  /** Null: somebody said so, nothing proves it. */
  verifiedAt: z.iso.datetime().nullable(),
  firstSeenAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
})
export type CustomerIdentity = z.infer<typeof customerIdentitySchema>

const named = z.object({ id: z.uuid(), name: z.string() })
const head = {
  id: z.uuid(),
  name: z.string().nullable(),
  /** Given by staff; shown before any other name. */
  remarkName: z.string().nullable(),
  avatarUrl: z.string().nullable(),
  tail: z.string(),
  status: z.enum(CUSTOMER_STATUSES),
  institution: named.nullable(),
  /** Job title. */
  title: z.string().nullable(),
  /** Regular agent (专属客服). */
  owner: named.nullable(),
  /** Entries of the dictionaries `customer_level` and `region`. */
  levelId: z.uuid().nullable(),
  regionId: z.uuid().nullable(),
  tags: z.array(tagSchema),
  /** To the minute or so; null: never wrote or was written to. */
  lastContactAt: z.iso.datetime().nullable(),
  archivedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  version: z.int().positive(),
}
export const customerSchema = z.object({
  ...head,
  identities: z.array(customerIdentitySchema),
  /** By the dictionary `customer_field`. */
  fields: fieldValuesSchema,
  note: z.string().nullable(),
  /** The customer he was merged into: everything of his is there. */
  mergedIntoId: z.uuid().nullable(),
})
export type Customer = z.infer<typeof customerSchema>

/** A row of the list. */
export const customerSummarySchema = z.object({
  ...head,
  channelKinds: z.array(z.string()),
  /** Masked, the first one. */
  phone: z.string().nullable(),
})
export type CustomerSummary = z.infer<typeof customerSummarySchema>

const properties = {
  name: safeText(120).nullable(),
  remarkName: safeText(60).nullable(),
  title: safeText(60).nullable(),
  institutionId: z.uuid().nullable(),
  ownerId: z.uuid().nullable(),
  levelId: z.uuid().nullable(),
  regionId: z.uuid().nullable(),
  note: safeText(2000).nullable(),
  fields: fieldValuesSchema,
}
/** What is absent stays, in `fields` too; null removes. */
export const customerPatch = z.strictObject({ ...z.strictObject(properties).partial().shape, version: z.int().positive() })
export type CustomerPatch = z.infer<typeof customerPatch>

const tagIds = z.array(z.uuid()).max(MAX_TAGS_PER_CUSTOMER)
export const customerCreate = z.strictObject({
  ...z.strictObject(properties).partial().shape,
  name: safeText(120, 1).refine((text) => text.trim() !== '', { message: 'a name is needed' }),
  /** As people write it; stored as E.164, not verified. */
  phone: z.string().max(40).optional(),
  status: z.enum(CUSTOMER_STATUSES).optional(),
  tagIds: tagIds.optional(),
})
export type CustomerCreate = z.infer<typeof customerCreate>

export const versionRequest = z.strictObject({ version: z.int().positive() })
/** 转正: from temporary to formal, under an institution. */
export const formalRequest = z.strictObject({ institutionId: z.uuid().nullable().optional(), version: z.int().positive() })
export const phoneAdd = z.strictObject({ phone: z.string().max(40) })
export const revealedSchema = z.object({ value: z.string() })

// --- notes and timeline

export const customerNoteSchema = z.object({
  id: z.uuid(),
  text: z.string(),
  author: named,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.int().positive(),
})
export type CustomerNote = z.infer<typeof customerNoteSchema>
const noteText = safeText(4000, 1).refine((text) => text.trim() !== '', { message: 'a text is needed' })
export const customerNoteCreate = z.strictObject({ text: noteText })
export const customerNotePatch = z.strictObject({ text: noteText, version: z.int().positive() })
export const customerNoteRemove = z.strictObject({ version: z.coerce.number().int().positive() })

/** One thing that happened with him. `kind` is the provider's: `note`, `conversation`, later `ticket`, `rating`, … */
export const timelineEntrySchema = z.object({
  kind: z.string(),
  id: z.uuid(),
  at: z.iso.datetime(),
  /** First words, or null: the screens word the rest by kind and state. */
  text: z.string().nullable(),
  state: z.string().nullable(),
  actor: named.nullable(),
  /** Small facts of the kind: `{channelKind, channelName, messages}` of a conversation, `{version}` of a note. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
export type TimelineEntry = z.infer<typeof timelineEntrySchema>
export const timelineQuery = listQuery.extend({ kind: z.string().max(40).optional() })

// --- list

const fieldConditions = z.record(z.string().regex(/^[a-z0-9][a-z0-9_]{0,39}$/), z.union([safeText(500), z.number(), z.boolean()]))
const time = z.iso.datetime({ offset: true })
const MAX_TAG_CONDITIONS = 20
const tagList = z.array(z.uuid()).min(1).max(MAX_TAG_CONDITIONS)
const single = {
  /** Name, 拼音 in full or initials, end of a phone number, institution. */
  q: safeText(60).optional(),
  status: z.enum(CUSTOMER_STATUSES).optional(),
  /** `none`: belongs to no institution. */
  institutionId: z.union([z.uuid(), z.literal('none')]).optional(),
  ownerId: z.union([z.uuid(), z.literal('none'), z.literal('me')]).optional(),
  levelId: z.uuid().optional(),
  regionId: z.uuid().optional(),
  channelKind: z
    .string()
    .regex(/^[a-z0-9_-]{1,40}$/)
    .optional(),
  /** From, inclusive; until, exclusive. */
  createdFrom: time.optional(),
  createdUntil: time.optional(),
  lastContactFrom: time.optional(),
  lastContactUntil: time.optional(),
}
interface Ranges {
  createdFrom?: string | undefined
  createdUntil?: string | undefined
  lastContactFrom?: string | undefined
  lastContactUntil?: string | undefined
}
const inOrder = (from?: string, until?: string) => from === undefined || until === undefined || Date.parse(from) < Date.parse(until)
const rangesInOrder = (filter: Ranges) =>
  inOrder(filter.createdFrom, filter.createdUntil) && inOrder(filter.lastContactFrom, filter.lastContactUntil)
const REVERSED = { message: 'a range ends before it begins' }

/** Which customers, as a JSON body: what is given must all hold. */
const filterShape = z.strictObject({
  ...single,
  archived: z.boolean().default(false),
  tagsAny: tagList.optional(),
  tagsAll: tagList.optional(),
  tagsNone: tagList.optional(),
  /** Values that custom fields have. */
  fields: fieldConditions.optional(),
})
export const customerFilter = filterShape.refine(rangesInOrder, REVERSED)
export type CustomerFilter = z.infer<typeof customerFilter>

/** The same in an address: lists with commas, `fields` as JSON. */
const commaList = z
  .string()
  .max(1000)
  .transform((text) => text.split(','))
  .pipe(tagList)
const fieldsAsJson = z
  .string()
  .max(2000)
  .transform((text, context) => {
    try {
      const value: unknown = JSON.parse(text)
      return value
    } catch {
      context.addIssue({ code: 'custom', message: 'no JSON' })
      return z.NEVER
    }
  })
  .pipe(fieldConditions)
const queryShape = {
  ...single,
  archived: z
    .enum(['true', 'false'])
    .default('false')
    .transform((word) => word === 'true'),
  tagsAny: commaList.optional(),
  tagsAll: commaList.optional(),
  tagsNone: commaList.optional(),
  fields: fieldsAsJson.optional(),
}
export const customerListQuery = listQuery
  .extend({ ...queryShape, sort: z.enum(CUSTOMER_SORTS).default('last_contact'), order: z.enum(['asc', 'desc']).optional() })
  .refine(rangesInOrder, REVERSED)
export type CustomerListQuery = z.infer<typeof customerListQuery>
export const customerCountQuery = z.strictObject(queryShape).refine(rangesInOrder, REVERSED)
/** `capped`: there are more than `COUNT_CAP`. */
export const COUNT_CAP = 10_000
export const customerCountSchema = z.object({ count: z.int().nonnegative(), capped: z.boolean() })

// --- tags of customers

export const customerTagsPatch = z.strictObject({ add: tagIds.default([]), remove: tagIds.default([]) })
/** Customers that one run may touch. */
export const MAX_BULK = 5000
/** A selection, or all that a filter finds now; `expected` is the number the person saw. */
export const bulkTagRequest = z.strictObject({
  customers: z.union([
    z.strictObject({ ids: z.array(z.uuid()).min(1).max(MAX_BULK) }),
    z.strictObject({ filter: customerFilter, expected: z.int().nonnegative().optional() }),
  ]),
  add: z.array(z.uuid()).max(MAX_TAG_CONDITIONS).default([]),
  remove: z.array(z.uuid()).max(MAX_TAG_CONDITIONS).default([]),
})
export type BulkTagRequest = z.infer<typeof bulkTagRequest>
export const bulkTagResultSchema = z.object({
  /** Of those asked for, within my scope. */
  matched: z.int().nonnegative(),
  /** Customers whose tags are other than before. */
  changed: z.int().nonnegative(),
  added: z.int().nonnegative(),
  removed: z.int().nonnegative(),
  /** Customers who already wear as many as one may; unchanged. */
  full: z.int().nonnegative(),
  /** Asked for by id, but not there or outside my scope. */
  missing: z.int().nonnegative(),
})
export type BulkTagResult = z.infer<typeof bulkTagResultSchema>
