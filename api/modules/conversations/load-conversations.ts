/** Conversations with all that a reader needs to see, in two queries whatever their number. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { CONVERSATION_STATUSES, type Conversation } from '../../contract/conversation.ts'
import { matchReasonSchema, WAITING_FOR } from '../../contract/consultation.ts'
import { messagePartSchema } from '../../contract/message.ts'
import type { App } from '../../core/app.ts'
import { allowancesOf, windowOf } from '../channels/index.ts'
import { SHOWN_NAME, tailOf } from '../customers/index.ts'
import { avatarUrl } from '../identity/index.ts'
import { helpingSchema, presentHelpers, SHOWN_HELPERS, shownHelpersRow } from './helpers/shown-helpers.ts'
import { ACCEPT_BY, VIP } from './queue-marks.ts'
import { OPEN_TRANSFER, openTransferRow, presentOpenTransfer } from './transfers/open-transfer.ts'

const time = z.date().nullable()
const rowSchema = z.object({
  id: z.string(),
  status: z.enum(CONVERSATION_STATUSES),
  customer_id: z.string(),
  identity_id: z.string(),
  channel_account_id: z.string(),
  assignee_id: z.string().nullable(),
  team_id: z.string().nullable(),
  priority: z.number(),
  accepted_at: z.date().nullable(),
  accept_by: time,
  source: z.object({ kind: z.string(), label: z.string().nullable() }).nullable(),
  waiting_for: z.enum(WAITING_FOR).nullable(),
  match_reason: matchReasonSchema.nullable(),
  last_seq: z.number(),
  last_message: z.object({ direction: z.string(), authorKind: z.string(), part: messagePartSchema, recalled: z.boolean() }).nullable(),
  last_message_at: time,
  waiting_since: time,
  queued_at: time,
  opened_at: time,
  team: z.object({ id: z.string(), name: z.string() }).nullable(),
  closed_at: time,
  close_reason: z.string().nullable(),
  continues_id: z.string().nullable(),
  snoozed_by: z.string().nullable(),
  snoozed_until: time,
  pinned_by: z.array(z.string()),
  blocked: z.boolean(),
  vip: z.boolean(),
  staff_read_seq: z.number(),
  customer_read_seq: z.number(),
  unread: z.number(),
  version: z.number(),
  created_at: z.date(),
  customer_name: z.string().nullable(),
  customer_avatar: z.string().nullable(),
  external_id: z.string(),
  channel_kind: z.string(),
  channel_name: z.string(),
  show_agent_name: z.boolean(),
  assignee_name: z.string().nullable(),
  assignee_avatar: z.string().nullable(),
  has_draft: z.boolean(),
  kind: z.enum(['direct', 'stream', 'split']),
  helpers: helpingSchema,
  offered_to: z.string().nullable(),
  merged_into: z.string().nullable(),
  split_from: z.string().nullable(),
  transfer: openTransferRow,
  shown_helpers: shownHelpersRow,
})
export type LoadedConversation = z.infer<typeof rowSchema>

/** @param reader whose drafts count; null for pushes to several readers */
export function selectConversations(trx: Knex, reader: string | null): Knex.QueryBuilder {
  return trx('conversations as v')
    .join('customers as c', 'c.id', 'v.customer_id')
    .join('customer_identities as i', 'i.id', 'v.identity_id')
    .join('channel_accounts as a', 'a.id', 'v.channel_account_id')
    .leftJoin('accounts as s', 's.id', 'v.assignee_id')
    .select(
      'v.id',
      'v.status',
      'v.customer_id',
      'v.identity_id',
      'v.channel_account_id',
      'v.assignee_id',
      'v.team_id',
      'v.priority',
      'v.accepted_at',
      'v.source',
      'v.waiting_for',
      'v.match_reason',
      'v.last_seq',
      'v.last_message',
      'v.last_message_at',
      'v.waiting_since',
      'v.queued_at',
      'v.opened_at',
      trx.raw(`(select json_build_object('id', t.id, 'name', t.name) from teams t where t.id = v.team_id) as team`),
      'v.closed_at',
      'v.close_reason',
      'v.continues_id',
      'v.snoozed_by',
      'v.snoozed_until',
      'v.staff_read_seq',
      'v.customer_read_seq',
      'v.unread',
      'v.version',
      'v.created_at',
      'v.kind',
      'v.helpers',
      'v.offered_to',
      'v.merged_into',
      'v.split_from',
      trx.raw(`${ACCEPT_BY} as accept_by`),
      trx.raw(`${VIP} as vip`),
      trx.raw(`${OPEN_TRANSFER} as transfer`),
      trx.raw(`${SHOWN_HELPERS} as shown_helpers`),
      'c.avatar_url as customer_avatar',
      'i.value as external_id',
      'a.kind as channel_kind',
      'a.name as channel_name',
      'a.show_agent_name',
      's.name as assignee_name',
      's.avatar_attachment_id as assignee_avatar',
      trx.raw(`${SHOWN_NAME} as customer_name`),
      trx.raw('array(select p.account_id from conversation_pins p where p.conversation_id = v.id order by 1) as pinned_by'),
      trx.raw(
        'exists (select 1 from customer_blocks b where b.customer_id = v.customer_id and b.lifted_at is null and (b.blocked_until is null or b.blocked_until > app_now())) as blocked',
      ),
      trx.raw('exists (select 1 from drafts d where d.conversation_id = v.id and d.account_id = ?) as has_draft', [reader]),
    )
}

const assigneeOf = ({ assignee_id: id, assignee_name: name, assignee_avatar: avatar }: LoadedConversation): Conversation['assignee'] =>
  id === null ? null : { id, name: name ?? '', avatarUrl: avatarUrl(avatar) }

/** Whoever has it now did not put it aside: it is not. */
const snoozeOf = (row: LoadedConversation): Conversation['snooze'] =>
  row.snoozed_by === null || row.snoozed_by !== row.assignee_id ? null : { until: row.snoozed_until?.toISOString() ?? null }

const courseOf = (row: LoadedConversation) => ({
  queuedAt: row.queued_at?.toISOString() ?? null,
  openedAt: row.opened_at?.toISOString() ?? null,
  acceptedAt: row.accepted_at?.toISOString() ?? null,
  acceptBy: row.accept_by?.toISOString() ?? null,
  closedAt: row.closed_at?.toISOString() ?? null,
})

export const parseConversations = (rows: unknown): LoadedConversation[] => z.array(rowSchema).parse(rows)

export async function presentConversations(app: App, trx: Knex, rows: readonly LoadedConversation[], now: Date): Promise<Conversation[]> {
  const limited = (row: LoadedConversation) => app.catalogue.get(row.channel_kind)?.capabilities.replyAllowances !== null
  const allowances = await allowancesOf(trx, [...new Set(rows.filter(limited).map((row) => row.identity_id))])
  return rows.map((row) => ({
    id: row.id,
    status: row.status,
    customer: {
      id: row.customer_id,
      name: row.customer_name,
      avatarUrl: row.customer_avatar,
      tail: tailOf(row.external_id),
      blocked: row.blocked,
      vip: row.vip,
    },
    channel: { accountId: row.channel_account_id, kind: row.channel_kind, name: row.channel_name },
    assignee: assigneeOf(row),
    priority: row.priority,
    ...courseOf(row),
    source: row.source,
    waitingFor: row.waiting_for,
    match: row.match_reason,
    lastSeq: row.last_seq,
    lastMessage: row.last_message,
    lastMessageAt: row.last_message_at?.toISOString() ?? null,
    waitingSince: row.waiting_since?.toISOString() ?? null,
    team: row.team,
    closeReason: row.close_reason,
    continuesId: row.continues_id,
    snooze: snoozeOf(row),
    pinnedBy: row.pinned_by,
    staffReadSeq: row.staff_read_seq,
    customerReadSeq: row.customer_read_seq,
    unread: row.unread,
    replyWindow: windowOf(allowances.get(row.identity_id) ?? [], limited(row), now),
    hasDraft: row.has_draft,
    transfer: presentOpenTransfer(row.transfer),
    helpers: presentHelpers(row.shown_helpers),
    kind: row.kind,
    mergedInto: row.merged_into,
    splitFrom: row.split_from,
    createdAt: row.created_at.toISOString(),
    version: row.version,
  }))
}

export interface Loaded {
  row: LoadedConversation
  conversation: Conversation
}

export async function loadConversations(app: App, trx: Knex, ids: readonly string[], now: Date, reader: string | null): Promise<Loaded[]> {
  if (ids.length === 0) return []
  const rows = parseConversations(await selectConversations(trx, reader).whereIn('v.id', [...ids]))
  const presented = new Map((await presentConversations(app, trx, rows, now)).map((conversation) => [conversation.id, conversation]))
  return rows.flatMap((row) => {
    const conversation = presented.get(row.id)
    return conversation ? [{ row, conversation }] : []
  })
}

export async function loadConversation(app: App, trx: Knex, id: string, now: Date, reader: string | null): Promise<Loaded> {
  const [loaded] = await loadConversations(app, trx, [id], now, reader)
  if (!loaded) throw new Error('conversation vanished')
  return loaded
}
