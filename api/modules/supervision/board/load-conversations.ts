/** Conversations as they stand on the board, in one statement whatever their number. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { BoardConversation } from '../../../contract/supervision.ts'
import type { Ctx } from '../../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../../core/cursor.ts'
import { SHOWN_NAME, tailOf } from '../../customers/index.ts'
import { avatarUrl } from '../../identity/index.ts'
import type { Held } from '../../routing/index.ts'
import { type Scope, withinScope } from '../scope.ts'
import { type Staffing, waitingReason } from './waiting-reason.ts'

const time = z.date().nullable()
const labelled = z.object({ id: z.string(), labelZh: z.string(), labelEn: z.string() })
const rowSchema = z.object({
  id: z.string(),
  status: z.enum(['queued', 'open']),
  customer_id: z.string(),
  customer_name: z.string().nullable(),
  customer_avatar: z.string().nullable(),
  external_id: z.string(),
  channel_account_id: z.string(),
  channel_kind: z.string(),
  channel_name: z.string(),
  team_id: z.string().nullable(),
  team_name: z.string().nullable(),
  business_type: labelled.nullable(),
  priority: z.number(),
  skills: z.array(labelled.extend({ level: z.number() })),
  assignee_id: z.string().nullable(),
  assignee_name: z.string().nullable(),
  assignee_avatar: z.string().nullable(),
  waiting_for: z.enum(['team_choice', 'off_hours']).nullable(),
  arrival: z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) }).nullable(),
  queued_since: time,
  opened_at: time,
  waiting_since: time,
  last_message_at: time,
  sort_key: z.string(),
})
type BoardRow = z.infer<typeof rowSchema>

/** Asked by the entry of the queue; the words come with it, so that no screen loads the dictionary first. */
const SKILLS = `coalesce((select json_agg(json_build_object('id', d.id, 'labelZh', d.label_zh, 'labelEn', d.label_en,
    'level', coalesce((need ->> 'level')::int, 1)) order by d.position, d.id)
  from jsonb_array_elements(e.required_skills) as need join dictionary_entries d on d.id = (need ->> 'skillId')::uuid), '[]')`

/** In the order of the queue; what is handled, whose customer waits longest first. The key as text: a date would lose the microseconds. */
const ORDER = {
  queued: `coalesce(e.rank_at, v.queued_at, v.created_at)`,
  open: `coalesce(v.waiting_since, 'infinity'::timestamptz)`,
} as const

export interface Wanted {
  status: 'queued' | 'open'
  teamId?: string | undefined
  assigneeId?: string | undefined
  skillId?: string | undefined
  channelAccountId?: string | undefined
  cursor?: string | undefined
  limit: number
}

/** Planning eight joins takes longer than finding a hundred rows: each text that the filters make is planned once by a connection. */
const planNameOf = (sql: string): string => `board-conversations-${createHash('md5').update(sql).digest('hex')}`

export async function loadBoardConversations(
  ctx: Ctx,
  scope: Scope,
  wanted: Wanted,
): Promise<{ rows: BoardRow[]; nextCursor: string | null }> {
  const key = ORDER[wanted.status]
  const within = withinScope(scope)
  const after = decodeCursor(wanted.cursor)
  const query = ctx
    .trx('conversations as v')
    .join('customers as c', 'c.id', 'v.customer_id')
    .join('customer_identities as i', 'i.id', 'v.identity_id')
    .join('channel_accounts as a', 'a.id', 'v.channel_account_id')
    .leftJoin('queue_entries as e', (on) => {
      on.on('e.work_id', 'v.id').andOnVal('e.work_kind', 'conversation').andOnNull('e.left_at')
    })
    .leftJoin('teams as t', 't.id', 'v.team_id')
    .leftJoin('accounts as s', 's.id', 'v.assignee_id')
    .leftJoin('dictionary_entries as b', 'b.id', 'v.business_type_id')
    .select('v.id', 'v.status', 'v.customer_id', 'v.channel_account_id', 'v.team_id', 'v.assignee_id', 'v.waiting_for')
    .select('v.opened_at', 'v.waiting_since', 'v.last_message_at')
    .select('c.avatar_url as customer_avatar', 'i.value as external_id', 'a.kind as channel_kind', 'a.name as channel_name')
    .select('t.name as team_name', 's.name as assignee_name', 's.avatar_attachment_id as assignee_avatar', 'e.reason as arrival')
    .select(
      ctx.trx.raw(
        `${SHOWN_NAME} as customer_name, coalesce(e.waiting_since, v.queued_at) as queued_since, coalesce(e.priority, v.priority) as priority,
         case when b.id is not null then json_build_object('id', b.id, 'labelZh', b.label_zh, 'labelEn', b.label_en) end as business_type,
         ${SKILLS} as skills, ${key}::text as sort_key`,
      ),
    )
    .where('v.status', wanted.status)
    .whereRaw(within.sql, within.bindings)
    .modify((builder) => {
      if (wanted.teamId) void builder.where('v.team_id', wanted.teamId)
      if (wanted.assigneeId) void builder.where('v.assignee_id', wanted.assigneeId)
      if (wanted.channelAccountId) void builder.where('v.channel_account_id', wanted.channelAccountId)
      if (wanted.skillId) void builder.whereRaw(`e.required_skills @> ?::jsonb`, [JSON.stringify([{ skillId: wanted.skillId }])])
      if (after) void builder.whereRaw(`(${key}, v.id) > (?::timestamptz, ?::uuid)`, [after.key, after.id])
    })
    .orderByRaw(`${key}, v.id`)
    .limit(wanted.limit + 1)
  const found: unknown = await query.options({ name: planNameOf(query.toSQL().sql) })
  const rows = z.array(rowSchema).parse(found)
  const last = rows.length > wanted.limit ? rows[wanted.limit - 1] : undefined
  return { rows: rows.slice(0, wanted.limit), nextCursor: last ? encodeCursor(last.sort_key, last.id) : null }
}

export interface Standing {
  /** How the queue of this team (null: the general one) is staffed. */
  staffingOf: (teamId: string | null) => Staffing
  /** What keeps it waiting, by conversation. */
  held: ReadonlyMap<string, Held>
}

const reasonOf = (row: BoardRow, { staffingOf, held }: Standing): BoardConversation['reason'] =>
  waitingReason({ waitingFor: row.waiting_for, skills: row.skills, held: held.get(row.id) ?? null }, staffingOf(row.team_id))

export function presentBoardConversation(row: BoardRow, standing: Standing): BoardConversation {
  return {
    id: row.id,
    status: row.status,
    customer: { id: row.customer_id, name: row.customer_name, avatarUrl: row.customer_avatar, tail: tailOf(row.external_id) },
    channel: { accountId: row.channel_account_id, kind: row.channel_kind, name: row.channel_name },
    team: row.team_id === null ? null : { id: row.team_id, name: row.team_name ?? '' },
    businessType: row.business_type,
    priority: row.priority,
    skills: row.skills.map(({ id, labelZh, labelEn }) => ({ id, labelZh, labelEn })),
    assignee:
      row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? '', avatarUrl: avatarUrl(row.assignee_avatar) },
    queuedAt: row.status === 'queued' ? (row.queued_since?.toISOString() ?? null) : null,
    openedAt: row.opened_at?.toISOString() ?? null,
    waitingSince: row.waiting_since?.toISOString() ?? null,
    lastMessageAt: row.last_message_at?.toISOString() ?? null,
    arrival: row.arrival,
    reason: row.status === 'queued' ? reasonOf(row, standing) : null,
  }
}
