/** What routing may ask about tickets. */
import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { Invalid } from '../../../core/errors.ts'
import type { AssignableWork, Familiar } from '../../routing/index.ts'
import { TicketRow, TicketTypeRow } from '../model.ts'
import { seesTicket, ticketReach } from '../policy.ts'
import { ableStaff } from './able.ts'

const factRows = z.object({
  rows: z.array(z.object({ channel_kind: z.string().nullable(), tag_ids: z.array(z.string()).nullable() })),
})
const familiarRows = z.object({
  rows: z.array(z.object({ work_id: z.string(), account_id: z.string(), served_at: z.date().nullable() })),
})
const placeRow = z
  .object({
    customer_id: z.string().nullable(),
    channel_account_id: z.string().nullable(),
    team_id: z.string().nullable(),
    business_type_id: z.string().nullable(),
  })
  .optional()
/** Who resolved somebody’s ticket before his last twenty is a stranger again. */
const REMEMBERED = 20

/** @param asked a query of `work_id` and `customer_id` */
async function familiarBy(ctx: Pick<Ctx, 'trx'>, asked: string, bindings: (string | string[])[]): Promise<Map<string, Familiar[]>> {
  const answer: unknown = await ctx.trx.raw(
    `with asked as (${asked})
     select n.work_id, f.assignee_id as account_id, max(f.resolved_at) as served_at
     from asked n join lateral (select h.assignee_id, h.resolved_at from tickets h
       where h.customer_id = n.customer_id and h.resolved_at is not null and h.assignee_id is not null and h.id <> n.work_id
       order by h.created_at desc, h.id desc limit ${REMEMBERED}) as f on true group by n.work_id, f.assignee_id
     union all
     select n.work_id, c.owner_id, null from asked n join customers c on c.id = n.customer_id where c.owner_id is not null
     order by served_at desc nulls last`,
    bindings,
  )
  const known = new Map<string, Familiar[]>()
  for (const { work_id: id, account_id: accountId, served_at: servedAt } of familiarRows.parse(answer).rows) {
    const people = known.get(id) ?? []
    if (!people.some((person) => person.accountId === accountId)) people.push({ accountId, servedAt: servedAt?.getTime() ?? null })
    known.set(id, people)
  }
  return known
}

/** Those that still wait and that nobody else has in hand, by id. */
export async function lockPooled(ctx: Ctx, ids: readonly string[]): Promise<Map<string, TicketRow>> {
  const rows = await TicketRow.query(ctx.trx)
    .whereIn('id', [...ids])
    .where('status', 'unassigned')
    .orderBy('id')
    .forNoKeyUpdate()
    .skipLocked()
  return new Map(rows.map((row) => [row.id, row]))
}

export const assignableTickets: AssignableWork = {
  kind: 'ticket',
  async facts(ctx, entries) {
    const asked = entries.map(({ customerId, channelAccountId }, nth) => ({ nth, customer_id: customerId, account_id: channelAccountId }))
    const answer: unknown = await ctx.trx.raw(
      `select a.kind as channel_kind, array(select l.tag_id from customer_tag_links l where l.customer_id = n.customer_id) as tag_ids
       from json_to_recordset(?::json) as n(nth int, customer_id uuid, account_id uuid) left join channel_accounts a on a.id = n.account_id order by n.nth`,
      [JSON.stringify(asked)],
    )
    // Who comes back soon is no reason here: tickets are not a line of people.
    return factRows.parse(answer).rows.map((row) => ({ channelKind: row.channel_kind, tagIds: row.tag_ids ?? [], sinceLastMs: null }))
  },
  async place(ctx, workId) {
    const found: unknown = await ctx
      .trx('tickets as t')
      .join('ticket_types as y', 'y.id', 't.type_id')
      .where('t.id', workId)
      .first('t.customer_id', 't.channel_account_id', 't.team_id', 'y.business_type_id')
    const row = placeRow.parse(found)
    return row
      ? { customerId: row.customer_id, channelAccountId: row.channel_account_id, teamId: row.team_id, businessTypeId: row.business_type_id }
      : null
  },
  async traits(ctx, workIds) {
    const rows = await TicketRow.query(ctx.trx)
      .findByIds([...workIds])
      .select('id', 'type_id', 'priority')
    return new Map(rows.map(({ id, type_id: ticketTypeId, priority }) => [id, { ticketTypeId, priority }]))
  },
  async checkTypes(ctx, typeIds) {
    const known = await TicketTypeRow.query(ctx.trx)
      .findByIds([...typeIds])
      .select('id')
    if (known.length < new Set(typeIds).size)
      throw new Invalid('invalid_request', 'no such type of ticket', { field: 'conditions.ticketTypeIds' })
  },
  async sees(ctx, workId) {
    const row = await TicketRow.query(ctx.trx).findById(workId)
    return row !== undefined && seesTicket(await ticketReach(ctx), row)
  },
  familiar: (ctx, workIds) =>
    familiarBy(ctx, 'select t.id as work_id, t.customer_id from tickets t where t.id = any(?::uuid[])', [[...workIds]]),
  async familiarTo(ctx, customerId) {
    return (await familiarBy(ctx, 'select ?::uuid as work_id, ?::uuid as customer_id', [customerId, customerId])).get(customerId) ?? []
  },
  async labels(ctx, workIds) {
    const rows = await TicketRow.query(ctx.trx)
      .whereIn('id', [...workIds])
      .select('id', 'number', 'title')
    return new Map(rows.map(({ id, number, title }) => [id, `${number} ${title}`]))
  },
  lockWaiting: async (ctx, workIds) => [...(await lockPooled(ctx, workIds)).keys()],
  /** Pools do not overflow (`routing/queue/overflow`): whoever moves tickets writes their rows himself. */
  moved: () => Promise.resolve(),
  able: async (ctx, accountIds) => new Set((await ableStaff(ctx.trx, accountIds)).keys()),
  responses: () => Promise.resolve(new Map()),
}
