import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { type BoardFilter, type Scope, withinScope } from '../scope.ts'

const answer = z.object({
  rows: z.tuple([
    z.object({ queued: z.coerce.number(), since: z.date().nullable(), open: z.coerce.number(), unanswered: z.coerce.number() }),
  ]),
})

/** What the reader's queues and agents come to, under the board's filter. */
export async function conversationTotals(ctx: Ctx, scope: Scope, filter: BoardFilter) {
  const within = withinScope(scope)
  const wanted: [string, string][] = []
  if (filter.teamId) wanted.push(['v.team_id = ?', filter.teamId])
  if (filter.channelAccountId) wanted.push(['v.channel_account_id = ?', filter.channelAccountId])
  if (filter.skillId) {
    wanted.push([`(v.status = 'open' or e.required_skills @> ?::jsonb)`, JSON.stringify([{ skillId: filter.skillId }])])
  }
  const [totals] = answer.parse(
    await ctx.trx.raw(
      `select count(*) filter (where v.status = 'queued') as queued,
         min(coalesce(e.waiting_since, v.queued_at)) filter (where v.status = 'queued') as since,
         count(*) filter (where v.status = 'open') as open, count(v.waiting_since) filter (where v.status = 'open') as unanswered
       from conversations v left join queue_entries e on e.work_kind = 'conversation' and e.work_id = v.id and e.left_at is null
       where v.status <> 'closed' and ${[within.sql, ...wanted.map(([sql]) => sql)].join(' and ')}`,
      [...within.bindings, ...wanted.map(([, binding]) => binding)],
    ),
  ).rows
  return { queued: totals.queued, longestWaitSince: totals.since?.toISOString() ?? null, open: totals.open, unanswered: totals.unanswered }
}
