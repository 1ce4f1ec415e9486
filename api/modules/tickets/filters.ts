/** Lists of tickets: what a reader may see, narrowed. One source for lists, counts, boards, exports. */
import type { Knex } from 'knex'
import type { TicketFilters } from '../../contract/ticket.ts'
import { OPEN_STATUSES, TICKET_STATUSES, type TicketStatus } from '../../contract/ticket-status.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { type Reach, ticketReach, visibleTickets } from './policy.ts'
import { rankOf } from './rank.ts'
import { type Frequency, frequencyOf, rowHasWords, setOfWords } from './words.ts'

/** Literal, so that partial indexes over what is open can be used. */
const OPEN = OPEN_STATUSES.map((status) => `'${status}'`).join(', ')

/** What a reader may see and asks for, in two forms that mean the same: over `tickets t`. */
export interface Narrowing {
  /** Asked of rows that were fetched for another reason. */
  byRow(builder: Knex.QueryBuilder): void
  /**
   * A new query each time, which indexes answer: add columns, order and limit. `few`: what is added finds so few that each is asked for its tags; else
   * the index of tags would be looked through, which has hundreds of thousands.
   */
  set(added?: { few: boolean }): Knex.QueryBuilder
  /** Where it is not `common`, the index of words finds what has them. */
  byWords: Frequency | null
  /** States that are wanted; all of them where nobody asked. */
  statuses: readonly TicketStatus[]
  /** It names one person or thing: what it finds is few, and spread over all times. */
  narrow: boolean
}

export async function narrowingOf(ctx: Ctx<StaffActor>, filters: TicketFilters): Promise<Narrowing> {
  const reach = await ticketReach(ctx)
  const words = filters.q?.trim() ?? ''
  const narrowed = (builder: Knex.QueryBuilder, few = false) => {
    withinReach(builder, reach)
    byState(builder, filters)
    byPlace(builder, filters, reach)
    byPeople(builder, filters, reach)
    byMarks(builder, filters, few)
    byTime(builder, filters)
  }
  const { dueUntil } = filters
  const bySet = (builder: Knex.QueryBuilder, few: boolean) => {
    narrowed(builder, few)
    // Nothing is owed of what ended.
    if (dueUntil)
      void builder
        .whereRaw(`t.status in (${OPEN})`)
        .whereRaw('t.id in (select d.ticket_id from ticket_dues d where d.due_at < ?::timestamptz)', [dueUntil])
  }
  const byRow = (builder: Knex.QueryBuilder) => {
    narrowed(builder)
    if (dueUntil) void builder.where('t.next_due_at', '<', dueUntil)
    if (words !== '') rowHasWords(builder, words)
  }
  const byWords = words === '' ? null : await frequencyOf(ctx.trx, words)
  return {
    byRow,
    byWords,
    set({ few } = { few: false }) {
      if (byWords === 'common') return ctx.trx('tickets as t').modify(byRow)
      return (words === '' ? ctx.trx('tickets as t') : setOfWords(ctx.trx, words)).modify(bySet, few)
    },
    statuses: statusesOf(filters),
    narrow: isNarrow(filters) || (!reach.all && !reach.wide),
  }
}

function statusesOf({ status }: TicketFilters): readonly TicketStatus[] {
  if (!status || status.length === 0) return TICKET_STATUSES
  const wanted = new Set(status.flatMap((one) => (one === 'open' ? OPEN_STATUSES : [one])))
  return TICKET_STATUSES.filter((one) => wanted.has(one))
}

const isNarrow = ({ assigneeId, customerId, conversationId, createdById, watching, unread }: TicketFilters): boolean =>
  (assigneeId !== undefined && !assigneeId.includes('none')) || [customerId, conversationId, createdById, watching, unread].some(Boolean)

export function withinReach(builder: Knex.QueryBuilder, reach: Reach): void {
  const visible = visibleTickets(reach)
  if (visible) void builder.whereRaw(visible.sql, visible.bindings)
}

function byState(builder: Knex.QueryBuilder, { status, priority, typeId, source }: TicketFilters): void {
  if (status) {
    const wanted = statusesOf({ status })
    if (wanted.every((one) => OPEN_STATUSES.includes(one))) void builder.whereRaw(`t.status in (${OPEN})`)
    if (wanted.length !== OPEN_STATUSES.length || !wanted.every((one) => OPEN_STATUSES.includes(one)))
      void builder.whereIn('t.status', wanted)
  }
  if (priority) void builder.whereIn('t.priority_rank', priority.map(rankOf))
  if (typeId) void builder.whereIn('t.type_id', typeId)
  if (source) void builder.whereIn('t.source', source)
}

/** Ids, or `none` for nothing, or both. */
function among(builder: Knex.QueryBuilder, column: string, wanted: readonly string[]): void {
  const ids = wanted.filter((one) => one !== 'none')
  const none = wanted.includes('none')
  void builder.where((any) => {
    if (ids.length > 0) void any.whereIn(column, ids)
    if (none) void any.orWhereNull(column)
  })
}

function byPlace(builder: Knex.QueryBuilder, filters: TicketFilters, reach: Reach): void {
  if (filters.teamId) among(builder, 't.team_id', filters.teamId)
  if (filters.assigneeId)
    among(
      builder,
      't.assignee_id',
      filters.assigneeId.map((one) => (one === 'me' ? reach.accountId : one)),
    )
  if (filters.channelAccountId) void builder.whereIn('t.channel_account_id', filters.channelAccountId)
}

function byPeople(builder: Knex.QueryBuilder, filters: TicketFilters, reach: Reach): void {
  if (filters.customerId) void builder.where('t.customer_id', filters.customerId)
  if (filters.conversationId) void builder.whereRaw(OF_CONVERSATION, { conversation: filters.conversationId })
  if (filters.createdById) void builder.where('t.created_by', filters.createdById === 'me' ? reach.accountId : filters.createdById)
  if (filters.watching) void builder.whereRaw('t.watcher_ids @> array[?]::uuid[]', [reach.accountId])
  if (filters.unread) void builder.where('t.assignee_id', reach.accountId).whereNull('t.seen_at').whereRaw(`t.status in (${OPEN})`)
}

/** Made of it, or given messages of it later. */
const OF_CONVERSATION = `(t.conversation_id = :conversation
  or exists (select 1 from ticket_messages x where x.ticket_id = t.id and x.conversation_id = :conversation))`

function byMarks(builder: Knex.QueryBuilder, { tag, breached, escalated, urged }: TicketFilters, few: boolean): void {
  if (tag) void builder.whereRaw(few ? 'exists (select 1 from unnest(t.tags) x where x = any(?::text[]))' : 't.tags && ?::text[]', [tag])
  if (breached) void builder.where('t.breached', breached === 'true')
  if (escalated) void builder.where('t.escalation_level', '>', 0)
  if (urged) void builder.where('t.urges', '>', 0)
}

function byTime(builder: Knex.QueryBuilder, { createdFrom, createdUntil }: TicketFilters): void {
  if (createdFrom) void builder.where('t.created_at', '>=', createdFrom)
  if (createdUntil) void builder.where('t.created_at', '<', createdUntil)
}
