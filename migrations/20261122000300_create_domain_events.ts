import type { Knex } from 'knex'

/** The outbox: a fact, and one pending row per listener that has not done it yet. Done rows are deleted. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table domain_events (
      id uuid primary key,
      name text not null,
      subject_id uuid not null,
      payload jsonb not null default '{}',
      occurred_at timestamptz not null
    );
    create index domain_events_age on domain_events (occurred_at);

    create table event_deliveries (
      event_id uuid not null references domain_events (id) on delete cascade,
      listener text not null,
      attempts int not null default 0,
      next_attempt_at timestamptz not null,
      error text,
      primary key (listener, event_id)
    );
    create index event_deliveries_due on event_deliveries (listener, next_attempt_at);
    create index event_deliveries_event on event_deliveries (event_id);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table event_deliveries; drop table domain_events;`)
}
