/** How a customer can be reached, told before anything is written (BP-004): accounts, what is left of their windows, who has him already. */
import { z } from 'zod'
import type { Reach, reachesSchema } from '../../../contract/ending.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { allowancesOf, kindOf, windowOf } from '../../channels/index.ts'
import { customerFor } from '../../customers/index.ts'
import { activeBlock } from '../blocking/block-customer.ts'
import { queuesReached } from '../readable.ts'

const identityRows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      subscribed: z.boolean().nullable(),
      account_id: z.string(),
      account_kind: z.string(),
      account_name: z.string(),
      account_status: z.enum(['active', 'disabled']),
      open_id: z.string().nullable(),
      open_status: z.enum(['queued', 'open']).nullable(),
      assignee_id: z.string().nullable(),
      assignee_name: z.string().nullable(),
      elsewhere: z.boolean(),
      last_message_at: z.date().nullable(),
    }),
  ),
})
type IdentityFacts = z.infer<typeof identityRows>['rows'][number]

const MAX_IDENTITIES = 50

/** `elsewhere`: he waits in the queue of a team whose work the reader does not see; as `sees` judges it. */
async function identitiesOf(ctx: Ctx<StaffActor>, customerId: string): Promise<IdentityFacts[]> {
  const reached = await queuesReached(ctx)
  const answer: unknown = await ctx.trx.raw(
    `select i.id, i.subscribed, a.id as account_id, a.kind as account_kind, a.name as account_name, a.status as account_status,
       o.id as open_id, o.status as open_status, s.id as assignee_id, s.name as assignee_name, l.last_message_at,
       coalesce(o.status = 'queued' and o.team_id is not null and not (?::boolean or o.team_id = any(?::uuid[]))
         and not exists (select 1 from team_members m where m.team_id = o.team_id and m.account_id = ?), false) as elsewhere
     from customer_identities i join channel_accounts a on a.id = i.channel_account_id
     left join conversations o on o.identity_id = i.id and o.kind = 'direct' and o.status <> 'closed'
     left join accounts s on s.id = o.assignee_id
     left join lateral (
       select coalesce(v.last_message_at, v.created_at) as last_message_at from conversations v
       where v.identity_id = i.id and v.kind = 'direct' order by v.created_at desc, v.id desc limit 1) l on true
     where i.customer_id = ? order by l.last_message_at desc nulls last, i.id limit ?`,
    [reached === null, [...(reached ?? [])], ctx.actor.accountId, customerId, MAX_IDENTITIES],
  )
  return identityRows.parse(answer).rows
}

/** Best first: words now, a template, words kept; the one he last wrote on before others. */
export async function reachesOf(ctx: Ctx<StaffActor>, customerId: string): Promise<Reach[]> {
  const rows = await identitiesOf(ctx, customerId)
  const allowances = await allowancesOf(
    ctx.trx,
    rows.map(({ id }) => id),
  )
  const reaches = rows.map((row): Reach => {
    const { capabilities } = kindOf(ctx.app, row.account_kind)
    const limited = capabilities.replyAllowances !== null
    const window = windowOf(allowances.get(row.id) ?? [], limited, ctx.now)
    return {
      identityId: row.id,
      channel: { accountId: row.account_id, kind: row.account_kind, name: row.account_name },
      window,
      ...waysOf(row, { state: window.state, templates: capabilities.templates, me: ctx.actor.accountId }),
      open:
        row.open_id === null
          ? null
          : { id: row.open_id, assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? '' } },
      lastMessageAt: row.last_message_at?.toISOString() ?? null,
    }
  })
  const rank = ({ ways }: Reach) => (ways.includes('message') ? 0 : ways.includes('template') ? 1 : ways.includes('hold') ? 2 : 3)
  return reaches.toSorted((a, b) => rank(a) - rank(b))
}

/** Pure: what may be done, and what stands in the way. */
export function waysOf(
  row: Pick<IdentityFacts, 'account_status' | 'subscribed' | 'assignee_id' | 'elsewhere'>,
  channel: { state: 'open' | 'spent' | 'closed'; templates: boolean; me: string },
): Pick<Reach, 'ways' | 'obstacle'> {
  if (row.account_status !== 'active') return { ways: [], obstacle: 'account_disabled' }
  if (row.subscribed === false) return { ways: [], obstacle: 'unsubscribed' }
  if (row.assignee_id !== null && row.assignee_id !== channel.me) return { ways: [], obstacle: 'taken' }
  if (row.elsewhere) return { ways: [], obstacle: 'waiting_elsewhere' }
  const open = channel.state === 'open'
  const obstacle = open ? null : channel.state === 'spent' ? 'quota_spent' : 'window_closed'
  return {
    ways: [
      ...(open ? (['message'] as const) : []),
      ...(channel.templates ? (['template'] as const) : []),
      ...(open ? [] : (['hold'] as const)),
    ],
    obstacle,
  }
}

const pageRows = z.array(z.object({ id: z.string(), name: z.string(), kind: z.string() }))

/** @throws NotFound outside one's scope */
export async function howToReach(ctx: Ctx<StaffActor>, customerId: string): Promise<z.infer<typeof reachesSchema>> {
  await customerFor(ctx, customerId)
  const accounts = pageRows.parse(
    await ctx.trx('channel_accounts').select('id', 'name', 'kind').where({ status: 'active' }).orderBy(['name', 'id']).limit(100),
  )
  const base = ctx.app.config.publicUrl.replace(/\/$/, '')
  return {
    blocked: (await activeBlock(ctx, customerId)) !== undefined,
    reaches: await reachesOf(ctx, customerId),
    pages: accounts
      .filter(({ kind }) => ctx.app.catalogue.get(kind)?.identify !== undefined)
      .map(({ id, name }) => ({ accountId: id, name, url: `${base}/chat/${id}` })),
  }
}
