/** Assigned but not turned to (BP-015.7): the next agent. Judged by stored times, so restarts and an emptied Redis change nothing. */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../../core/context.ts'
import { ConversationRow } from '../model.ts'
import { releaseToQueue } from './release-to-queue.ts'

const BATCH = 100
const dueRows = z.object({
  rows: z.array(
    z.object({ id: z.string(), assignee_id: z.string(), name: z.string(), seconds: z.number(), passed_by: z.array(z.string()) }),
  ),
})
type Due = z.infer<typeof dueRows>['rows'][number]

/** What a colleague assigned by hand stays: he has decided. */
const DUE = `
  select v.id, v.assignee_id, a.name, r.accept_seconds as seconds, coalesce(e.passed_by, '{}') as passed_by
  from conversations v
  join accounts a on a.id = v.assignee_id
  join assignments w on w.work_kind = 'conversation' and w.work_id = v.id and w.ended_at is null and w.assigned_by is null
  join lateral (select accept_seconds from queue_rules q where q.team_id = v.team_id or q.team_id is null order by q.team_id is null limit 1) r on true
  left join lateral (select passed_by from queue_entries q where q.work_kind = 'conversation' and q.work_id = v.id
    order by q.entered_at desc limit 1) e on true
  where v.status = 'open' and v.accepted_at is null and v.opened_at <= app_now() - r.accept_seconds * interval '1 second'`

export async function passOnUnaccepted(app: App): Promise<void> {
  await inTransaction(app, SYSTEM, async (ctx) => {
    const due = dueRows.parse(await ctx.trx.raw(`${DUE} order by v.opened_at, v.id limit ?`, [BATCH])).rows
    if (due.length === 0) return
    const rows = await ConversationRow.query(ctx.trx)
      .whereIn(
        'id',
        due.map(({ id }) => id),
      )
      .where('status', 'open')
      .whereNull('accepted_at')
      .orderBy('id')
      .forNoKeyUpdate()
      .skipLocked()
    const byId = new Map(due.map((one) => [one.id, one]))
    for (const row of rows) {
      const one = byId.get(row.id)
      // Somebody else has it by now: his time begins anew.
      if (one && one.assignee_id === row.assignee_id) await passOn(ctx, row, one)
    }
  })
}

const passOn = (ctx: Ctx, row: ConversationRow, due: Due): Promise<void> =>
  releaseToQueue(ctx, [row], {
    reason: { code: 'not_accepted', params: { name: due.name, seconds: due.seconds } },
    passedBy: [...new Set([...due.passed_by, due.assignee_id])],
  })
