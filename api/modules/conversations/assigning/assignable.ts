/** What routing may ask about conversations. */
import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import type { AssignableWork, Familiar } from '../../routing/index.ts'
import { SHOWN_NAME } from '../../customers/index.ts'
import { lockQueued } from '../assign-conversation.ts'
import { ConversationRow } from '../model.ts'
import { sees } from '../policy.ts'
import { followQueue } from './follow-queue.ts'

const factRows = z.object({
  rows: z.array(
    z.object({
      nth: z.number(),
      channel_kind: z.string().nullable(),
      tag_ids: z.array(z.string()).nullable(),
      since_last_ms: z.coerce.number().nullable(),
    }),
  ),
})
const familiarRows = z.object({
  rows: z.array(z.object({ work_id: z.string(), account_id: z.string(), served_at: z.date().nullable() })),
})
const labelRows = z.object({ rows: z.array(z.object({ id: z.string(), label: z.string().nullable() })) })
const responseRows = z.object({ rows: z.array(z.object({ account_id: z.string(), seconds: z.coerce.number() })) })
/** Who served somebody before his last twenty conversations is a stranger again. */
const REMEMBERED = 20

/** @param asked a query of `work_id` and `customer_id` */
async function familiarBy(ctx: Pick<Ctx, 'trx'>, asked: string, bindings: (string | string[])[]): Promise<Map<string, Familiar[]>> {
  const answer: unknown = await ctx.trx.raw(
    `with asked as (${asked})
     select n.work_id, f.assignee_id as account_id, max(f.closed_at) as served_at
     from asked n join lateral (select h.assignee_id, h.closed_at from conversations h
       where h.customer_id = n.customer_id and h.status = 'closed' and h.assignee_id is not null
       order by h.created_at desc, h.id desc limit ${REMEMBERED}) as f on true group by n.work_id, f.assignee_id
     union all
     select n.work_id, c.owner_id, null from asked n join customers c on c.id = n.customer_id where c.owner_id is not null
     order by served_at desc nulls last`,
    bindings,
  )
  const known = new Map<string, Familiar[]>()
  for (const { work_id: id, account_id: accountId, served_at: servedAt } of familiarRows.parse(answer).rows) {
    const people = known.get(id) ?? []
    // Who served him and is his own agent as well counts as who served him.
    if (!people.some((person) => person.accountId === accountId)) people.push({ accountId, servedAt: servedAt?.getTime() ?? null })
    known.set(id, people)
  }
  return known
}

export const assignableConversations: AssignableWork = {
  kind: 'conversation',
  async facts(ctx, entries) {
    const asked = entries.map(({ customerId, channelAccountId }, nth) => ({ nth, customer_id: customerId, account_id: channelAccountId }))
    const answer: unknown = await ctx.trx.raw(
      `select n.nth, a.kind as channel_kind, array(select l.tag_id from customer_tag_links l where l.customer_id = n.customer_id) as tag_ids,
         (extract(epoch from ?::timestamptz - last.closed_at) * 1000)::bigint as since_last_ms
       from json_to_recordset(?::json) as n(nth int, customer_id uuid, account_id uuid)
       left join channel_accounts a on a.id = n.account_id
       left join lateral (select v.closed_at from conversations v where v.customer_id = n.customer_id and v.status = 'closed'
         order by v.created_at desc, v.id desc limit 1) as last on true
       order by n.nth`,
      [ctx.now, JSON.stringify(asked)],
    )
    return factRows.parse(answer).rows.map((row) => ({
      channelKind: row.channel_kind,
      tagIds: row.tag_ids ?? [],
      sinceLastMs: row.since_last_ms === null ? null : Math.max(0, row.since_last_ms),
    }))
  },
  async place(ctx, workId) {
    const row = await ConversationRow.query(ctx.trx)
      .findById(workId)
      .select('customer_id', 'channel_account_id', 'team_id', 'business_type_id')
    if (!row) return null
    return {
      customerId: row.customer_id,
      channelAccountId: row.channel_account_id,
      teamId: row.team_id,
      businessTypeId: row.business_type_id,
    }
  },
  async sees(ctx, workId) {
    const row = await ConversationRow.query(ctx.trx).findById(workId)
    return row !== undefined && sees(ctx, row)
  },
  familiar: (ctx, workIds) =>
    familiarBy(ctx, 'select v.id as work_id, v.customer_id from conversations v where v.id = any(?::uuid[])', [[...workIds]]),
  async familiarTo(ctx, customerId) {
    return (await familiarBy(ctx, 'select ?::uuid as work_id, ?::uuid as customer_id', [customerId, customerId])).get(customerId) ?? []
  },
  async labels(ctx, workIds) {
    const answer: unknown = await ctx.trx.raw(
      `select v.id, ${SHOWN_NAME} as label from conversations v join customers c on c.id = v.customer_id where v.id = any(?::uuid[])`,
      [[...workIds]],
    )
    return new Map(labelRows.parse(answer).rows.flatMap(({ id, label }) => (label === null ? [] : [[id, label] as const])))
  },
  lockWaiting: async (ctx, workIds) => [...(await lockQueued(ctx, workIds)).keys()],
  async moved(ctx, workIds, to) {
    const rows = await ConversationRow.query(ctx.trx)
      .whereIn('id', [...workIds])
      .orderBy('id')
    await followQueue(ctx, rows, to)
  },
  async responses(ctx) {
    const answer: unknown = await ctx.trx.raw(
      `select assignee_id as account_id, round(avg(extract(epoch from accepted_at - opened_at))) as seconds from conversations
       where created_at > app_now() - interval '2 hours' and assignee_id is not null and accepted_at >= opened_at group by assignee_id`,
    )
    return new Map(responseRows.parse(answer).rows.map((row) => [row.account_id, row.seconds]))
  },
}
