/** How tickets end (BP-006.9, BP-006.10): the customer's word, closing by itself, reopening, rating, the solution as an article. */
import { z } from 'zod'
import { safeText } from './message.ts'
import { PAGE_ONLY_REASONS } from './ticket-follow-up.ts'

/** `withdrawn`: staff took the ticket up again before he answered. */
export const CONFIRMATION_STATES = ['open', 'confirmed', 'rejected', 'closed', 'withdrawn'] as const
export const confirmationSchema = z.object({
  state: z.enum(CONFIRMATION_STATES),
  askedAt: z.iso.datetime(),
  /** Whether he was told in his channel; null: he was, else why not. */
  untold: z.enum(PAGE_ONLY_REASONS).nullable(),
  /** When he is reminded, and when the ticket closes without an answer; null: not by itself. */
  noticeAt: z.iso.datetime().nullable(),
  closesAt: z.iso.datetime().nullable(),
  noticedAt: z.iso.datetime().nullable(),
  answeredAt: z.iso.datetime().nullable(),
  /** What he missed. */
  reason: z.string().nullable(),
})
export type TicketConfirmation = z.infer<typeof confirmationSchema>

export const ticketRatingSchema = z.object({
  score: z.int().min(1).max(5),
  comment: z.string().nullable(),
  ratedAt: z.iso.datetime(),
  agent: z.object({ id: z.uuid(), name: z.string() }).nullable(),
})
export type TicketRating = z.infer<typeof ticketRatingSchema>

/** Of one ticket, for staff. */
export const ticketEndingSchema = z.object({
  solution: z.string().nullable(),
  /** The newest. */
  confirmation: confirmationSchema.nullable(),
  rating: ticketRatingSchema.nullable(),
  urges: z.int().nonnegative(),
  lastUrgedAt: z.iso.datetime().nullable(),
  /** The draft made of its solution. */
  article: z.object({ id: z.uuid(), title: z.string() }).nullable(),
  /** The ticket's page for the customer, by a signed link; null while nobody knows him on any channel. */
  customerLink: z.string().nullable(),
})
export type TicketEnding = z.infer<typeof ticketEndingSchema>

export const solutionPut = z.strictObject({
  solution: safeText(20_000, 1).nullable(),
  version: z.int().positive(),
})
/** Left out: made of the ticket's title, description and solution. */
export const articleDraftRequest = z.strictObject({
  title: safeText(120, 1).optional(),
  body: safeText(40_000, 1).optional(),
})

/** What customers are told of their tickets by themselves. */
export const TICKET_TEXTS = ['created', 'followUp', 'confirm', 'reminder', 'autoClosed', 'resolved', 'myTickets', 'noTickets'] as const
export type TicketText = (typeof TICKET_TEXTS)[number]
/** By either name. `text`: the words of the follow-up; `days`: working days until it closes. */
export const TICKET_VARIABLES = {
  number: '工单号',
  title: '标题',
  text: '内容',
  solution: '解决方案',
  link: '链接',
  days: '天数',
} as const
export type TicketVariable = keyof typeof TICKET_VARIABLES

const wording = z.strictObject({ on: z.boolean(), zh: safeText(600), en: safeText(600) })
const texts = z.strictObject({
  created: wording,
  followUp: wording,
  confirm: wording,
  reminder: wording,
  autoClosed: wording,
  resolved: wording,
  myTickets: wording,
  noTickets: wording,
})
const settings = {
  /** Working days without an answer after which what waits for the customer's word is closed; 0: never. */
  autoCloseDays: z.int().min(0).max(60),
  /** He is reminded so many working days before; 0: not at all. */
  noticeDays: z.int().min(0).max(30),
  /** Days after the end in which he may reopen it; 0: never. */
  reopenDays: z.int().min(0).max(365),
  /** 催单: at most so often within 24 hours, and not again within so many minutes. */
  urgesPerDay: z.int().min(0).max(20),
  urgeMinutes: z.int().min(1).max(1440),
  /** Customers rate tickets that have ended. */
  rating: z.boolean(),
  /** What was left outside working hours becomes a ticket at once. */
  offHoursTickets: z.boolean(),
  /** Key of the button in the menu of an official account that answers with his tickets. */
  menuKey: safeText(64, 1).regex(/^[\w.-]+$/),
  texts,
}
export const ticketEndingSettingsSchema = z.object({ ...settings, version: z.int().positive() })
export type TicketEndingSettings = z.infer<typeof ticketEndingSettingsSchema>
export type TicketTexts = TicketEndingSettings['texts']
export const ticketEndingSettingsPut = z
  .strictObject({ ...settings, version: z.int().positive() })
  .refine(({ autoCloseDays, noticeDays }) => autoCloseDays === 0 || noticeDays < autoCloseDays, {
    path: ['noticeDays'],
    message: 'the reminder comes before the end',
  })
export type TicketEndingSettingsPut = z.infer<typeof ticketEndingSettingsPut>
