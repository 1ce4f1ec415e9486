import type { Knex } from 'knex'

/** The ledger: what a platform said, stored before it is acknowledged. The key makes a redelivery, however late, a counted no-op. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table inbound_events (
      id uuid primary key,
      position bigint generated always as identity,
      channel_account_id uuid not null references channel_accounts (id),
      external_key text not null check (length(external_key) between 1 and 400),
      kind text not null,
      sender text,
      event jsonb not null,
      raw text not null,
      state text not null default 'received' check (state in ('received', 'done', 'ignored', 'quarantined')),
      reason text,
      duplicates int not null default 0,
      occurred_at timestamptz not null,
      received_at timestamptz not null default app_now(),
      processed_at timestamptz
    );
    create unique index inbound_events_key on inbound_events (channel_account_id, external_key);
    create index inbound_events_waiting on inbound_events (channel_account_id, sender, position) where state = 'received';
    create index inbound_events_log on inbound_events (channel_account_id, received_at desc, id desc);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table inbound_events;`)
}
