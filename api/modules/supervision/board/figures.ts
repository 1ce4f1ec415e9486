/** Response times of today by agent, as the metrics define them: sums and numbers, never means of means (BP-012.2). */
import { z } from 'zod'
import type { AgentFigures } from '../../../contract/supervision.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { checkTeam, scopeOf } from '../scope.ts'
import { DAY_BEGAN } from './day.ts'

/** Of a conversation that was written into all day, the last so many messages: what a day's figure costs stays bounded. */
const MESSAGES = 200

const rows = z.object({
  rows: z.array(
    z.object({
      account_id: z.string(),
      first_responses: z.coerce.number(),
      first_seconds: z.coerce.number(),
      turns: z.coerce.number(),
      turn_seconds: z.coerce.number(),
    }),
  ),
})

/**
 * A stint is the time one agent holds a conversation. First response: from the first word of the customer that he could answer (the one unanswered when
 * it came to him counts from the moment it came) to his first answer. A turn: the customer's run of messages up to the next answer.
 */
const FIGURES = `
  with stints as (
    select w.id, w.account_id, w.work_id, w.assigned_at, coalesce(w.ended_at, 'infinity'::timestamptz) as ended_at
    from assignments w
    where w.work_kind = 'conversation' and w.assigned_at >= ${DAY_BEGAN} and w.account_id = any(?::uuid[])),
  said as (
    select s.id, s.account_id, s.assigned_at, m.seq, m.created_at, m.direction, lag(m.direction) over (partition by s.id order by m.seq) as before
    from stints s cross join lateral (
      select r.seq, r.created_at, r.direction, r.author_kind, r.author_id from (
        select seq, created_at, direction, author_kind, author_id from messages
        where conversation_id = s.work_id order by seq desc limit ${MESSAGES}) as r
      where r.created_at < s.ended_at
        and (r.direction = 'inbound' or (r.direction = 'outbound' and r.author_kind = 'agent' and r.created_at >= s.assigned_at))) as m),
  turns as (
    select id, account_id, assigned_at, seq, direction, created_at,
      max(created_at) filter (where direction = 'inbound' and before is distinct from 'inbound')
        over (partition by id order by seq rows between unbounded preceding and 1 preceding) as asked_at
    from said where direction = 'outbound' or before is distinct from 'inbound'),
  answers as (
    select id, account_id, seq, extract(epoch from created_at - greatest(asked_at, assigned_at)) as seconds,
      row_number() over (partition by id order by seq) as nth,
      lag(asked_at) over (partition by id order by seq) is distinct from asked_at as new_turn
    from turns where direction = 'outbound' and asked_at is not null)
  select account_id, count(*) filter (where nth = 1) as first_responses, round(coalesce(sum(seconds) filter (where nth = 1), 0)) as first_seconds,
    count(*) filter (where new_turn) as turns, round(coalesce(sum(seconds) filter (where new_turn), 0)) as turn_seconds
  from answers group by account_id order by account_id`

/** Two statements and the scope; for agents within it. */
export async function figuresOfToday(ctx: Ctx<StaffActor>, { teamId }: { teamId?: string | undefined }): Promise<AgentFigures[]> {
  const scope = await scopeOf(ctx)
  checkTeam(scope, teamId)
  const people = scope.accountIds === null ? null : [...scope.accountIds]
  const ids = z.object({ rows: z.array(z.object({ id: z.string() })) }).parse(
    await ctx.trx.raw(
      `select a.id from accounts a where a.kind = 'staff' and a.status = 'active' and (?::uuid[] is null or a.id = any(?::uuid[]))
         and (?::uuid is null or exists (select 1 from team_members m where m.account_id = a.id and m.team_id = ?::uuid)) order by a.id limit 1000`,
      [people, people, teamId ?? null, teamId ?? null],
    ),
  )
  const found = rows.parse(await ctx.trx.raw(FIGURES, [ids.rows.map(({ id }) => id)])).rows
  return found.map((row) => ({
    accountId: row.account_id,
    firstResponses: row.first_responses,
    firstResponseSeconds: row.first_seconds,
    turns: row.turns,
    turnSeconds: row.turn_seconds,
  }))
}
