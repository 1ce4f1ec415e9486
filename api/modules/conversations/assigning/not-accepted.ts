/**
 * Assigned but not turned to (BP-015.7): the next agent; where there is none who has not had it, it stays and those above are told, once. Judged by stored
 * times, so restarts and an emptied Redis change nothing.
 */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, readOnly, SYSTEM } from '../../../core/context.ts'
import { oneByOne } from '../../../core/one-by-one.ts'
import { notify } from '../../notifications/index.ts'
import { somebodyElseFor } from '../../routing/index.ts'
import { customerLabel } from '../customer-label.ts'
import { ConversationRow } from '../model.ts'
import { overseersOf } from '../oversight/overseers.ts'
import { releaseToQueue } from './release-to-queue.ts'

const BATCH = 100
const NONE = '00000000-0000-0000-0000-000000000000'
const dueRows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      assignee_id: z.string(),
      name: z.string(),
      seconds: z.number(),
      passed_by: z.array(z.string()),
      told: z.boolean(),
    }),
  ),
})
type Due = z.infer<typeof dueRows>['rows'][number]

/** What a colleague assigned by hand stays: he has decided. Looked up conversation by conversation: a join of the two lists may be made pair by pair. */
const DUE = `
  select v.id, v.assignee_id, a.name, r.accept_seconds as seconds, coalesce(e.passed_by, '{}') as passed_by,
    coalesce(v.unaccepted_told_at >= v.opened_at, false) as told
  from conversations v
  join accounts a on a.id = v.assignee_id
  cross join lateral (select from assignments w where w.work_kind = 'conversation' and w.work_id = v.id and w.ended_at is null and w.assigned_by is null
    limit 1) w
  join lateral (select accept_seconds from queue_rules q where q.team_id = v.team_id or q.team_id is null order by q.team_id is null limit 1) r on true
  left join lateral (select passed_by from queue_entries q where q.work_kind = 'conversation' and q.work_id = v.id
    order by q.entered_at desc limit 1) e on true
  where v.status = 'open' and v.accepted_at is null and v.opened_at <= app_now() - r.accept_seconds * interval '1 second'`

/** Page by page: those that stay hold up nobody. */
export async function passOnUnaccepted(app: App): Promise<void> {
  for (let after: string | undefined = NONE; after !== undefined;) {
    const due: Due[] = dueRows.parse(await app.db.raw(`${DUE} and v.id > ? order by v.id limit ?`, [after, BATCH])).rows
    const going = await somebodyElseFor(
      await readOnly(app, SYSTEM),
      'conversation',
      new Map(due.map(({ id, assignee_id: holder }) => [id, holder])),
    )
    const step = (one: Due) => inTransaction(app, SYSTEM, (ctx) => (going.has(one.id) ? passOn(ctx, one) : tellAbove(ctx, one)))
    await oneByOne(app, 'conversations.not_passed_on', { rows: due.filter(({ id, told }) => going.has(id) || !told), step })
    after = due.length === BATCH ? due.at(-1)?.id : undefined
  }
}

/** Undefined where somebody turned to it meanwhile, or somebody else has it: his time begins anew. */
const stillDue = async (ctx: Ctx, due: Due): Promise<ConversationRow | undefined> =>
  ConversationRow.query(ctx.trx)
    .findOne({ id: due.id, status: 'open', assignee_id: due.assignee_id })
    .whereNull('accepted_at')
    .whereRaw(`opened_at <= app_now() - ? * interval '1 second'`, [due.seconds])
    .forNoKeyUpdate()
    .skipLocked()

async function passOn(ctx: Ctx, due: Due): Promise<void> {
  const row = await stillDue(ctx, due)
  if (!row) return
  await releaseToQueue(ctx, [row], {
    reason: { code: 'not_accepted', params: { name: due.name, seconds: due.seconds } },
    passedBy: due.passed_by,
  })
}

async function tellAbove(ctx: Ctx, due: Due): Promise<void> {
  const row = await stillDue(ctx, due)
  if (!row) return
  await row.$query(ctx.trx).patch({ unaccepted_told_at: ctx.now })
  await notify(ctx, {
    to: (await overseersOf(ctx, [due.assignee_id])).filter((id) => id !== due.assignee_id),
    kind: 'conversation.not_accepted',
    params: { customer: await customerLabel(ctx, row), agent: due.name, seconds: due.seconds },
    link: `/workbench/${row.id}`,
    key: `conversation.not_accepted:${row.id}:${row.opened_at?.getTime() ?? 0}`,
  })
}
