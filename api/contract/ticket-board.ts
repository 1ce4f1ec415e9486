/** Tickets as columns of cards (BP-013.1, BP-013.2, BP-013.6): what is where, for how long, and how much of it there may be. */
import { z } from 'zod'
import { listQuery } from './list.ts'
import { named } from './routing.ts'
import { PRIORITIES } from './priority.ts'
import { TICKET_STATUSES } from './ticket-status.ts'
import { ticketFilters, ticketSchema } from './ticket.ts'

export const BOARD_GROUPS = ['status', 'assignee', 'team', 'priority'] as const
export type BoardGroup = (typeof BOARD_GROUPS)[number]
export const BOARD_LANES = ['none', 'assignee', 'team', 'priority', 'type'] as const
export type BoardLanes = (typeof BOARD_LANES)[number]
/** Of what is resolved or closed the board shows these days. */
export const BOARD_ENDED_DAYS = 7
/** Cards of a cell that come with the board, where it has many cells fewer; the rest by its cursor. */
export const BOARD_CARDS = 20
export const BOARD_CARDS_IN_ALL = 200
/** Columns and lanes of people or teams; who holds most comes first. */
export const BOARD_MOST = 60

export const NOBODY = 'none'
const keyed = z.union([z.uuid(), z.literal(NOBODY)])

export const ticketBoardQuery = ticketFilters.extend({
  group: z.enum(BOARD_GROUPS).default('status'),
  lanes: z.enum(BOARD_LANES).default('none'),
})
export type TicketBoardQuery = z.output<typeof ticketBoardQuery>
/** More of one column, or of one cell where there are lanes. */
export const ticketCardQuery = ticketBoardQuery.extend({
  limit: listQuery.shape.limit,
  cursor: listQuery.shape.cursor,
  column: z.union([z.enum(TICKET_STATUSES), z.enum(PRIORITIES), keyed]),
  lane: z.union([z.enum(PRIORITIES), keyed]).optional(),
})

/** How old work is: hours since it is where it is, in steps of a day, three days, a week. */
export const ageingSchema = z.object({ day: z.int(), threeDays: z.int(), week: z.int(), older: z.int() })
export type Ageing = z.infer<typeof ageingSchema>

export const boardColumnSchema = z.object({
  /** A status, a priority, or the id of an account or team; `none` for nobody’s. */
  key: z.string(),
  /** Of a person or team; else the screen words the key. */
  name: z.string().nullable(),
  count: z.int().nonnegative(),
  breached: z.int().nonnegative(),
  /** How many there may be at once; null: as many as come. */
  limit: z.int().positive().nullable(),
  ageing: ageingSchema,
  /** Of the one that has been there longest. */
  oldestSince: z.iso.datetime().nullable(),
})
export type BoardColumn = z.infer<typeof boardColumnSchema>

export const boardLaneSchema = z.object({ key: z.string(), name: z.string().nullable(), count: z.int().nonnegative() })
export type BoardLane = z.infer<typeof boardLaneSchema>
export const boardCellSchema = z.object({
  column: z.string(),
  /** `none` also where there are no lanes. */
  lane: z.string(),
  count: z.int().nonnegative(),
  cards: z.array(ticketSchema),
  nextCursor: z.string().nullable(),
})
export const ticketBoardSchema = z.object({
  columns: z.array(boardColumnSchema),
  lanes: z.array(boardLaneSchema),
  cells: z.array(boardCellSchema),
})
export type TicketBoard = z.infer<typeof ticketBoardSchema>

/** Dragging a card: a move of the state machine, a hand-out or a change of priority, by the rules of each. */
export const boardMoveRequest = z.strictObject({
  id: z.uuid(),
  version: z.int().positive(),
  group: z.enum(BOARD_GROUPS),
  to: z.union([z.enum(TICKET_STATUSES), z.enum(PRIORITIES), keyed]),
  /** Into a column that is full: who assigns work may decide so. */
  force: z.boolean().default(false),
})

// WIP limits

export const wipLimitSchema = z.object({ team: named.nullable(), status: z.enum(TICKET_STATUSES), max: z.int().positive() })
export type WipLimit = z.infer<typeof wipLimitSchema>
export const WIP_STATUSES = ['unassigned', 'in_progress', 'waiting_customer', 'on_hold', 'awaiting_confirmation'] as const
export const wipLimitsSchema = z.object({ limits: z.array(wipLimitSchema), version: z.int().nonnegative() })
export type WipLimits = z.infer<typeof wipLimitsSchema>
/** All of them, anew. */
export const wipLimitsPut = z.strictObject({
  limits: z
    .array(z.strictObject({ teamId: z.uuid().nullable(), status: z.enum(WIP_STATUSES), max: z.int().min(1).max(100_000) }))
    .max(500)
    .refine((limits) => new Set(limits.map(({ teamId, status }) => `${teamId ?? ''} ${status}`)).size === limits.length, 'named twice'),
  version: z.int().nonnegative(),
})

// Progress

export const ticketProgressQuery = z.strictObject({ teamId: z.uuid().optional(), by: z.enum(['team', 'assignee']).default('team') })
export const progressRowSchema = z.object({
  /** Null: nobody’s. */
  of: named.nullable(),
  open: z.int(),
  unassigned: z.int(),
  waiting: z.int(),
  breached: z.int(),
  /** Since the company’s midnight. */
  createdToday: z.int(),
  resolvedToday: z.int(),
  ageing: ageingSchema,
  oldestAt: z.iso.datetime().nullable(),
})
export const ticketProgressSchema = z.object({ total: progressRowSchema.omit({ of: true }), rows: z.array(progressRowSchema) })
export type TicketProgress = z.infer<typeof ticketProgressSchema>
