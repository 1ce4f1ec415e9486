import type { Knex } from 'knex'

/** One row per platform call. A lease and an attempt number fence off a worker that was away too long. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table deliveries (
      id uuid primary key,
      message_id uuid not null references messages (id),
      conversation_id uuid not null references conversations (id),
      conversation_seq int not null,
      ordinal int not null check (ordinal >= 0),
      channel_account_id uuid not null references channel_accounts (id),
      identity_id uuid not null references customer_identities (id),
      part jsonb not null,
      state text not null check (state in ('queued', 'sending', 'sent', 'delivered', 'read', 'held', 'unknown', 'failed')),
      attempts int not null default 0,
      lease_until timestamptz,
      next_attempt_at timestamptz not null default app_now(),
      external_id text,
      reason text,
      platform_code text,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      unique (message_id, ordinal),
      check ((state = 'sending') = (lease_until is not null))
    ) with (fillfactor = 80);
    create index deliveries_waiting on deliveries (conversation_id, conversation_seq, ordinal) where state in ('queued', 'sending');
    create index deliveries_due on deliveries (next_attempt_at) where state = 'queued';
    create index deliveries_leased on deliveries (lease_until) where state = 'sending';
    create index deliveries_held on deliveries (identity_id) where state = 'held';
    create unique index deliveries_external on deliveries (channel_account_id, external_id) where external_id is not null;
    create index deliveries_conversation on deliveries (conversation_id, conversation_seq);
    create index deliveries_identity on deliveries (identity_id);

    -- What each action of a customer still allows: the reply window and the purse.
    create table reply_allowances (
      identity_id uuid not null references customer_identities (id),
      action text not null,
      expires_at timestamptz not null,
      granted int not null check (granted >= 0),
      spent int not null default 0 check (spent >= 0 and spent <= granted),
      primary key (identity_id, action)
    ) with (fillfactor = 70);

    create table media_downloads (
      id uuid primary key,
      message_id uuid not null references messages (id),
      part_index int not null check (part_index >= 0),
      channel_account_id uuid not null references channel_accounts (id),
      ref jsonb not null,
      state text not null default 'queued' check (state in ('queued', 'fetching', 'done', 'failed')),
      attempts int not null default 0,
      lease_until timestamptz,
      next_attempt_at timestamptz not null default app_now(),
      reason text,
      created_at timestamptz not null default app_now(),
      unique (message_id, part_index)
    );
    create index media_downloads_due on media_downloads (next_attempt_at) where state in ('queued', 'fetching');
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table media_downloads; drop table reply_allowances; drop table deliveries;`)
}
