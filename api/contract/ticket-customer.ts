/** His tickets, as a customer sees them (MOD-10): on the page of the web channel, and behind a signed link. Nothing internal is in here. */
import { z } from 'zod'
import { attachmentSchema } from './attachment.ts'
import { listQuery } from './list.ts'
import { safeText } from './message.ts'
import { formValuesSchema } from './ticket-type.ts'

/** Where it stands, in the customer's words: what goes on inside is one thing to him. */
export const CUSTOMER_TICKET_STATES = ['received', 'in_progress', 'waiting_for_you', 'please_confirm', 'resolved', 'closed'] as const
export type CustomerTicketState = (typeof CUSTOMER_TICKET_STATES)[number]

const summary = {
  id: z.uuid(),
  number: z.string(),
  title: z.string(),
  state: z.enum(CUSTOMER_TICKET_STATES),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}
export const customerTicketSummarySchema = z.object(summary)
export type CustomerTicketSummary = z.infer<typeof customerTicketSummarySchema>

export const customerFollowUpSchema = z.object({
  id: z.uuid(),
  from: z.enum(['me', 'service']),
  /** Of the agent; null for his own words. */
  name: z.string().nullable(),
  text: z.string(),
  files: z.array(attachmentSchema),
  at: z.iso.datetime(),
})
export const customerTicketSchema = z.object({
  ...summary,
  description: z.string(),
  /** Of the form, what is meant for him and filled in: worded. */
  fields: z.array(z.object({ key: z.string(), labelZh: z.string(), labelEn: z.string(), valueZh: z.string(), valueEn: z.string() })),
  files: z.array(attachmentSchema),
  /** Oldest first. */
  steps: z.array(z.object({ state: z.enum(CUSTOMER_TICKET_STATES), at: z.iso.datetime() })),
  /** Oldest first, the latest two hundred. */
  followUps: z.array(customerFollowUpSchema),
  /** What was done about it: told from when he is asked to confirm. */
  solution: z.string().nullable(),
  /** Without an answer it closes then. */
  closesAt: z.iso.datetime().nullable(),
  rating: z.object({ score: z.int(), comment: z.string().nullable() }).nullable(),
  may: z.object({
    add: z.boolean(),
    urge: z.boolean(),
    confirm: z.boolean(),
    reopen: z.boolean(),
    rate: z.boolean(),
  }),
  /** When he may urge again; null: now, or not at all. */
  nextUrgeAt: z.iso.datetime().nullable(),
  version: z.int().positive(),
})
export type CustomerTicket = z.infer<typeof customerTicketSchema>

export const CUSTOMER_FIELD_TYPES = ['text', 'paragraph', 'number', 'date', 'boolean', 'select', 'multi_select'] as const
/** What he fills in when he chooses this type. Entries of a dictionary are choices like others: the value is the id. */
export const customerFormFieldSchema = z.object({
  key: z.string(),
  labelZh: z.string(),
  labelEn: z.string(),
  type: z.enum(CUSTOMER_FIELD_TYPES),
  required: z.boolean(),
  choices: z.array(z.object({ value: z.string(), labelZh: z.string(), labelEn: z.string() })),
  hintZh: z.string(),
  hintEn: z.string(),
})
export type CustomerFormField = z.infer<typeof customerFormFieldSchema>
export const customerTicketTypeSchema = z.object({
  id: z.uuid(),
  nameZh: z.string(),
  nameEn: z.string(),
  fields: z.array(customerFormFieldSchema),
})
export type CustomerTicketType = z.infer<typeof customerTicketTypeSchema>

/** Newest first. */
export const customerTicketListQuery = listQuery.extend({ state: z.enum(['all', 'open', 'ended']).default('all') })
export const customerTicketPage = z.object({
  tickets: z.array(customerTicketSummarySchema),
  nextCursor: z.string().nullable(),
  /** He may write a new one here, of one of these types; null: not here. */
  form: z.object({ types: z.array(customerTicketTypeSchema) }).nullable(),
})
export type CustomerTicketPage = z.infer<typeof customerTicketPage>

const words = (max: number) => safeText(max).refine((text) => text.trim() !== '', { message: 'blank_text' })
const clientKey = safeText(64, 8)
const attachmentIds = z.array(z.uuid()).max(9).default([])
export const customerTicketCreate = z.strictObject({
  clientKey,
  typeId: z.uuid().optional(),
  title: words(120),
  text: words(5000),
  /** By key, of the fields of the type; 400 `field_invalid`, `ticket_fields_missing` with the fields that are missing. */
  fields: formValuesSchema.default({}),
  attachmentIds,
})
export type CustomerTicketCreate = z.output<typeof customerTicketCreate>
export const customerFollowUpCreate = z.strictObject({ clientKey, text: words(5000), attachmentIds })
export type CustomerFollowUpCreate = z.infer<typeof customerFollowUpCreate>
export const customerReason = z.strictObject({ reason: words(1000) })
export const customerTicketRating = z.strictObject({ score: z.int().min(1).max(5), comment: safeText(500).optional() })
