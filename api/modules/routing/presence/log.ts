/** What somebody's day looked like: periods and sums, cut to the day of the company's time zone. */
import { z } from 'zod'
import { PRESENCE_STATUSES } from '../../../contract/identity.ts'
import { PRESENCE_CAUSES, type PresenceLog } from '../../../contract/presence.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { dayIn, momentIn } from '../../../core/business-time/index.ts'
import { NotFound } from '../../../core/errors.ts'
import { reachableStaff } from '../../organisation/index.ts'
import { companySettings } from '../../settings/index.ts'

const periodRows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      status: z.enum(PRESENCE_STATUSES),
      reason: z.string().nullable(),
      cause: z.enum(PRESENCE_CAUSES),
      by: z.object({ id: z.string(), name: z.string() }).nullable(),
      note: z.string().nullable(),
      started_at: z.date(),
      ended_at: z.date().nullable(),
    }),
  ),
})

/** More changes than anybody makes in a day. */
const MOST = 500

/** @throws NotFound outside one's reach */
export async function presenceLogOf(ctx: Ctx<StaffActor>, accountId: string, day: string | undefined): Promise<PresenceLog> {
  const reach = await reachableStaff(ctx)
  if (reach !== null && !reach.includes(accountId)) throw new NotFound('member of staff')
  return presenceLog(ctx, accountId, day)
}

export async function presenceLog(ctx: Pick<Ctx, 'trx' | 'now'>, accountId: string, wanted: string | undefined): Promise<PresenceLog> {
  const { timeZone } = await companySettings(ctx)
  const day = wanted ?? dayIn(timeZone, ctx.now)
  const [from, until] = [momentIn(timeZone, day, 0), momentIn(timeZone, day, 1440)]
  const answer: unknown = await ctx.trx.raw(
    `select p.id, p.status, p.reason, p.cause, p.note, p.started_at, p.ended_at,
       case when b.id is not null then json_build_object('id', b.id, 'name', b.name) end as by
     from presence_periods p left join accounts b on b.id = p.set_by
     where p.account_id = ? and p.started_at < ? and (p.ended_at is null or p.ended_at > ?) order by p.started_at, p.id limit ?`,
    [accountId, until, from, MOST],
  )
  const totals = { online: 0, busy: 0, break: 0, offline: 0 }
  const periods = periodRows.parse(answer).rows.map(({ started_at: began, ended_at: ended, ...row }) => {
    const start = Math.max(began.getTime(), from.getTime())
    const end = Math.min(ended?.getTime() ?? Infinity, until.getTime(), ctx.now.getTime())
    const seconds = Math.max(0, Math.floor((end - start) / 1000))
    totals[row.status] += seconds
    const goesOn = ended === null && ctx.now < until
    return {
      ...row,
      startedAt: new Date(start).toISOString(),
      endedAt: goesOn ? null : new Date(Math.max(start, end)).toISOString(),
      seconds,
    }
  })
  return { day, periods, totals }
}
