import type { Knex } from 'knex'

/** What stands between a customer's first word and the queue (BP-003): a choice of team, or closed doors. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table conversations
      -- Queued, but not in the queue yet.
      add column waiting_for text check (waiting_for in ('team_choice', 'off_hours')),
      -- Why this team: {code, params}, shown as one readable line.
      add column match_reason jsonb,
      add constraint conversations_waiting_is_queued check (waiting_for is null or status = 'queued');
    create index conversations_waiting_for on conversations (waiting_for, id) where waiting_for is not null;

    create table team_choices (
      conversation_id uuid primary key references conversations (id),
      -- [{teamId, name}] in the order in which they were shown: an answer by number means this order.
      options jsonb not null,
      -- Messages that were no answer.
      ignored int not null default 0 check (ignored >= 0),
      offered_at timestamptz not null default app_now(),
      expires_at timestamptz not null,
      ended_at timestamptz,
      outcome text check (outcome in ('answered', 'timed_out', 'ignored', 'overtaken')),
      team_id uuid references teams (id),
      check ((ended_at is null) = (outcome is null)),
      check ((outcome is not distinct from 'answered') = (team_id is not null))
    );
    create index team_choices_due on team_choices (expires_at) where ended_at is null;
    create index team_choices_team on team_choices (team_id) where team_id is not null;

    create table off_hours_waits (
      conversation_id uuid primary key references conversations (id),
      -- Whose hours count; null: those of the account.
      team_id uuid references teams (id),
      -- He said that he waits for the opening.
      waits boolean not null default false,
      opens_at timestamptz,
      created_at timestamptz not null default app_now()
    );
    create index off_hours_waits_team on off_hours_waits (team_id) where team_id is not null;
    create index off_hours_waits_opening on off_hours_waits (opens_at);

    -- Left before anybody answered, for the reports.
    create table queue_abandonments (
      id uuid primary key,
      conversation_id uuid not null references conversations (id),
      team_id uuid references teams (id),
      channel_account_id uuid not null references channel_accounts (id),
      reason text not null check (reason in ('customer_left', 'page_gone', 'timed_out', 'off_hours')),
      waited_seconds int not null check (waited_seconds >= 0),
      position int check (position > 0),
      created_at timestamptz not null default app_now()
    );
    create unique index queue_abandonments_once on queue_abandonments (conversation_id, created_at);
    create index queue_abandonments_newest on queue_abandonments (created_at desc, id desc);
    create index queue_abandonments_team on queue_abandonments (team_id, created_at desc) where team_id is not null;
    create index queue_abandonments_channel on queue_abandonments (channel_account_id);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table queue_abandonments; drop table off_hours_waits; drop table team_choices;
    alter table conversations drop column waiting_for, drop column match_reason;
  `)
}
