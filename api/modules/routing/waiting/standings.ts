/** Where everybody who waits for an agent stands: counted from the queue's own order, told when it changes. */
import { z } from 'zod'
import type { QueueStanding } from '../../../contract/consultation.ts'
import type { Ctx } from '../../../core/context.ts'
import { estimateWait, type Service, type Standing } from './estimate.ts'

type Db = Pick<Ctx, 'trx' | 'now'>

const number = z.coerce.number()
const serviceRows = z.object({
  rows: z.array(z.object({ team_id: z.string().nullable(), ended: number, seconds: number, going_on: number })),
})

/** What those who serve these queues did in the last hour; the general queue (null) is everybody's. One statement. */
async function servicesOf(ctx: Db, teamIds: readonly (string | null)[]): Promise<Map<string | null, Service>> {
  const teams = [...new Set(teamIds)]
  if (teams.length === 0) return new Map()
  const answer: unknown = await ctx.trx.raw(
    `with wanted as (select team_id from json_to_recordset(?::json) as t(team_id uuid)),
     recent as (
       select account_id, extract(epoch from ended_at - assigned_at) as seconds, false as going_on from assignments
       where work_kind = 'conversation' and ended_at > app_now() - interval '1 hour' and end_reason like 'closed:%'
       union all
       select account_id, 0, true from assignments where work_kind = 'conversation' and ended_at is null)
     select w.team_id, count(*) filter (where not r.going_on) as ended, coalesce(sum(r.seconds) filter (where not r.going_on), 0) as seconds,
       count(*) filter (where r.going_on) as going_on
     from wanted w join recent r on w.team_id is null or exists (
       select 1 from team_members m where m.team_id = w.team_id and m.account_id = r.account_id)
     group by w.team_id`,
    [JSON.stringify(teams.map((team_id) => ({ team_id })))],
  )
  return new Map(
    serviceRows.parse(answer).rows.map(({ team_id, ended, seconds, going_on }) => [team_id, { ended, seconds, goingOn: going_on }]),
  )
}

const NOBODY: Service = { ended: 0, seconds: 0, goingOn: 0 }

/** The queue in its order, numbered per team. */
const PLACES = `select q.work_id, q.team_id, row_number() over (partition by q.team_id order by q.rank_at, q.id)::int as position
  from queue_entries q where q.left_at is null and q.work_kind = 'conversation'`
const placeRows = z.object({ rows: z.array(z.object({ work_id: z.string(), team_id: z.string().nullable(), position: z.number() })) })

/** Of conversations that are about to be shown. Two statements, none for none. @returns only those that wait in a queue */
export async function standingsOf(ctx: Db, conversationIds: readonly string[]): Promise<Map<string, QueueStanding>> {
  if (conversationIds.length === 0) return new Map()
  const answer: unknown = await ctx.trx.raw(
    `select q.work_id, q.team_id, (
       select count(*)::int from queue_entries o where o.left_at is null and o.work_kind = 'conversation'
         and o.team_id is not distinct from q.team_id and (o.rank_at, o.id) <= (q.rank_at, q.id)) as position
     from queue_entries q where q.left_at is null and q.work_kind = 'conversation' and q.work_id = any(?::uuid[])`,
    [[...conversationIds]],
  )
  const { rows } = placeRows.parse(answer)
  const services = await servicesOf(
    ctx,
    rows.map((row) => row.team_id),
  )
  const at = ctx.now.toISOString()
  return new Map(
    rows.map(({ work_id, team_id, position }) => [
      work_id,
      { position, estimateSeconds: estimateWait(position, services.get(team_id) ?? NOBODY), at },
    ]),
  )
}

export interface Waiting extends Standing {
  conversationId: string
  teamId: string | null
  /** What he was told last; null: nothing yet. */
  told: Standing | null
  /** Where he stood when a line was said last, or was judged not to be. */
  saidPosition: number | null
  /** Lines said so far, where they are counted. */
  lines: number
}

const waitingRows = z.object({
  rows: z.array(
    placeRows.shape.rows.element.extend({
      told_position: z.number().nullable(),
      told_estimate: z.number().nullable(),
      said_position: z.number().nullable(),
      lines: z.number().nullable(),
    }),
  ),
})

/** Everybody who waits, with what he knows. Two statements. */
export async function everybodyWaiting(ctx: Db): Promise<Waiting[]> {
  const answer: unknown = await ctx.trx.raw(
    `select p.*, s.position as told_position, s.estimate_seconds as told_estimate, s.said_position, s.lines
     from (${PLACES}) as p left join queue_standings s on s.conversation_id = p.work_id order by p.team_id, p.position`,
  )
  const { rows } = waitingRows.parse(answer)
  const services = await servicesOf(
    ctx,
    rows.map((row) => row.team_id),
  )
  return rows.map((row) => ({
    conversationId: row.work_id,
    teamId: row.team_id,
    position: row.position,
    estimateSeconds: estimateWait(row.position, services.get(row.team_id) ?? NOBODY),
    told: row.told_position === null ? null : { position: row.told_position, estimateSeconds: row.told_estimate },
    saidPosition: row.said_position,
    lines: row.lines ?? 0,
  }))
}

/** What they know from now on. */
export async function rememberTold(ctx: Db, told: readonly (Standing & { conversationId: string })[]): Promise<void> {
  if (told.length === 0) return
  await ctx.trx.raw(
    `insert into queue_standings (conversation_id, position, estimate_seconds, told_at)
     select id, position, estimate_seconds, (select app_now()) from json_to_recordset(?::json) as t(id uuid, position int, estimate_seconds int) order by id
     on conflict (conversation_id) do update set position = excluded.position, estimate_seconds = excluded.estimate_seconds, told_at = excluded.told_at`,
    [
      JSON.stringify(
        told.map(({ conversationId, position, estimateSeconds }) => ({ id: conversationId, position, estimate_seconds: estimateSeconds })),
      ),
    ],
  )
}

/** A line about his place was said in a message. */
export async function rememberSaid(ctx: Db, conversationId: string, position: number): Promise<void> {
  await ctx.trx.raw(
    `insert into queue_standings (conversation_id, position, said_position, said_at, lines) values (?, ?, ?, app_now(), 1)
     on conflict (conversation_id) do update set said_position = excluded.said_position, said_at = excluded.said_at, lines = queue_standings.lines + 1`,
    [conversationId, position, position],
  )
}

/** It was judged whether a line about his place is said, and none was: not again before he has moved as far as a line would need. */
export async function rememberJudged(ctx: Db, conversationId: string, position: number): Promise<void> {
  await ctx.trx.raw(
    `insert into queue_standings (conversation_id, position, said_position) values (?, ?, ?)
     on conflict (conversation_id) do update set said_position = excluded.said_position`,
    [conversationId, position, position],
  )
}

/** Their pages are open at this moment. */
export async function seePages(ctx: Db, conversationIds: readonly string[]): Promise<void> {
  if (conversationIds.length === 0) return
  await ctx
    .trx('queue_standings')
    .whereIn('conversation_id', [...conversationIds])
    .update({ page_seen_at: ctx.now })
}

/** Who waits no more needs no memory. */
export async function forgetStandings(ctx: Db): Promise<void> {
  await ctx.trx.raw(
    `delete from queue_standings s where not exists (
       select 1 from queue_entries q where q.work_kind = 'conversation' and q.work_id = s.conversation_id and q.left_at is null)`,
  )
}
