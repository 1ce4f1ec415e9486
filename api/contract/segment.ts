/** Groups of customers by condition, always of now (MOD-06). */
import { z } from 'zod'
import { MAX_CONDITIONS, MAX_DEPTH } from './customer-terms.ts'
import { customerSummarySchema } from './customer.ts'
import { DICTIONARIES } from './dictionary.ts'
import { listQuery } from './list.ts'
import { safeText } from './message.ts'

/** Counts are exact up to here. */
export const SEGMENT_COUNT_CAP = 10_000

/** `status`, `tags`, `fields.{code}` for custom fields, `conversations.count`, … : `GET /segment-fields` names them all. */
const field = z.string().regex(/^[a-z][a-zA-Z0-9_.]{0,79}$/)
const values = z.array(safeText(200, 1)).min(1).max(100)
const days = z.int().min(1).max(3650)

export const segmentConditionSchema = z.discriminatedUnion('op', [
  z.strictObject({ field, op: z.literal('is'), value: z.union([safeText(500), z.number(), z.boolean()]) }),
  z.strictObject({ field, op: z.literal('contains'), text: safeText(120, 1) }),
  z.strictObject({ field, op: z.literal('any_of'), values }),
  z.strictObject({ field, op: z.literal('all_of'), values }),
  z.strictObject({ field, op: z.literal('none_of'), values }),
  z.strictObject({ field, op: z.literal('empty') }),
  z.strictObject({ field, op: z.literal('not_empty') }),
  /** `days`: counted within these last days only, where the field counts things that happen. */
  z.strictObject({ field, op: z.literal('at_least'), number: z.number(), days: days.optional() }),
  z.strictObject({ field, op: z.literal('at_most'), number: z.number(), days: days.optional() }),
  z.strictObject({ field, op: z.literal('within_days'), days }),
  /** Longer ago, or never. */
  z.strictObject({ field, op: z.literal('not_within_days'), days }),
  /** A time, or a day for custom fields; `from` includes it, `before` does not. */
  z.strictObject({ field, op: z.literal('from'), time: z.union([z.iso.datetime({ offset: true }), z.iso.date()]) }),
  z.strictObject({ field, op: z.literal('before'), time: z.union([z.iso.datetime({ offset: true }), z.iso.date()]) }),
])
export type SegmentCondition = z.infer<typeof segmentConditionSchema>
export const SEGMENT_OPS = [
  'is',
  'contains',
  'any_of',
  'all_of',
  'none_of',
  'empty',
  'not_empty',
  'at_least',
  'at_most',
  'within_days',
  'not_within_days',
  'from',
  'before',
] as const satisfies readonly SegmentCondition['op'][]
export type SegmentOp = (typeof SEGMENT_OPS)[number]

export type SegmentNode = SegmentCondition | { all: SegmentNode[] } | { any: SegmentNode[] } | { not: SegmentNode }
const nodeSchema: z.ZodType<SegmentNode> = z.lazy(() =>
  z.union([
    segmentConditionSchema,
    z.strictObject({ all: z.array(nodeSchema).max(MAX_CONDITIONS) }),
    z.strictObject({ any: z.array(nodeSchema).max(MAX_CONDITIONS) }),
    z.strictObject({ not: nodeSchema }),
  ]),
)

export const childrenOf = (node: SegmentNode): readonly SegmentNode[] =>
  'all' in node ? node.all : 'any' in node ? node.any : 'not' in node ? [node.not] : []
const depthOf = (node: SegmentNode): number => 1 + Math.max(0, ...childrenOf(node).map(depthOf))
export const conditionsOf = (node: SegmentNode): SegmentCondition[] => ('op' in node ? [node] : childrenOf(node).flatMap(conditionsOf))

/** Recursive: the text is measured before it is read, so that depth cannot exhaust the reader. */
const nesting = (value: unknown, left: number): boolean =>
  left > 0 && (typeof value !== 'object' || value === null || Object.values(value).every((inner) => nesting(inner, left - 1)))
/** An empty `all` is everybody, an empty `any` nobody. */
export const segmentDefinitionSchema = z
  .unknown()
  .refine((value) => nesting(value, 2 * MAX_DEPTH + 4), { message: 'nested too deeply', abort: true })
  .pipe(nodeSchema)
  .refine((node) => depthOf(node) <= MAX_DEPTH, { message: 'nested too deeply' })
  .refine((node) => conditionsOf(node).length <= MAX_CONDITIONS, { message: 'too many conditions' })

/** What values a field takes, so that the builder can offer them. */
export const segmentChoicesSchema = z.discriminatedUnion('from', [
  z.object({ from: z.literal('list'), values: z.array(z.object({ value: z.string(), labelZh: z.string(), labelEn: z.string() })) }),
  z.object({ from: z.literal('dictionary'), dictionary: z.enum(DICTIONARIES) }),
  /** Ids of tags, staff, institutions; kinds of channels. */
  z.object({ from: z.enum(['tags', 'staff', 'institutions', 'channel_kinds', 'segments', 'teams']) }),
])
export type SegmentChoices = z.infer<typeof segmentChoicesSchema>
export const segmentFieldSchema = z.object({
  field: z.string(),
  /** Null: worded by the screens under `segments.fields.{field}`. */
  label: z.object({ zh: z.string(), en: z.string() }).nullable(),
  group: z.enum(['profile', 'organisation', 'activity', 'channel', 'custom']),
  type: z.enum(['text', 'choice', 'number', 'time', 'date', 'boolean', 'count']),
  ops: z.array(z.enum(SEGMENT_OPS)),
  choices: segmentChoicesSchema.nullable(),
})
export type SegmentField = z.infer<typeof segmentFieldSchema>

const name = safeText(60, 1).refine((text) => text.trim() === text, { message: 'no space at either end' })
const description = safeText(300)
export const segmentSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  definition: nodeSchema,
  createdBy: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.int().positive(),
})
export type Segment = z.infer<typeof segmentSchema>
export const segmentListQuery = listQuery.extend({ q: safeText(60).optional() })
export const segmentCreate = z.strictObject({ name, description: description.default(''), definition: segmentDefinitionSchema })
export type SegmentCreate = z.infer<typeof segmentCreate>
export const segmentPatch = z.strictObject({
  name: name.optional(),
  description: description.optional(),
  definition: segmentDefinitionSchema.optional(),
  version: z.int().positive(),
})
export type SegmentPatch = z.infer<typeof segmentPatch>
export const segmentRemove = z.strictObject({ version: z.coerce.number().int().positive() })

/** Within the reader's scope. `capped`: there are more than `SEGMENT_COUNT_CAP`. */
export const segmentCountSchema = z.object({ count: z.int().nonnegative(), capped: z.boolean() })
export type SegmentCount = z.infer<typeof segmentCountSchema>
export const segmentPreviewRequest = z.strictObject({ definition: segmentDefinitionSchema })
export const segmentPreviewSchema = segmentCountSchema.extend({ sample: z.array(customerSummarySchema) })
