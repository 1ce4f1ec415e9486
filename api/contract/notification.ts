import { z } from 'zod'
import { listQuery } from './list.ts'

/** What members of staff are told about, and the params its words use; screens word them. Days are `yyyy-mm-dd`. */
export const NOTIFICATION_KINDS = [
  'relation.expiring', // customer team day
  'relation.expired', // customer team day
  'relation.changed', // customer team by
  'staff.work_received', // from count by
  'customer.assigned', // customer by
  'customer.merge_suggested', // count
  'import.finished', // file good bad
  'export.finished', // file count
  'shift.changed', // team week by
  'shift.swap_requested', // team day by
  'team.joined', // team by
  'conversation.requeued', // customer from
  'transfer.offered', // customer from
  'transfer.accepted', // customer by
  'transfer.declined', // customer by
  'transfer.timed_out', // customer by
  'helper.invited', // customer by
  'note.mentioned', // customer by
  'conversation.taken_over', // customer by
  'conversation.not_accepted', // customer agent seconds
  'conversation.whispered', // customer by
  // Of the supervision board; `team` is empty for what waits for no team.
  'alert.queue_length', // team count
  'alert.queue_wait', // team count seconds
  'alert.no_reply', // team count seconds
  'alert.channel_down', // channel seconds
  'alert.delivery_failures', // channel count
  'conversation.reminder', // customer text
  'conversation.snooze_ended', // customer
  'moderation.hit', // customer words
  'moderation.approval', // customer by words
  'moderation.approved', // customer by
  'moderation.refused', // customer by
  'ticket.watching', // number title by
  'ticket.mentioned', // number title by
  'ticket.watched_assigned', // number title name
  'ticket.watched_returned', // number title
  'ticket.watched_moved', // number title status
  'ticket.watched_replied', // number title by
  'ticket.customer_spoke', // number title
  'ticket.urged', // number title count
  'ticket.confirmed', // number title
  'ticket.rejected', // number title
  'ticket.reopened', // number title
  'ticket.rated_low', // number title score
  'rating.low', // customer agent score scale team
  'ticket.assigned', // number title
  'ticket.handed', // number title by
  'ticket.assigned_many', // count
  'ticket.sla_warning', // number title clock percent minutes
  'ticket.sla_breached', // number title clock percent minutes
  'ticket.sla_overdue', // number title clock percent minutes
  'ticket.escalated', // number title level name
  'audit.chain_broken', // checked position fault
] as const
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number]

export const notificationSchema = z.object({
  id: z.uuid(),
  kind: z.enum(NOTIFICATION_KINDS),
  /** Names, counts and dates (`yyyy-mm-dd`) to be worded. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** A path of the workbench, `/customers/…`. */
  link: z.string().nullable(),
  createdAt: z.iso.datetime(),
  readAt: z.iso.datetime().nullable(),
})
export type Notification = z.infer<typeof notificationSchema>

export const notificationListQuery = listQuery.extend({ unread: z.enum(['true', 'false']).default('false') })
export const notificationPage = z.object({
  data: z.array(notificationSchema),
  nextCursor: z.string().nullable(),
  unread: z.int().nonnegative(),
})
export const unreadSchema = z.object({ unread: z.int().nonnegative() })
/** Read all up to this one, so that what arrives meanwhile stays unread. */
export const readAllRequest = z.strictObject({ upTo: z.uuid() })
