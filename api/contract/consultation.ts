/**
 * The start of a consultation (BP-003): which team serves it and why, the team choice, the queue as the customer sees it, off hours, and what the
 * product says by itself. A conversation that is `queued` and still `waitingFor` something is not in the queue yet.
 */
import { z } from 'zod'
import { listQuery } from './list.ts'
import { safeText } from './message.ts'

/** What a waiting conversation waits for before it may enter the queue. */
export const WAITING_FOR = ['team_choice', 'off_hours'] as const
export type WaitingFor = (typeof WAITING_FOR)[number]

/** Why this team (BP-003.3): shown as one line. `params` name what a reader needs: `team`, and by code `key`, `rank`, `via`. */
export const MATCH_CODES = [
  'source_page',
  'source_qr',
  'source_menu',
  'source_link',
  'account_default',
  'relation',
  'business_type',
  'skill',
  'only_team',
  'customer_choice',
  'choice_timed_out',
  'choice_ignored',
  'goes_on',
  'general',
] as const
export type MatchCode = (typeof MATCH_CODES)[number]
export const matchReasonSchema = z.object({
  code: z.enum(MATCH_CODES),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
})
export type MatchReason = z.infer<typeof matchReasonSchema>

/** Where a customer stands. `at` orders two pushes: the later one is true. */
export const queueStandingSchema = z.object({
  /** 1 is next. */
  position: z.int().positive(),
  /** From the last hour's service times, whole seconds; null: too little is known to say. */
  estimateSeconds: z.int().nonnegative().nullable(),
  at: z.iso.datetime(),
})
export type QueueStanding = z.infer<typeof queueStandingSchema>

/** Teams to choose from, in this order; without an answer by `until` the general queue takes him. */
export const teamChoiceSchema = z.object({
  options: z.array(z.object({ teamId: z.uuid(), name: z.string() })),
  until: z.iso.datetime(),
})
export type TeamChoice = z.infer<typeof teamChoiceSchema>

/** Outside working hours. `form`: a request may still be left. */
export const offHoursSchema = z.object({
  opensAt: z.iso.datetime().nullable(),
  /** The company's: what is said in messages is said in it, too. */
  timeZone: z.string(),
  /** He said that he waits for the opening. */
  waits: z.boolean(),
  form: z.boolean(),
})
export type OffHours = z.infer<typeof offHoursSchema>

export const teamChoiceRequest = z.strictObject({ conversationId: z.uuid(), teamId: z.uuid() })
export const leaveQueueRequest = z.strictObject({ conversationId: z.uuid() })
export const waitForOpeningRequest = z.strictObject({ conversationId: z.uuid() })

const contactFields = {
  /** Made by the client, the same for every retry. */
  clientKey: safeText(64, 8),
  text: safeText(2000, 1).refine((text) => text.trim() !== '', { message: 'blank_text' }),
  name: safeText(60).default(''),
  /** Where he may be reached: a number or an address, as he writes it. */
  contact: safeText(120).default(''),
}
export const contactRequestForm = z.strictObject({ conversationId: z.uuid(), ...contactFields })
/** The same through a signed link, from channels without a page of ours. */
export const linkedContactForm = z.strictObject(contactFields)
export type LinkedContactForm = z.infer<typeof linkedContactForm>
/** What the page behind a signed link shows. */
export const contactPageSchema = z.object({
  title: z.string(),
  opensAt: z.iso.datetime().nullable(),
  timeZone: z.string(),
  /** `closed`: somebody serves this conversation by now, or it is over. */
  state: z.enum(['open', 'sent', 'closed']),
})
export type ContactPage = z.infer<typeof contactPageSchema>

export const CONTACT_STATES = ['open', 'handled'] as const
export const contactRequestSchema = z.object({
  id: z.uuid(),
  conversationId: z.uuid(),
  customer: z.object({ id: z.uuid(), name: z.string().nullable() }),
  team: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  channel: z.object({ accountId: z.uuid(), kind: z.string(), name: z.string() }),
  text: z.string(),
  name: z.string(),
  contact: z.string(),
  status: z.enum(CONTACT_STATES),
  handledBy: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  handledAt: z.iso.datetime().nullable(),
  /** What it became, where the product has tickets. */
  ticketId: z.uuid().nullable(),
  createdAt: z.iso.datetime(),
  version: z.int().positive(),
})
export type ContactRequest = z.infer<typeof contactRequestSchema>
export const contactRequestListQuery = listQuery.extend({ status: z.enum(CONTACT_STATES).optional(), teamId: z.uuid().optional() })
export const contactRequestHandled = z.strictObject({ version: z.int().positive() })

/** Before the first answer: who this is for us (BP-003.2). */
export const recognitionSchema = z.object({
  /** Earlier conversations of this customer, on any channel. */
  earlier: z.int().nonnegative(),
  last: z
    .object({
      conversationId: z.uuid(),
      agent: z.object({ id: z.uuid(), name: z.string() }).nullable(),
      closedAt: z.iso.datetime(),
      closeReason: z.string().nullable(),
      /** What its agent noted at the end. */
      summary: z.string().nullable(),
      /** The last words said in it. */
      lastText: z.string().nullable(),
    })
    .nullable(),
})
export type Recognition = z.infer<typeof recognitionSchema>

// What the product says by itself

export const AUTO_TEXTS = [
  'welcome',
  'choice',
  'queued',
  'queue_moved',
  'handed_over',
  'off_hours',
  'contact_received',
  'left_queue',
  'timed_out',
  'opened',
  'overflow',
] as const
export type AutoText = (typeof AUTO_TEXTS)[number]
/** Written in braces, in Chinese or English: {客户} or {customer}. */
export const AUTO_VARIABLES = {
  customer: '客户',
  agent: '客服',
  team: '团队',
  position: '排队位置',
  ahead: '前面人数',
  estimate: '预计等待',
  minutes: '等待分钟',
  opening: '上班时间',
  form: '留言链接',
} as const
export type AutoVariable = keyof typeof AUTO_VARIABLES

/** Absent languages fall back to the product's own words. `on: false`: this is not said. */
export const autoTextSchema = z.strictObject({ on: z.boolean(), zh: safeText(600), en: safeText(600) })
const rules = {
  /** Where nothing else says who serves. */
  teamId: z.uuid().nullable(),
  /** Hours of those whom no team serves; null: always open. */
  calendarId: z.uuid().nullable(),
  /** Teams that are recommended to customers whom none fits, in this order; fewer than two: nobody is asked. */
  choiceTeamIds: z.array(z.uuid()).max(10),
  choiceSeconds: z.int().min(10).max(3600),
  /** Off hours: who has not said that he waits enters the queue at the opening all the same, or is closed. */
  undecided: z.enum(['queue', 'close']),
  /** Waiting longer than this ends the waiting; null: never. */
  queueMinutes: z.int().min(1).max(1440).nullable(),
  /** The page gone for so long while waiting ends it; null: never. */
  pageGoneMinutes: z.int().min(1).max(1440).nullable(),
  /** Automatic lines to one waiting customer on channels where answers are counted, the entry included. */
  queueLines: z.int().min(0).max(5),
}
export const consultationRulesSchema = z.object(rules)
export type ConsultationRules = z.infer<typeof consultationRulesSchema>
export const consultationSettingsSchema = z.object({
  /** Null: the company's own, which accounts without settings of their own follow. */
  accountId: z.uuid().nullable(),
  /** Follows the company's. */
  inherited: z.boolean(),
  rules: consultationRulesSchema,
  texts: z.record(z.enum(AUTO_TEXTS), autoTextSchema),
  /** 0: nothing of its own yet. */
  version: z.int().nonnegative(),
})
export type ConsultationSettings = z.infer<typeof consultationSettingsSchema>
/** Rules and texts given replace the whole. */
export const consultationSettingsPut = z.strictObject({
  rules: z.strictObject(rules),
  texts: z.partialRecord(z.enum(AUTO_TEXTS), autoTextSchema),
  version: z.int().nonnegative(),
})
export type ConsultationSettingsPut = z.infer<typeof consultationSettingsPut>

/** A way in with a destination: scene of a QR code, key of a menu, a place on the host site (`data-entry`). */
export const ENTRY_KINDS = ['qr', 'menu', 'page'] as const
export const entryPointSchema = z.object({
  id: z.uuid(),
  accountId: z.uuid(),
  kind: z.enum(ENTRY_KINDS),
  key: z.string(),
  team: z.object({ id: z.uuid(), name: z.string(), status: z.enum(['active', 'disabled']) }).nullable(),
  businessTypeId: z.uuid().nullable(),
  skillId: z.uuid().nullable(),
  version: z.int().positive(),
})
export type EntryPoint = z.infer<typeof entryPointSchema>
/** Makes or replaces the destination of this way in. At least one of the three. */
export const entryPointPut = z
  .strictObject({
    kind: z.enum(ENTRY_KINDS),
    key: safeText(128, 1),
    teamId: z.uuid().nullable().default(null),
    businessTypeId: z.uuid().nullable().default(null),
    skillId: z.uuid().nullable().default(null),
    /** Of the one that is there; absent: it is new. */
    version: z.int().positive().optional(),
  })
  .refine(
    ({ teamId, businessTypeId, skillId }) => teamId !== null || businessTypeId !== null || skillId !== null,
    'a destination is needed',
  )
export type EntryPointPut = z.infer<typeof entryPointPut>
