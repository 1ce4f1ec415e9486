/** Hands domain events to their listeners: at least once each, one transaction an event, a failing listener retried alone. */
import { z } from 'zod'
import type { App } from '#api/core/app.ts'
import { inTransaction, SYSTEM } from '#api/core/context.ts'
import { type Listener, listenerTopic, type StoredEvent } from '#api/core/events/domain-events.ts'
import { isOutage } from '#api/core/outage.ts'

const BATCH = 100
const dueRows = z.array(z.object({ event_id: z.string() }))
const claimedRow = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      subject_id: z.string(),
      payload: z.record(z.string(), z.unknown()),
      occurred_at: z.date(),
    }),
  ),
})

export function serveListeners(app: App): void {
  for (const listener of app.listeners) app.wakeups.serve(listenerTopic(listener.name), () => drain(app, listener))
}

async function drain(app: App, listener: Listener): Promise<void> {
  for (;;) {
    const due = dueRows.parse(
      await app
        .db('event_deliveries')
        .select('event_id')
        .where({ listener: listener.name })
        .where('next_attempt_at', '<=', app.db.raw('app_now()'))
        .orderBy(['next_attempt_at', 'event_id'])
        .limit(BATCH),
    )
    for (const { event_id: eventId } of due) await handOver(app, listener, eventId)
    if (due.length < BATCH) return
  }
}

async function handOver(app: App, listener: Listener, eventId: string): Promise<void> {
  try {
    await inTransaction(app, SYSTEM, async (ctx) => {
      const { rows } = claimedRow.parse(
        await ctx.trx.raw(
          `with claimed as (
             delete from event_deliveries where (listener, event_id) in (
               select listener, event_id from event_deliveries where listener = ? and event_id = ? for update skip locked)
             returning event_id)
           select e.id, e.name, e.subject_id, e.payload, e.occurred_at from domain_events e join claimed c on c.event_id = e.id`,
          [listener.name, eventId],
        ),
      )
      const [row] = rows
      if (!row) return
      const event: StoredEvent = {
        id: row.id,
        name: row.name,
        subjectId: row.subject_id,
        payload: row.payload,
        occurredAt: row.occurred_at,
      }
      await listener.handle(ctx, event)
    })
  } catch (error) {
    if (isOutage(error)) throw error
    app.metrics.listenerFailures.inc({ listener: listener.name })
    app.log.error({ listener: listener.name, eventId, error: String(error) }, 'relay.listener_failed')
    await postpone(app, listener.name, eventId, String(error))
  }
}

/** Twice as long after each failure, an hour at most. */
async function postpone(app: App, listener: string, eventId: string, error: string): Promise<void> {
  await app
    .db('event_deliveries')
    .where({ listener, event_id: eventId })
    .update({
      attempts: app.db.raw('attempts + 1'),
      error: error.slice(0, 500),
      next_attempt_at: app.db.raw(`app_now() + least(3600, 2 ^ least(attempts, 12)) * interval '1 second'`),
    })
}
