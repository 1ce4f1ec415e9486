/** Lists of tickets: what they are narrowed and sorted by, and how many there are. */
import { TICKET_SORTS } from './ticket-terms.ts'
import { z } from 'zod'
import { PRIORITIES } from './priority.ts'
import { listQuery } from './list.ts'
import { safeText } from './message.ts'
import { TICKET_SOURCES, TICKET_STATUSES } from './ticket-status.ts'

const at = z.iso.datetime()

/** A word without a comma; compared without regard to case, kept as first written. */
export const ticketTag = safeText(30, 1).refine((text) => text === text.trim() && !/[,，\n]/.test(text), { message: 'malformed_tag' })
export const ticketTags = z
  .array(ticketTag)
  .max(20)
  .refine((tags) => new Set(tags.map((tag) => tag.toLowerCase())).size === tags.length, { message: 'tags_differ' })
/** Given once or several times: any of them. */
const several = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (typeof value === 'string' ? value.split(',') : value), z.array(item).max(50))
export const ticketFilters = z.strictObject({
  /** Default: all. `open` is every state before resolved. */
  status: several(z.enum([...TICKET_STATUSES, 'open'])).optional(),
  priority: several(z.enum(PRIORITIES)).optional(),
  typeId: several(z.uuid()).optional(),
  teamId: several(z.union([z.uuid(), z.literal('none')])).optional(),
  /** `me`, `none`, or people. */
  assigneeId: several(z.union([z.uuid(), z.literal('me'), z.literal('none')])).optional(),
  customerId: z.uuid().optional(),
  conversationId: z.uuid().optional(),
  source: several(z.enum(TICKET_SOURCES)).optional(),
  channelAccountId: several(z.uuid()).optional(),
  createdById: z.union([z.uuid(), z.literal('me')]).optional(),
  tag: several(ticketTag).optional(),
  /** Mine to look after, beyond being its assignee. */
  watching: z.literal('true').optional(),
  /** Mine, and not yet opened. */
  unread: z.literal('true').optional(),
  breached: z.enum(['true', 'false']).optional(),
  escalated: z.literal('true').optional(),
  urged: z.literal('true').optional(),
  createdFrom: at.optional(),
  createdUntil: at.optional(),
  dueUntil: at.optional(),
  /** A number or the beginning of one, else words of the title, or the customer's name. */
  q: safeText(60).optional(),
})
export type TicketFilters = z.output<typeof ticketFilters>
export const ticketListQuery = ticketFilters.extend({
  limit: listQuery.shape.limit,
  cursor: listQuery.shape.cursor,
  sort: z.enum(TICKET_SORTS).default('-activity'),
})
export type TicketListQuery = z.output<typeof ticketListQuery>
/** By state, within the same filters; 10,001 means "more than 10,000". */
export const ticketCountsSchema = z.object({
  byStatus: z.record(z.enum(TICKET_STATUSES), z.int().nonnegative()),
  /** Mine and open; of these unread; waiting in pools I may claim from; late. Regardless of the filters. */
  mine: z.int().nonnegative(),
  unread: z.int().nonnegative(),
  claimable: z.int().nonnegative(),
  overdue: z.int().nonnegative(),
})
export type TicketCounts = z.infer<typeof ticketCountsSchema>
