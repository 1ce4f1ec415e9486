/**
 * Quick replies 快捷回复 (BP-016, BP-004.4): prepared answers of the house, of a team and of oneself, in trees of categories.
 *
 * Everybody who reads conversations uses the global ones, those of his teams and his own. Changing his own needs nothing more; global ones take
 * `quick_replies.manage_global`, a team's `quick_replies.manage_team` and a team within one's scope (404 beyond it).
 * Variables stand in texts as `{{customer.name}}`; those of a reply's own have no dot: `{{订单号}}`.
 */
import { z } from 'zod'
import { SHEET_FORMATS } from './import.ts'
import { listQuery } from './list.ts'
import { mediaSchema, safeText } from './message.ts'

export const QUICK_REPLY_SCOPES = ['personal', 'team', 'global'] as const
export type QuickReplyScope = (typeof QUICK_REPLY_SCOPES)[number]

/** What the product knows by itself. A ticket's number and a place in the queue are there only in some conversations. */
export const KNOWN_VARIABLES = [
  'customer.name',
  'customer.remark',
  'customer.level',
  'agent.name',
  'agent.number',
  'team.name',
  'ticket.number',
  'queue.position',
  'company.name',
  'date.today',
] as const
export type KnownVariable = (typeof KNOWN_VARIABLES)[number]

export const VARIABLE_KINDS = ['text', 'number', 'date', 'choice'] as const
export type VariableKind = (typeof VARIABLE_KINDS)[number]
/** What people call it, and how it stands in the text; without a dot, so that it can never be one of ours. */
const variableName = z.string().regex(/^[\p{L}\p{N}_]{1,30}$/u, 'letters, digits and _')
export const ownVariableSchema = z
  .strictObject({
    name: variableName,
    kind: z.enum(VARIABLE_KINDS),
    /** Only of `choice`. */
    choices: z
      .array(safeText(60, 1).regex(/^[^|｜;；\n]+$/, 'no | and no ;'))
      .max(30)
      .default([]),
  })
  .refine(({ kind, choices }) => (kind === 'choice') === choices.length > 0, 'choices belong to choice, and choice needs some')
  .refine(({ choices }) => new Set(choices).size === choices.length, 'choices differ')
export type OwnVariable = z.infer<typeof ownVariableSchema>

export const MAX_REPLY_TEXT = 10_000
export const MAX_REPLY_PARTS = 5
const notBlank = (text: string) => text.trim() !== ''
const words = safeText(MAX_REPLY_TEXT, 1).refine(notBlank, { message: 'blank_text' })
const linkFields = {
  type: z.literal('link'),
  url: z.url({ protocol: /^https?$/ }).max(2048),
  title: safeText(256, 1).refine(notBlank, { message: 'blank_text' }),
  description: safeText(1024).optional(),
}
const filePart = <T extends string>(type: T) => z.object({ type: z.literal(type), media: mediaSchema })
const fileInput = <T extends string>(type: T) => z.strictObject({ type: z.literal(type), attachmentId: z.uuid() })

export const quickReplyPartSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  filePart('image'),
  filePart('file'),
  z.object(linkFields),
])
export type QuickReplyPart = z.infer<typeof quickReplyPartSchema>
/** Files are uploaded first. One that stands in a message one may see can be taken too: the reply gets a copy. */
export const quickReplyPartInput = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: words }),
  fileInput('image'),
  fileInput('file'),
  z.strictObject(linkFields),
])
export type QuickReplyPartInput = z.infer<typeof quickReplyPartInput>

/** Short code 快捷编码: typed after `/`, once in each scope; case does not count. */
export const codeSchema = z.string().regex(/^[\p{L}\p{N}_.-]{1,20}$/u, 'letters, digits, _ . -')

export const quickReplyCategorySchema = z.object({
  id: z.uuid(),
  scope: z.enum(QUICK_REPLY_SCOPES),
  teamId: z.uuid().nullable(),
  parentId: z.uuid().nullable(),
  name: z.string(),
  businessTypeId: z.uuid().nullable(),
  position: z.int(),
  /** Replies in it, without its branches. */
  replies: z.int().nonnegative(),
  version: z.int().positive(),
})
export type QuickReplyCategory = z.infer<typeof quickReplyCategorySchema>

const person = z.object({ id: z.uuid(), name: z.string() })
export const quickReplySchema = z.object({
  id: z.uuid(),
  scope: z.enum(QUICK_REPLY_SCOPES),
  team: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  categoryId: z.uuid().nullable(),
  /** From the root; empty: none. */
  categoryPath: z.array(z.string()),
  code: z.string().nullable(),
  title: z.string(),
  parts: z.array(quickReplyPartSchema),
  /** Those of its own that its texts use. */
  variables: z.array(ownVariableSchema),
  disabled: z.boolean(),
  /** Sent messages that it began, by everybody and by the reader. */
  uses: z.int().nonnegative(),
  ownUses: z.int().nonnegative(),
  lastUsedAt: z.iso.datetime().nullable(),
  may: z.object({ change: z.boolean() }),
  updatedBy: person.nullable(),
  updatedAt: z.iso.datetime(),
  version: z.int().positive(),
})
export type QuickReply = z.infer<typeof quickReplySchema>

const shelf = { scope: z.enum(QUICK_REPLY_SCOPES), teamId: z.uuid().optional() }
const teamNamed = ({ scope, teamId }: { scope: QuickReplyScope; teamId?: string | undefined }) =>
  (scope === 'team') === (teamId !== undefined)
const TEAM_RULE = 'teamId belongs to the scope team'

export const shelfQuery = z.strictObject(shelf).refine(teamNamed, TEAM_RULE)
export type ShelfQuery = z.infer<typeof shelfQuery>
export const categoryCreate = z
  .strictObject({
    ...shelf,
    parentId: z.uuid().nullable().default(null),
    name: safeText(40, 1).refine(notBlank),
    businessTypeId: z.uuid().nullable().default(null),
  })
  .refine(teamNamed, TEAM_RULE)
export type CategoryCreate = z.infer<typeof categoryCreate>
export const categoryPatch = z.strictObject({
  name: safeText(40, 1).refine(notBlank).optional(),
  businessTypeId: z.uuid().nullable().optional(),
  version: z.int().positive(),
})
export type CategoryPatch = z.infer<typeof categoryPatch>
/** Under another parent, before one of its children; null: at the end. */
export const categoryMove = z.strictObject({ parentId: z.uuid().nullable(), before: z.uuid().nullable(), version: z.int().positive() })
export type CategoryMove = z.infer<typeof categoryMove>
/** What becomes of what is in it: nothing may be (`refuse`), it goes one level up, or it is deleted too. */
export const categoryRemove = z.strictObject({
  version: z.coerce.number().int().positive(),
  contents: z.enum(['refuse', 'move_up', 'delete']).default('refuse'),
})
export type CategoryRemove = z.infer<typeof categoryRemove>

export const quickReplyListQuery = listQuery
  .extend({
    ...shelf,
    /** With all branches below it; `none`: those outside any. */
    categoryId: z.union([z.literal('none'), z.uuid()]).optional(),
    /** Code, title, 拼音 or text; best first and without further pages. */
    q: safeText(60).optional(),
    state: z.enum(['all', 'active', 'disabled']).default('all'),
  })
  .refine(teamNamed, TEAM_RULE)
export type QuickReplyListQuery = z.infer<typeof quickReplyListQuery>
/** For the composer: everything the reader may use, best first. Without `q`, what he uses most. */
export const suggestionQuery = z.strictObject({
  q: safeText(60).default(''),
  limit: z.coerce.number().int().min(1).max(50).default(20),
})
/** `byCode`: the code was typed in full; personal before team before global. */
export const suggestionSchema = quickReplySchema.extend({ byCode: z.boolean() })
export type QuickReplySuggestion = z.infer<typeof suggestionSchema>

const content = {
  title: safeText(80, 1).refine(notBlank),
  code: codeSchema.nullable(),
  categoryId: z.uuid().nullable(),
  parts: z.array(quickReplyPartInput).min(1).max(MAX_REPLY_PARTS),
  variables: z
    .array(ownVariableSchema)
    .max(20)
    .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'names differ'),
}
export const quickReplyCreate = z
  .strictObject({
    ...shelf,
    ...content,
    code: content.code.default(null),
    categoryId: content.categoryId.default(null),
    variables: content.variables.default([]),
  })
  .refine(teamNamed, TEAM_RULE)
export type QuickReplyCreate = z.infer<typeof quickReplyCreate>
export const quickReplyPatch = z.strictObject({
  title: content.title.optional(),
  code: content.code.optional(),
  categoryId: content.categoryId.optional(),
  parts: content.parts.optional(),
  variables: content.variables.optional(),
  disabled: z.boolean().optional(),
  version: z.int().positive(),
})
export type QuickReplyPatch = z.infer<typeof quickReplyPatch>
/** Into a category, before one of its replies; null: at the end. */
export const quickReplyMove = z.strictObject({ categoryId: z.uuid().nullable(), before: z.uuid().nullable(), version: z.int().positive() })
export type QuickReplyMove = z.infer<typeof quickReplyMove>
export const quickReplyRemove = z.strictObject({ version: z.coerce.number().int().positive() })

/** As it stood after a change; the newest is what stands now. `number` counts from 1. */
export const quickReplyVersionSchema = z.object({
  number: z.int().positive(),
  reason: z.enum(['created', 'changed', 'restored', 'imported']),
  title: z.string(),
  code: z.string().nullable(),
  parts: z.array(quickReplyPartSchema),
  variables: z.array(ownVariableSchema),
  by: person.nullable(),
  at: z.iso.datetime(),
})
export type QuickReplyVersion = z.infer<typeof quickReplyVersionSchema>
export const quickReplyRestore = z.strictObject({ number: z.int().positive(), version: z.int().positive() })

/** `values` by variable: those of the reply's own, and of ours where the conversation does not know them. */
export const quickReplyFill = z.strictObject({
  conversationId: z.uuid(),
  values: z.record(z.string().max(40), safeText(500)).default({}),
})
export type QuickReplyFill = z.infer<typeof quickReplyFill>
export const missingVariableSchema = z.object({
  name: z.string(),
  /** Of ours, or of the reply's own. */
  known: z.boolean(),
  kind: z.enum(VARIABLE_KINDS),
  choices: z.array(z.string()),
})
export type MissingVariable = z.infer<typeof missingVariableSchema>
export const filledReplySchema = z.object({
  /** Ready for a reply; files are copies that belong to the reader. Empty while something is missing. */
  parts: z.array(quickReplyPartSchema),
  missing: z.array(missingVariableSchema),
  /** Kinds that this conversation's channel does not take; they are not in `parts`. A link card becomes text where the channel has none. */
  left: z.array(z.enum(['image', 'file'])),
})
export type FilledReply = z.infer<typeof filledReplySchema>
/** What this conversation knows; absent: it will be asked for. */
export const knownValuesSchema = z.partialRecord(z.enum(KNOWN_VARIABLES), z.string())
export type KnownValues = z.infer<typeof knownValuesSchema>
export const knownValuesQuery = z.strictObject({ conversationId: z.uuid() })

export const QUICK_REPLY_COLUMNS = ['category', 'code', 'title', 'text', 'linkTitle', 'linkUrl', 'variables', 'state'] as const
export type QuickReplyColumn = (typeof QUICK_REPLY_COLUMNS)[number]
export const QUICK_REPLY_SHEET_FAULTS = [
  'required',
  'too_long',
  'malformed',
  'code_invalid',
  'code_taken',
  /** Also on an earlier row: `params.row`. */
  'repeated',
  'variable_unknown',
  'variable_invalid',
  'link_invalid',
  'category_too_deep',
  'state_unknown',
] as const
export type QuickReplySheetFault = (typeof QUICK_REPLY_SHEET_FAULTS)[number]
export const sheetFaultSchema = z.object({
  /** As the spreadsheet numbers it. */
  row: z.int().positive(),
  column: z.enum(QUICK_REPLY_COLUMNS),
  fault: z.enum(QUICK_REPLY_SHEET_FAULTS),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type QuickReplySheetError = z.infer<typeof sheetFaultSchema>
/** `taken`: what happens to a row whose code is there already: it is a fault, left out, or changes that reply. `leaveBad`: the good rows alone. */
export const sheetImportQuery = z
  .strictObject({
    ...shelf,
    taken: z.enum(['refuse', 'skip', 'update']).default('refuse'),
    leaveBad: z.enum(['true', 'false']).default('false'),
  })
  .refine(teamNamed, TEAM_RULE)
export type SheetImport = z.infer<typeof sheetImportQuery>
export const sheetPreviewSchema = z.object({
  rows: z.array(
    z.object({
      row: z.int().positive(),
      action: z.enum(['create', 'update', 'skip', 'refused']),
      category: z.array(z.string()),
      code: z.string().nullable(),
      title: z.string(),
      text: z.string(),
    }),
  ),
  errors: z.array(sheetFaultSchema),
  unknownColumns: z.array(z.string()),
  counts: z.object({ create: z.int(), update: z.int(), skip: z.int(), refused: z.int(), categories: z.int() }),
})
export type SheetPreview = z.infer<typeof sheetPreviewSchema>
export const sheetAppliedSchema = z.object({ created: z.int(), updated: z.int(), skipped: z.int(), categories: z.int() })
export const sheetExportQuery = z.strictObject({ ...shelf, format: z.enum(SHEET_FORMATS).default('xlsx') }).refine(teamNamed, TEAM_RULE)
