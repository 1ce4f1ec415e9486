import type { Knex } from 'knex'
import { z } from 'zod'
import type { TicketCounts, TicketFilters } from '../../contract/ticket.ts'
import { OPEN_STATUSES, TICKET_STATUSES, type TicketStatus } from '../../contract/ticket-status.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { type Narrowing, narrowingOf } from './filters.ts'
import { ticketReach, visibleTickets } from './policy.ts'

/** Beyond this nobody counts: 10,001 is shown as "10,000+". */
const COUNTED = 10_001

const one = z.object({ count: z.coerce.number() })

async function upTo(builder: Knex.QueryBuilder, trx: Knex): Promise<number> {
  const limited = builder.clone().select(trx.raw('1')).limit(COUNTED)
  return one.parse(await trx.from(limited.as('s')).count({ count: '*' }).first()).count
}

const byStatusRows = z.array(z.object({ status: z.enum(TICKET_STATUSES), count: z.coerce.number() }))

const OPEN = OPEN_STATUSES.map((status) => `'${status}'`).join(', ')
/** What ends, and only becomes more. */
const ENDED = TICKET_STATUSES.filter((status) => !OPEN_STATUSES.includes(status))

/** States that are counted one by one, as far as anybody counts; the others by one look at all of them. */
function countedApart({ byWords, narrow }: Narrowing): readonly TicketStatus[] {
  if (narrow || byWords === 'few') return []
  if (byWords === 'common') return TICKET_STATUSES
  // Each look reads all that the index of words has of them.
  return byWords === 'rare' ? ['closed'] : ENDED
}

/** Literal states, so that the index of what is open is used. */
async function countByStatus(ctx: Ctx<StaffActor>, filters: TicketFilters): Promise<z.infer<typeof byStatusRows>> {
  const { trx } = ctx
  const narrowing = await narrowingOf(ctx, filters)
  const apart = countedApart(narrowing)
  const together = TICKET_STATUSES.filter((status) => !apart.includes(status)).map((status) => `'${status}'`)
  const atOnce = narrowing
    .set()
    .modify((builder) => {
      if (together.length < TICKET_STATUSES.length)
        void builder.whereRaw(together.length === 0 ? 'false' : `t.status in (${together.join(', ')})`)
    })
    .groupBy('t.status')
    .select('t.status', trx.raw('least(count(*), ?) as count', [COUNTED]))
  const bounded = apart.map((status) => {
    const others = TICKET_STATUSES.filter((each) => each !== status).map((each) => `'${each}'`)
    // Nearly all are closed: to look them up beside what the index of words found takes longer than to ask each of these.
    const so = narrowing.byWords === 'rare' ? `t.status not in (${others.join(', ')})` : `t.status = '${status}'`
    const some = narrowing.set().whereRaw(so).select(trx.raw('1')).limit(COUNTED)
    return trx.select(trx.raw(`'${status}' as status`), trx.raw('count(*) as count')).from(some.as('s'))
  })
  return byStatusRows.parse(await trx.select('o.status', 'o.count').from(atOnce.as('o')).unionAll(bounded))
}

/** By state within the filters, and what is on the reader's own table regardless of them. */
export async function countTickets(ctx: Ctx<StaffActor>, filters: TicketFilters): Promise<TicketCounts> {
  const { status: _status, ...rest } = filters
  const [entries, own] = await Promise.all([countByStatus(ctx, rest), ownCounts(ctx)])
  const of = new Map(entries.map(({ status, count: found }) => [status, found]))
  const count = (status: (typeof TICKET_STATUSES)[number]) => of.get(status) ?? 0
  return {
    byStatus: {
      new: count('new'),
      unassigned: count('unassigned'),
      in_progress: count('in_progress'),
      waiting_customer: count('waiting_customer'),
      on_hold: count('on_hold'),
      awaiting_confirmation: count('awaiting_confirmation'),
      resolved: count('resolved'),
      closed: count('closed'),
    },
    ...own,
  }
}

const owned = z.object({ rows: z.tuple([z.object({ mine: z.coerce.number(), unread: z.coerce.number() })]) })

async function ownCounts(ctx: Ctx<StaffActor>): Promise<Omit<TicketCounts, 'byStatus'>> {
  const reach = await ticketReach(ctx)
  const mine = owned.parse(
    await ctx.trx.raw(
      `select count(*) as mine, count(*) filter (where seen_at is null) as unread from tickets
       where assignee_id = ? and status in ('in_progress', 'waiting_customer', 'on_hold', 'awaiting_confirmation')`,
      [reach.accountId],
    ),
  ).rows[0]
  const pool = ctx
    .trx('tickets as t')
    .whereRaw(`t.status in ('new', 'unassigned')`)
    .where((any) => any.whereNull('t.team_id').orWhereIn('t.team_id', [...reach.teamIds]))
  const visible = visibleTickets(reach)
  // Nothing is owed of what ended: said, so that only what is open of a team is looked through.
  const late = visible
    ? ctx.trx('tickets as t').where('t.next_due_at', '<', ctx.now).whereRaw(`t.status in (${OPEN})`).whereRaw(visible.sql, visible.bindings)
    : ctx.trx('ticket_dues as d').where('d.due_at', '<', ctx.now)
  return { ...mine, claimable: await upTo(pool, ctx.trx), overdue: await upTo(late, ctx.trx) }
}
