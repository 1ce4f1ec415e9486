/** What the pages of tickets need to know without asking: names, orders and limits. */
export const RELATION_KINDS = ['duplicate', 'parent', 'blocks'] as const
export type TicketRelationKind = (typeof RELATION_KINDS)[number]
/** As seen from this ticket: it `duplicates` the other, is its `parent`, `blocks` it; or the other way round. */
export const RELATION_ROLES = ['duplicates', 'duplicated_by', 'parent_of', 'child_of', 'blocks', 'blocked_by'] as const
export type TicketRelationRole = (typeof RELATION_ROLES)[number]

export const TICKET_SORTS = ['-activity', '-created', 'created', 'due', 'priority', 'status_since'] as const

/** Each row is a change with its own history and clocks: more would keep a request too long. */
export const BULK_AT_ONCE = 100
export const TICKET_LINK_UNDO_DAYS = 30
export const MAX_FOLLOW_UP_FILES = 9
export const MAX_CHECKLIST_ITEMS = 50
