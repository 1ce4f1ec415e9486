/**
 * Domain events: facts stored in the transaction that made them true, delivered at least once to every listener.
 * A pending row per interested listener is written with the event, so that listeners claim "not done by me"
 * with SKIP LOCKED and never by an id cursor (serial ids do not commit in order).
 */
import type { Knex } from 'knex'
import type { App } from '../app.ts'
import type { Ctx, SystemActor } from '../context.ts'
import { newId } from '../ids.ts'

export interface DomainEvent {
  /** Past tense: `conversation.queued`. */
  name: string
  /** Row the event is about. */
  subjectId: string
  /** Ids and small facts only; personal data stays in its own rows. */
  payload?: Record<string, unknown>
}

export interface StoredEvent {
  id: string
  name: string
  subjectId: string
  payload: Record<string, unknown>
  occurredAt: Date
}

export interface Listener {
  /** Unique, `module.what-it-does`. */
  name: string
  on: readonly string[]
  /** Idempotent on the event's id. One transaction per event; a throw retries this event alone. */
  handle(ctx: Ctx<SystemActor>, event: StoredEvent): Promise<void>
}

export const listenerTopic = (listener: string) => `listener:${listener}`

/** @returns topics to wake after the commit */
export async function insertEvents(app: App, trx: Knex, events: DomainEvent[], now: Date): Promise<Set<string>> {
  const rows = events.map((event) => ({
    id: newId(),
    name: event.name,
    subject_id: event.subjectId,
    payload: event.payload ?? {},
    occurred_at: now.toISOString(),
  }))
  const pending = rows.flatMap((row) =>
    app.listeners.filter((listener) => listener.on.includes(row.name)).map((listener) => ({ event_id: row.id, listener: listener.name })),
  )
  await trx.raw(
    `with e as (
       insert into domain_events (id, name, subject_id, payload, occurred_at)
       select id, name, subject_id, payload, occurred_at
       from json_to_recordset(?::json) as t(id uuid, name text, subject_id uuid, payload jsonb, occurred_at timestamptz))
     insert into event_deliveries (event_id, listener, next_attempt_at)
     select event_id, listener, app_now() from json_to_recordset(?::json) as t(event_id uuid, listener text)`,
    [JSON.stringify(rows), JSON.stringify(pending)],
  )
  return new Set(pending.map(({ listener }) => listenerTopic(listener)))
}
