/** Reminders before a relation ends (BP-008.8): fired exactly once for each end, whatever happens to the processes in between. */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { dayNumber } from '../../../core/business-time/index.ts'
import { inTransaction, SYSTEM, type Ctx } from '../../../core/context.ts'
import { SHOWN_NAME } from '../../customers/index.ts'
import { notify } from '../../notifications/index.ts'
import { TODAY } from './serving.ts'

const BATCH = 50

/** Null where none of them is at work. */
const PEOPLE = `select json_agg(a.id) from accounts a where a.status = 'active' and a.kind = 'staff'`

const dueRows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      customer_id: z.string().nullable(),
      institution_id: z.string().nullable(),
      subject: z.string().nullable(),
      team: z.string(),
      valid_until: z.string(),
      today: z.string(),
      people: z.array(z.string()),
    }),
  ),
})
type Due = z.infer<typeof dueRows>['rows'][number]

/**
 * Those that another process holds are its own; the mark and the notice are one transaction. Told are the team's leader and supervisors and
 * the customer's own agent; where there is none of them at work, whoever else is in the team, and else who established the relation.
 */
async function claimDue(ctx: Ctx): Promise<Due[]> {
  const answer: unknown = await ctx.trx.raw(
    `with due as (
       select id from service_relations
       where ended_at is null and valid_until is not null and remind_days is not null and reminded_for is distinct from valid_until
         and valid_until - remind_days <= ${TODAY}
       order by valid_until - remind_days limit ${BATCH} for no key update skip locked),
     told as (
       update service_relations r set reminded_for = r.valid_until from due where r.id = due.id
       returning r.id, r.customer_id, r.institution_id, r.team_id, r.valid_until, r.created_by)
     select told.id, told.customer_id, told.institution_id, coalesce(${SHOWN_NAME}, i.name) as subject, t.name as team, told.valid_until::text, ${TODAY}::text as today,
       coalesce(
         (${PEOPLE} and (a.id = t.leader_id or a.id = c.owner_id
            or a.id in (select m.account_id from team_members m where m.team_id = t.id and m.role = 'supervisor'))),
         (${PEOPLE} and a.id in (select m.account_id from team_members m where m.team_id = t.id)),
         (${PEOPLE} and a.id = told.created_by), '[]') as people
     from told join teams t on t.id = told.team_id
     left join customers c on c.id = told.customer_id left join institutions i on i.id = told.institution_id`,
  )
  return dueRows.parse(answer).rows
}

async function tell(ctx: Ctx, due: Due): Promise<void> {
  const days = dayNumber(due.valid_until) - dayNumber(due.today)
  await notify(ctx, {
    to: due.people,
    // After an outage it may be over already: then that is what they are told.
    kind: days < 0 ? 'relation.expired' : 'relation.expiring',
    params: { customer: due.subject ?? '', team: due.team, day: due.valid_until, days: Math.abs(days) },
    link: due.customer_id === null ? `/customers/institutions/${due.institution_id}` : `/customers/${due.customer_id}`,
    key: `relation.expiring:${due.id}:${due.valid_until}`,
  })
}

/** @returns how many relations were told of */
export async function remindOfRelations(app: App): Promise<number> {
  let told = 0
  for (;;) {
    const due = await inTransaction(app, SYSTEM, async (ctx) => {
      const claimed = await claimDue(ctx)
      for (const each of claimed) await tell(ctx, each)
      return claimed.length
    })
    told += due
    if (due < BATCH) return told
  }
}
