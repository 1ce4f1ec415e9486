/**
 * Due times worked out anew (BP-006.2) when a policy, a calendar, a team's calendar or a customer's tags are others: the tickets concerned are noted at once, in the
 * transaction of the change, and settled in the background, batch by batch. What the clocks were before stands in their events.
 */
import { z } from 'zod'
import { OPEN_STATUSES } from '../../../contract/ticket-status.ts'
import type { App } from '../../../core/app.ts'
import type { Ctx } from '../../../core/context.ts'
import type { Listener } from '../../../core/events/domain-events.ts'
import { inBatches } from './in-batches.ts'
import { settle } from './keep-clocks.ts'

/** Timers and people who want one of these tickets wait no longer than a batch takes. */
const AT_ONCE = 1000
const CAUSES = ['policy', 'calendar', 'team', 'customer'] as const
const taken = z.object({ rows: z.array(z.object({ ticket_id: z.string(), cause: z.enum(CAUSES) })) })

const NOTE = `insert into sla_stale (ticket_id, cause, since)`
/** Noted again while it is being settled: this waits for that, and is noted anew. In the order of ids, as they are taken. */
const ONCE = `order by 1 on conflict (ticket_id) do update set since = excluded.since`

/** Every ticket that is not over: another policy may be its own now. */
const notePolicies = (ctx: Ctx): Promise<unknown> =>
  Promise.resolve(
    ctx.trx.raw(`${NOTE} select id, 'policy', app_now() from tickets where status = any(?) and merged_into is null ${ONCE}`, [
      [...OPEN_STATUSES],
    ]),
  )

/** Those with a clock that goes by it. */
const noteCalendar = (ctx: Ctx, calendarId: string): Promise<unknown> =>
  Promise.resolve(
    ctx.trx.raw(
      `${NOTE} select distinct ticket_id, 'calendar', app_now() from sla_clocks where calendar_id = ? and state in ('running', 'paused') ${ONCE}`,
      [calendarId],
    ),
  )

const noteTeam = (ctx: Ctx, teamId: string): Promise<unknown> =>
  Promise.resolve(
    ctx.trx.raw(`${NOTE} select id, 'team', app_now() from tickets where team_id = ? and status = any(?) and merged_into is null ${ONCE}`, [
      teamId,
      [...OPEN_STATUSES],
    ]),
  )

/** Of these customers, where some promise asks for tags: another one may be theirs now. */
const noteCustomers = (ctx: Ctx, customerIds: readonly string[]): Promise<unknown> =>
  Promise.resolve(
    ctx.trx.raw(
      `${NOTE} select id, 'customer', app_now() from tickets where customer_id = any(?::uuid[]) and status = any(?) and merged_into is null
         and exists (select 1 from sla_policies where removed_at is null and conditions -> 'tagIds' <> '[]') ${ONCE}`,
      [[...customerIds], [...OPEN_STATUSES]],
    ),
  )

/** Put on or taken off many customers: who has it, whatever runs under a promise that asks for it, and what nothing is promised for. */
const noteTag = (ctx: Ctx, tagId: string): Promise<unknown> =>
  Promise.resolve(
    ctx.trx.raw(
      `with asking as (select id from sla_policies where removed_at is null and conditions -> 'tagIds' @> to_jsonb(array[:tagId::text])),
            counted as not materialized (select ticket_id, policy_id from sla_clocks where state in ('running', 'paused'))
       ${NOTE} select t.id, 'customer', app_now() from tickets t
       where exists (select 1 from asking) and t.customer_id is not null and t.status = any(:open) and t.merged_into is null
         and (exists (select 1 from customer_tag_links l where l.customer_id = t.customer_id and l.tag_id = :tagId::uuid)
           or exists (select 1 from counted c where c.ticket_id = t.id and c.policy_id in (select id from asking))
           or not exists (select 1 from counted c where c.ticket_id = t.id)) ${ONCE}`,
      { tagId, open: [...OPEN_STATUSES] },
    ),
  )

const stale = z.object({ rows: z.array(z.object({ id: z.string() })) })
const parted = z.object({ from: z.uuid().optional() })

/** The tickets' rows are locked before what is noted of them: as everybody does who changes a ticket. */
const lock = (only: string): string => `
  select s.ticket_id, s.cause from sla_stale s join tickets t on t.id = s.ticket_id ${only}
  order by s.ticket_id limit ${AT_ONCE} for no key update of t skip locked for update of s skip locked`

async function settleStale(ctx: Ctx, answer: unknown): Promise<number> {
  const { rows } = taken.parse(answer)
  if (rows.length === 0) return 0
  for (const cause of CAUSES) {
    const ids = rows.filter((row) => row.cause === cause).map((row) => row.ticket_id)
    if (ids.length > 0) await settle(ctx, ids, cause)
  }
  await ctx
    .trx('sla_stale')
    .whereIn(
      'ticket_id',
      rows.map((row) => row.ticket_id),
    )
    .delete()
  return rows.length
}

/** @returns how many tickets it settled */
export const recomputeSome = async (ctx: Ctx): Promise<number> => settleStale(ctx, await ctx.trx.raw(lock('')))

export const recomputeAll = (app: App): Promise<void> =>
  inBatches(app, {
    most: Infinity,
    size: AT_ONCE,
    batch: recomputeSome,
    ids: async ({ db }) => stale.parse(await db.raw(`select ticket_id as id from sla_stale order by ticket_id limit ${AT_ONCE}`)).rows,
    one: async (ctx, id) => settleStale(ctx, await ctx.trx.raw(lock('where s.ticket_id = ?'), [id])),
    event: 'tickets.clocks_not_recomputed',
  })

/** After the commit: a ticket that is made meanwhile is made under the old promise and found then. */
export const slaListeners: readonly Listener[] = [
  { name: 'tickets.sla-policies', on: ['sla_policies.changed'], handle: async (ctx) => void (await notePolicies(ctx)) },
  { name: 'tickets.sla-calendar', on: ['calendar.changed'], handle: async (ctx, event) => void (await noteCalendar(ctx, event.subjectId)) },
  { name: 'tickets.sla-team', on: ['team.calendar_changed'], handle: async (ctx, event) => void (await noteTeam(ctx, event.subjectId)) },
  {
    name: 'tickets.sla-customer',
    on: ['customer.changed', 'customer.merged', 'customer.unmerged'],
    async handle(ctx, event) {
      const { from } = parted.parse(event.payload)
      await noteCustomers(ctx, [event.subjectId, ...(from === undefined ? [] : [from])])
    },
  },
  { name: 'tickets.sla-tags', on: ['customers.tagged'], handle: async (ctx, event) => void (await noteTag(ctx, event.subjectId)) },
]
