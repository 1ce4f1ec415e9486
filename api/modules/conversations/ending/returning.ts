/** People who write without an open conversation: who of them may not, and whose last one goes on. */
import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { ACTIVE_BLOCK } from '../blocking/active-block.ts'
import { notice } from '../append-message.ts'
import type { Matched } from '../matching/match-teams.ts'
import { type LastMessage, MessageRow } from '../model.ts'

/** The closed conversation that a new one goes on with. */
export interface Former {
  id: string
  teamId: string | null
  businessTypeId: string | null
  /** Who had it: he gets it again if he is there. */
  agentId: string
  closedAt: Date
  lastMessage: LastMessage | null
}
export interface Returning {
  blockId: string | null
  former: Former | null
}

const found = z.object({
  rows: z.array(
    z.object({
      identity_id: z.string(),
      block_id: z.string().nullable(),
      former_id: z.string().nullable(),
      team_id: z.string().nullable(),
      business_type_id: z.string().nullable(),
      assignee_id: z.string().nullable(),
      closed_at: z.date().nullable(),
      last_message: z.custom<LastMessage>().nullable(),
    }),
  ),
})

/** What ended these ways was not about going on. */
const FINAL = `('spam', 'joined', 'merged', 'split_undone', 'blocked')`

/** One statement, whatever their number; asked of newcomers alone, never of who has an open conversation. @returns by identity */
export async function returningOf(
  ctx: Ctx,
  people: readonly { identityId: string; customerId: string }[],
): Promise<Map<string, Returning>> {
  if (people.length === 0) return new Map()
  const { rows } = found.parse(
    await ctx.trx.raw(
      `select k.identity_id, b.id as block_id, f.id as former_id, f.team_id, f.business_type_id, f.assignee_id, f.closed_at, f.last_message
       from unnest(?::uuid[], ?::uuid[]) as k(identity_id, customer_id)
       left join customer_blocks b on b.customer_id = k.customer_id and ${ACTIVE_BLOCK('b')}
       left join lateral (
         select v.* from (
           select n.* from conversations n where n.identity_id = k.identity_id and n.kind = 'direct' order by n.created_at desc, n.id desc limit 1) v
         cross join (select reopen_hours from conversation_rules where team_id is null and channel_account_id is null) d
         left join conversation_rules t on t.team_id = v.team_id
         left join conversation_rules a on a.channel_account_id = v.channel_account_id
         where v.status = 'closed' and v.assignee_id is not null and v.close_reason not in ${FINAL}
           and v.closed_at + coalesce(t.reopen_hours, a.reopen_hours, d.reopen_hours) * interval '1 hour' > app_now()) f on true`,
      [people.map(({ identityId }) => identityId), people.map(({ customerId }) => customerId)],
    ),
  )
  return new Map(rows.map((row) => [row.identity_id, { blockId: row.block_id, former: formerOf(row) }]))
}

function formerOf(row: z.infer<typeof found>['rows'][number]): Former | null {
  if (row.former_id === null || row.assignee_id === null || row.closed_at === null) return null
  return {
    id: row.former_id,
    teamId: row.team_id,
    businessTypeId: row.business_type_id,
    agentId: row.assignee_id,
    closedAt: row.closed_at,
    lastMessage: row.last_message,
  }
}

const lineOf = ({ id, closedAt }: Pick<Former, 'id' | 'closedAt'>) =>
  notice('conversation_continues', { conversationId: id, closedAt: closedAt.toISOString() })

/** The first line of a new conversation leads to the one before. The rows say `last_seq` 1 already. */
export async function appendContinues(
  ctx: Ctx,
  started: readonly { id: string; former: Pick<Former, 'id' | 'closedAt'> }[],
): Promise<void> {
  if (started.length === 0) return
  await MessageRow.query(ctx.trx).insert(
    started.map(({ id, former }) => ({
      id: newId(),
      conversation_id: id,
      seq: 1,
      direction: 'system' as const,
      author_kind: 'system' as const,
      parts: lineOf(former),
      occurred_at: ctx.now,
      created_at: ctx.now,
    })),
  )
}

/** Pure: he is not asked again where he belongs; closed doors stay closed. */
export function goesOn(matched: Matched, former: Former): Matched {
  if (matched.waitingFor === 'off_hours') return matched
  return {
    ...matched,
    teamId: former.teamId ?? matched.teamId,
    businessTypeId: former.businessTypeId ?? matched.businessTypeId,
    waitingFor: null,
    reason: { code: 'goes_on', params: {} },
    preferredAccountId: former.agentId,
  }
}
