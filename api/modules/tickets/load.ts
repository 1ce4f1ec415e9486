/** Tickets with all that a reader needs to see in a list: one statement, however many. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { PRIORITIES } from '../../contract/priority.ts'
import { SLA_CLOCKS, SLA_STATES, type Ticket } from '../../contract/ticket.ts'
import { TICKET_SOURCES, TICKET_STATUSES } from '../../contract/ticket-status.ts'
import { SHOWN_NAME } from '../customers/index.ts'
import { avatarUrl } from '../identity/index.ts'

const time = z.date().nullable()
const text = z.string().nullable()
const rowSchema = z.object({
  id: z.string(),
  number: z.string(),
  title: z.string(),
  type_id: z.string(),
  type_zh: z.string(),
  type_en: z.string(),
  type_color: text,
  priority: z.enum(PRIORITIES),
  status: z.enum(TICKET_STATUSES),
  status_since: z.date(),
  team_id: text,
  team_name: text,
  assignee_id: text,
  assignee_name: text,
  assignee_avatar: text,
  assigned_at: time,
  seen_at: time,
  customer_id: text,
  customer_name: text,
  customer_avatar: text,
  channel_account_id: text,
  channel_kind: text,
  channel_name: text,
  conversation_id: text,
  source: z.enum(TICKET_SOURCES),
  tags: z.array(z.string()),
  escalation_level: z.number(),
  reopened_count: z.number(),
  urges: z.number(),
  last_urged_at: time,
  merged_into: text,
  next_due_at: time,
  next_due_clock: z.enum(SLA_CLOCKS).nullable(),
  sla_state: z.enum(SLA_STATES).nullable(),
  sla_left_seconds: z.number().nullable(),
  breached: z.boolean(),
  created_by: text,
  creator_name: text,
  created_at: z.date(),
  updated_at: z.date(),
  last_activity_at: z.date(),
  first_replied_at: time,
  resolved_at: time,
  closed_at: time,
  version: z.number(),
})
type Loaded = z.infer<typeof rowSchema>

const COLUMNS = [
  'id',
  'number',
  'title',
  'type_id',
  'priority',
  'status',
  'status_since',
  'team_id',
  'assignee_id',
  'assigned_at',
  'seen_at',
  'customer_id',
  'channel_account_id',
  'conversation_id',
  'source',
  'tags',
  'escalation_level',
  'reopened_count',
  'urges',
  'last_urged_at',
  'merged_into',
  'next_due_at',
  'next_due_clock',
  'sla_state',
  'sla_left_seconds',
  'breached',
  'created_by',
  'created_at',
  'updated_at',
  'last_activity_at',
  'first_replied_at',
  'resolved_at',
  'closed_at',
  'version',
].map((column) => `t.${column}`)

/** Over `tickets t`: what `presentTickets` reads. Callers add conditions, order and limit. */
export function selectTickets(trx: Knex): Knex.QueryBuilder {
  return trx('tickets as t')
    .join('ticket_types as y', 'y.id', 't.type_id')
    .leftJoin('teams as m', 'm.id', 't.team_id')
    .leftJoin('accounts as s', 's.id', 't.assignee_id')
    .leftJoin('accounts as w', 'w.id', 't.created_by')
    .leftJoin('customers as c', 'c.id', 't.customer_id')
    .leftJoin('channel_accounts as h', 'h.id', 't.channel_account_id')
    .select(...COLUMNS, 'y.name_zh as type_zh', 'y.name_en as type_en', 'y.color as type_color', 'm.name as team_name')
    .select('s.name as assignee_name', 's.avatar_attachment_id as assignee_avatar', 'w.name as creator_name')
    .select('c.avatar_url as customer_avatar', 'h.kind as channel_kind', 'h.name as channel_name')
    .select(trx.raw(`${SHOWN_NAME} as customer_name`))
}

export const parseTickets = (rows: unknown): Loaded[] => z.array(rowSchema).parse(rows)

const iso = (date: Date | null): string | null => date?.toISOString() ?? null

function peopleOf(row: Loaded): Pick<Ticket, 'team' | 'assignee' | 'customer' | 'channelAccount' | 'createdBy'> {
  return {
    team: row.team_id === null ? null : { id: row.team_id, name: row.team_name ?? '' },
    assignee:
      row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? '', avatarUrl: avatarUrl(row.assignee_avatar) },
    customer: row.customer_id === null ? null : { id: row.customer_id, name: row.customer_name, avatarUrl: row.customer_avatar },
    channelAccount:
      row.channel_account_id === null ? null : { id: row.channel_account_id, kind: row.channel_kind ?? '', name: row.channel_name ?? '' },
    createdBy: row.created_by === null ? null : { id: row.created_by, name: row.creator_name ?? '' },
  }
}

export function presentTicket(row: Loaded): Ticket {
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    type: { id: row.type_id, nameZh: row.type_zh, nameEn: row.type_en, color: row.type_color },
    priority: row.priority,
    status: row.status,
    statusSince: row.status_since.toISOString(),
    ...peopleOf(row),
    assignedAt: iso(row.assigned_at),
    seenAt: iso(row.seen_at),
    conversationId: row.conversation_id,
    source: row.source,
    tags: row.tags,
    escalationLevel: row.escalation_level,
    reopenedCount: row.reopened_count,
    urges: row.urges,
    lastUrgedAt: iso(row.last_urged_at),
    mergedInto: row.merged_into,
    sla: {
      nextDueAt: iso(row.next_due_at),
      clock: row.next_due_clock,
      state: row.sla_state,
      leftSeconds: row.sla_left_seconds,
      breached: row.breached,
    },
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    lastActivityAt: row.last_activity_at.toISOString(),
    firstRepliedAt: iso(row.first_replied_at),
    resolvedAt: iso(row.resolved_at),
    closedAt: iso(row.closed_at),
    version: row.version,
  }
}

/** In the order of `ids`; those that are gone are left out. Nobody's scope is asked here. */
export async function presentTickets(trx: Knex, ids: readonly string[]): Promise<Ticket[]> {
  if (ids.length === 0) return []
  const rows = parseTickets(await selectTickets(trx).whereIn('t.id', [...ids]))
  const byId = new Map(rows.map((row) => [row.id, presentTicket(row)]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}
