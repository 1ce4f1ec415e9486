/**
 * Tickets (BP-005, BP-006): numbered by the day of the company, without gaps.
 *
 * Editing names the `version` that the writer saw. Only what somebody else changed meanwhile AND the writer changes too is a conflict: 409
 * `version_conflict` with `{ version, conflicts: [{ field, theirs, yours }], by, at }`. Status changes by moves alone.
 * A ticket outside one's scope is 404. One's own, what one made or watches, and what waits in the pool of one's teams is always within it.
 */
import { RELATION_ROLES } from './ticket-terms.ts'
import { z } from 'zod'
import { attachmentSchema } from './attachment.ts'
import { PRIORITIES } from './priority.ts'
import { safeText } from './message.ts'
import { checklistTexts } from './ticket-follow-up.ts'
import { ticketTags } from './ticket-list.ts'
import { TICKET_SOURCES, TICKET_STATUSES } from './ticket-status.ts'
import { formValuesSchema } from './ticket-type.ts'

export * from './ticket-list.ts'
export * from './ticket-status.ts'

export const MAX_TICKET_FILES = 100
export const MAX_TICKET_MESSAGES = 200
export const MAX_WATCHERS = 50
export const MAX_RELATIONS = 100

const named = z.object({ id: z.uuid(), name: z.string() })
const person = z.object({ id: z.uuid(), name: z.string(), avatarUrl: z.string().nullable() })
const at = z.iso.datetime()

export const SLA_CLOCKS = ['first_response', 'next_response', 'resolution'] as const
export const SLA_STATES = ['running', 'paused', 'fulfilled', 'breached'] as const
/** What a list shows of its clocks; the whole is the detail's. */
export const slaSummarySchema = z.object({
  /** The next moment that is owed; null while nothing runs. */
  nextDueAt: at.nullable(),
  clock: z.enum(SLA_CLOCKS).nullable(),
  /** Null: no policy applies. */
  state: z.enum(SLA_STATES).nullable(),
  /** Working time left while it stands still, whole seconds; below 0: it was late already. */
  leftSeconds: z.int().nullable(),
  /** Any clock of it was ever late. */
  breached: z.boolean(),
})
export type SlaSummary = z.infer<typeof slaSummarySchema>

/** A row of lists, boards and pushes: the same for every reader. */
export const ticketSchema = z.object({
  id: z.uuid(),
  number: z.string(),
  title: z.string(),
  type: z.object({ id: z.uuid(), nameZh: z.string(), nameEn: z.string(), color: z.string().nullable() }),
  priority: z.enum(PRIORITIES),
  status: z.enum(TICKET_STATUSES),
  statusSince: at,
  team: named.nullable(),
  assignee: person.nullable(),
  assignedAt: at.nullable(),
  /** When its assignee opened it; null: it is unread by him. */
  seenAt: at.nullable(),
  customer: z.object({ id: z.uuid(), name: z.string().nullable(), avatarUrl: z.string().nullable() }).nullable(),
  channelAccount: z.object({ id: z.uuid(), kind: z.string(), name: z.string() }).nullable(),
  conversationId: z.uuid().nullable(),
  source: z.enum(TICKET_SOURCES),
  tags: z.array(z.string()),
  escalationLevel: z.int().nonnegative(),
  reopenedCount: z.int().nonnegative(),
  urges: z.int().nonnegative(),
  lastUrgedAt: at.nullable(),
  mergedInto: z.uuid().nullable(),
  sla: slaSummarySchema,
  createdBy: named.nullable(),
  createdAt: at,
  updatedAt: at,
  lastActivityAt: at,
  firstRepliedAt: at.nullable(),
  resolvedAt: at.nullable(),
  closedAt: at.nullable(),
  version: z.int().positive(),
})
export type Ticket = z.infer<typeof ticketSchema>

export const ticketFileSchema = attachmentSchema.extend({ addedBy: named.nullable(), addedAt: at })
export type TicketFile = z.infer<typeof ticketFileSchema>

export const ticketRelationSchema = z.object({
  id: z.uuid(),
  role: z.enum(RELATION_ROLES),
  /** Null when the reader may not see the other one. */
  ticket: z
    .object({
      id: z.uuid(),
      number: z.string(),
      title: z.string(),
      status: z.enum(TICKET_STATUSES),
      priority: z.enum(PRIORITIES),
      assignee: named.nullable(),
    })
    .nullable(),
})
export type TicketRelation = z.infer<typeof ticketRelationSchema>

/** What entering the state asks for: words, or fields of the type's form that are still empty. */
export const MOVE_NEEDS = ['reason', 'solution', 'assignee'] as const
export type MoveNeed = (typeof MOVE_NEEDS)[number]
export const moveSchema = z.object({
  to: z.enum(TICKET_STATUSES),
  needs: z.array(z.enum(MOVE_NEEDS)),
  /** Keys of the form's fields. */
  missing: z.array(z.string()),
  /** From resolved or closed back to work. */
  reopens: z.boolean(),
})
export type TicketMove = z.infer<typeof moveSchema>

export const ticketDetailSchema = ticketSchema.extend({
  description: z.string(),
  fields: formValuesSchema,
  /** Named values of `dictionary` fields: id → labels. */
  entries: z.record(z.string(), z.object({ labelZh: z.string(), labelEn: z.string() })),
  solution: z.string().nullable(),
  closeReason: z.string().nullable(),
  watchers: z.array(person),
  files: z.array(ticketFileSchema),
  relations: z.array(ticketRelationSchema),
  /** How many messages of the conversation were taken over; `GET …/messages` shows them. */
  messages: z.int().nonnegative(),
  /** Moves open to the reader now. */
  moves: z.array(moveSchema),
  may: z.object({
    edit: z.boolean(),
    comment: z.boolean(),
    assign: z.boolean(),
    claim: z.boolean(),
    merge: z.boolean(),
    watch: z.boolean(),
    openConversation: z.boolean(),
  }),
})
export type TicketDetail = z.infer<typeof ticketDetailSchema>

// Making and changing

const title = safeText(200, 1).refine((text) => text.trim() !== '', { message: 'blank_text' })
const description = safeText(20_000)
export const messageSelection = z.strictObject({
  conversationId: z.uuid(),
  /** None: the conversation alone is linked. */
  seqs: z.array(z.int().positive()).max(MAX_TICKET_MESSAGES).default([]),
})
const files = z.array(z.uuid()).max(20)

/** What templates and drafts hold, too: everything that is typed. */
const contentFields = {
  title,
  description,
  typeId: z.uuid(),
  priority: z.enum(PRIORITIES),
  fields: formValuesSchema,
  tags: ticketTags,
  teamId: z.uuid().nullable(),
  assigneeId: z.uuid().nullable(),
  watcherIds: z.array(z.uuid()).max(MAX_WATCHERS),
}
export const ticketCreate = z.strictObject({
  /** The same key again answers with the ticket it made; with other content 409 `idempotency_mismatch`. */
  clientKey: safeText(64, 8).optional(),
  title,
  description: description.default(''),
  typeId: z.uuid(),
  /** Default: the type's. */
  priority: z.enum(PRIORITIES).optional(),
  fields: formValuesSchema.default({}),
  tags: ticketTags.default([]),
  /** Default: the conversation's, else the type's. */
  teamId: z.uuid().nullable().optional(),
  /** Given to him at once; takes `tickets.assign` unless it is oneself. */
  assigneeId: z.uuid().nullable().default(null),
  customerId: z.uuid().nullable().default(null),
  watcherIds: z.array(z.uuid()).max(MAX_WATCHERS).default([]),
  /** What is left to do, in its order. */
  checklist: checklistTexts.default([]),
  /** Uploads (`POST /attachments`) of one's own. */
  attachmentIds: files.default([]),
  /** From a conversation, with selected messages, whose files are copied. The customer is the conversation's. */
  from: messageSelection.optional(),
  source: z.enum(['hand', 'api']).default('hand'),
  /** Goes when the ticket is there. */
  draftId: z.uuid().optional(),
})
export type TicketCreate = z.output<typeof ticketCreate>

export const ticketPatch = z.strictObject({
  title: title.optional(),
  description: description.optional(),
  typeId: z.uuid().optional(),
  priority: z.enum(PRIORITIES).optional(),
  fields: formValuesSchema.optional(),
  tags: ticketTags.optional(),
  teamId: z.uuid().nullable().optional(),
  customerId: z.uuid().nullable().optional(),
  version: z.int().positive(),
})
export type TicketPatch = z.output<typeof ticketPatch>
/** What several changes at once may name, too; `version` is the writer's look. */
export type TicketChange = Omit<TicketPatch, 'version'>

export const ticketMoveRequest = z.strictObject({
  to: z.enum(TICKET_STATUSES),
  reason: safeText(500, 1).optional(),
  solution: safeText(20_000, 1).optional(),
  /** Filled in with the move. */
  fields: formValuesSchema.optional(),
  version: z.int().positive().optional(),
})
export type TicketMoveRequest = z.output<typeof ticketMoveRequest>

export const watcherRequest = z.strictObject({ accountIds: z.array(z.uuid()).min(1).max(MAX_WATCHERS) })
export const relationRequest = z.strictObject({ role: z.enum(RELATION_ROLES), ticketId: z.uuid() })
export const ticketFilesRequest = z.strictObject({ attachmentIds: files.min(1) })
export const ticketMessagesRequest = messageSelection

// Templates and drafts

const templateContent = z.strictObject({
  title: safeText(200).default(''),
  description: description.default(''),
  priority: contentFields.priority.nullable().default(null),
  fields: contentFields.fields.default({}),
  tags: contentFields.tags.default([]),
  teamId: contentFields.teamId.default(null),
  checklist: checklistTexts.default([]),
})
export const ticketTemplateSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  /** Null: for everybody. */
  team: named.nullable(),
  type: z.object({ id: z.uuid(), nameZh: z.string(), nameEn: z.string() }),
  content: templateContent,
  disabled: z.boolean(),
  may: z.object({ change: z.boolean() }),
  version: z.int().positive(),
})
export type TicketTemplate = z.infer<typeof ticketTemplateSchema>
export const ticketTemplateCreate = z.strictObject({
  name: safeText(60, 1),
  teamId: z.uuid().nullable().default(null),
  typeId: z.uuid(),
  content: templateContent,
})
export const ticketTemplatePatch = z.strictObject({
  name: safeText(60, 1).optional(),
  typeId: z.uuid().optional(),
  content: templateContent.optional(),
  disabled: z.boolean().optional(),
  version: z.int().positive(),
})
export const ticketTemplateListQuery = z.strictObject({ all: z.enum(['true', 'false']).default('false') })
export const ticketTemplateRemove = z.strictObject({ version: z.coerce.number().int().positive() })

/** Nothing in a draft is checked but its form: it is what somebody has typed so far. */
export const ticketDraftContent = z.strictObject({
  title: safeText(200).default(''),
  description: description.default(''),
  typeId: z.uuid().nullable().default(null),
  priority: contentFields.priority.nullable().default(null),
  fields: contentFields.fields.default({}),
  tags: contentFields.tags.default([]),
  teamId: contentFields.teamId.default(null),
  assigneeId: contentFields.assigneeId.default(null),
  customerId: z.uuid().nullable().default(null),
  watcherIds: contentFields.watcherIds.default([]),
  checklist: checklistTexts.default([]),
  seqs: z.array(z.int().positive()).max(MAX_TICKET_MESSAGES).default([]),
})
export const ticketDraftSchema = z.object({
  id: z.uuid(),
  conversationId: z.uuid().nullable(),
  content: ticketDraftContent,
  updatedAt: at,
  version: z.int().positive(),
})
export type TicketDraft = z.infer<typeof ticketDraftSchema>
export const ticketDraftCreate = z.strictObject({ conversationId: z.uuid().nullable().default(null), content: ticketDraftContent })
export const ticketDraftPut = z.strictObject({ content: ticketDraftContent, version: z.int().positive() })
