/** What a customer sees of the beginning: his place in the queue, teams to choose from, closed doors. */
import { z } from 'zod'
import type { OffHours, QueueStanding, TeamChoice } from '../../../contract/consultation.ts'
import type { Ctx } from '../../../core/context.ts'
import { standingsOf } from '../../routing/index.ts'

export interface StartState {
  queue: QueueStanding | null
  choices: TeamChoice | null
  offHours: OffHours | null
}
export const NO_START: StartState = { queue: null, choices: null, offHours: null }

const stateRows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      waiting_for: z.enum(['team_choice', 'off_hours']).nullable(),
      options: z.array(z.object({ teamId: z.string(), name: z.string() })).nullable(),
      expires_at: z.date().nullable(),
      waits: z.boolean().nullable(),
      opens_at: z.date().nullable(),
      requested: z.boolean(),
      time_zone: z.string(),
    }),
  ),
})

/** Of those that are waiting; who is served or done has none. Three statements at most, whatever their number. */
export async function startStates(
  ctx: Pick<Ctx, 'trx' | 'now'>,
  rows: readonly { id: string; status: string }[],
): Promise<Map<string, StartState>> {
  const ids = rows.filter(({ status }) => status === 'queued').map(({ id }) => id)
  if (ids.length === 0) return new Map()
  const answer: unknown = await ctx.trx.raw(
    `select v.id, v.waiting_for, c.options, c.expires_at, h.waits, h.opens_at,
       exists (select 1 from contact_requests r where r.conversation_id = v.id and r.status = 'open') as requested,
       s.time_zone
     from conversations v cross join company_settings s
     left join team_choices c on c.conversation_id = v.id and c.ended_at is null
     left join off_hours_waits h on h.conversation_id = v.id
     where v.id = any(?::uuid[])`,
    [ids],
  )
  const found = stateRows.parse(answer).rows
  const standings = await standingsOf(
    ctx,
    found.filter((row) => row.waiting_for === null).map(({ id }) => id),
  )
  return new Map(found.map((row) => [row.id, { queue: standings.get(row.id) ?? null, choices: choicesIn(row), offHours: hoursIn(row) }]))
}

type StateRow = z.infer<typeof stateRows>['rows'][number]

const choicesIn = ({ waiting_for, options, expires_at }: StateRow): TeamChoice | null =>
  waiting_for === 'team_choice' && options && expires_at ? { options, until: expires_at.toISOString() } : null

/** Also beside a place in the queue: one that is full offers the form. */
function hoursIn({ waiting_for, waits, opens_at, requested, time_zone: timeZone }: StateRow): OffHours | null {
  if (waits === null || waiting_for === 'team_choice') return null
  if (waiting_for === 'off_hours') return { opensAt: opens_at?.toISOString() ?? null, timeZone, waits, form: !requested }
  return requested ? null : { opensAt: null, timeZone, waits: true, form: true }
}
