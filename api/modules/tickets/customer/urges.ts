/** 催单: a customer says that it takes too long. Limited, in the history, and told to whoever has it. */
import { z } from 'zod'
import type { Ctx, CustomerActor } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { notify } from '../../notifications/index.ts'
import { type EndingSettingsRow, endingSettingsOf } from '../ending/settings.ts'
import { peopleBehind } from '../follow-ups/people-behind.ts'
import { recordTicketEvent } from '../history.ts'
import type { TicketRow } from '../model.ts'
import { saveTicket } from '../save.ts'
import { type CustomerReach, lockOwn } from './reach.ts'
import { isUrgeable, nextUrgeAt } from './rules.ts'

const urgedAt = z.array(z.object({ created_at: z.date() }))

/** `at`: not before then. */
export async function nextUrge(
  ctx: Pick<Ctx, 'trx' | 'now'>,
  row: TicketRow,
  settings: EndingSettingsRow,
): Promise<{ now: boolean; at: Date | null }> {
  if (settings.urges_per_day === 0 || !isUrgeable(row)) return { now: false, at: null }
  const urged = urgedAt.parse(
    await ctx
      .trx('ticket_urges')
      .where({ ticket_id: row.id })
      .where('created_at', '>', new Date(ctx.now.getTime() - 86_400_000))
      .orderBy(['created_at', 'id'])
      .select('created_at'),
  )
  const limits = { perDay: settings.urges_per_day, minutes: settings.urge_minutes }
  const at = nextUrgeAt(
    urged.map((row) => row.created_at),
    limits,
    ctx.now,
  )
  return { now: at === null, at }
}

/** @throws NotFound; Conflict `ticket_urged` with `nextAt` (null: not as it stands) */
export async function urge(ctx: Ctx<CustomerActor>, reach: CustomerReach, id: string): Promise<void> {
  const row = await lockOwn(ctx, reach, id)
  const next = await nextUrge(ctx, row, await endingSettingsOf(ctx))
  if (!next.now) throw new Conflict('ticket_urged', 'not so soon', { nextAt: next.at?.toISOString() ?? null })
  await ctx.trx('ticket_urges').insert({ id: newId(), ticket_id: row.id, identity_id: reach.identityId, created_at: ctx.now })
  const saved = await saveTicket(ctx, row, { urges: row.urges + 1, last_urged_at: ctx.now })
  await recordTicketEvent(ctx, saved, { kind: 'urged', params: { count: saved.urges } })
  ctx.emit({ name: 'ticket.urged', subjectId: saved.id, payload: { count: saved.urges } })
  await notify(ctx, {
    to: await peopleBehind(ctx, saved),
    kind: 'ticket.urged',
    params: { number: saved.number, title: saved.title, count: saved.urges },
    link: `/tickets/${saved.id}`,
    key: `ticket.urged:${saved.id}:${saved.urges}`,
  })
}
