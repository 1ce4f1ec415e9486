import type { Knex } from 'knex'

/**
 * What waits for somebody, a row per wait (BP-003.5, BP-015.7). The order is one column: when the wait began, moved ahead by what its priority is
 * worth in time. Points against minutes grow alike for everybody, so who is before whom never changes while they wait, and an index can hold it.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table queue_rules (
      id uuid primary key,
      -- Null: the general queue, and every team without rules of its own.
      team_id uuid references teams (id),
      -- Full at so many; null: never.
      max_waiting int check (max_waiting between 1 and 10000),
      -- Waited too long; null: never.
      max_wait_seconds int check (max_wait_seconds between 10 and 86400),
      overflow text not null default 'none' check (overflow in ('none', 'team', 'form', 'bot')),
      overflow_team_id uuid references teams (id),
      vip_tag_ids uuid[] not null default '{}' check (array_position(vip_tag_ids, null) is null and cardinality(vip_tag_ids) <= 20),
      vip_points int not null default 60 check (vip_points between 0 and 10000),
      -- Who comes back so soon after his last conversation goes ahead.
      returning_minutes int not null default 30 check (returning_minutes between 0 and 10080),
      returning_points int not null default 20 check (returning_points between 0 and 10000),
      -- What a minute of waiting is worth.
      points_per_minute int not null default 2 check (points_per_minute between 1 and 1000),
      -- Not turned to within so many seconds: somebody else gets it; null: it stays.
      accept_seconds int check (accept_seconds between 10 and 3600),
      -- {queued, moved, overflow}: templates for customers; null: the built-in words.
      texts jsonb not null default '{}',
      version int not null default 1,
      updated_at timestamptz not null default app_now(),
      constraint queue_rules_once unique nulls not distinct (team_id),
      check ((overflow = 'team') = (overflow_team_id is not null)),
      check (overflow_team_id <> team_id)
    );
    create index queue_rules_overflow on queue_rules (overflow_team_id) where overflow_team_id is not null;
    insert into queue_rules (id, team_id) values ('01930000-0000-7000-8000-0000000018a0', null);

    create table queue_entries (
      id uuid primary key,
      work_kind text not null check (work_kind in ('conversation', 'ticket')),
      work_id uuid not null,
      -- Null: the general queue.
      team_id uuid references teams (id),
      business_type_id uuid references dictionary_entries (id),
      priority int not null default 0 check (priority between 0 and 100000),
      -- Of the person: a return to the queue keeps it.
      waiting_since timestamptz not null,
      -- Of this row, in this queue.
      entered_at timestamptz not null,
      rank_at timestamptz not null,
      -- Offered to him first, while he can take it.
      preferred_account_id uuid references accounts (id),
      -- [{skillId, level}]
      required_skills jsonb not null default '[]',
      -- {channelKind, channelAccountId, customerId, tagIds}: what conditions ask for.
      facts jsonb not null default '{}',
      -- Who had it and let it pass: asked last.
      passed_by uuid[] not null default '{}',
      -- Queues it came through by overflow: never again.
      passed_teams uuid[] not null default '{}',
      overflowed_at timestamptz,
      -- Why it waits here: {code, params}.
      reason jsonb not null,
      left_at timestamptz,
      left_reason text,
      check ((left_at is null) = (left_reason is null))
    );
    create unique index queue_entries_once on queue_entries (work_kind, work_id) where left_at is null;
    create index queue_entries_order on queue_entries (work_kind, rank_at, id) where left_at is null;
    create index queue_entries_waiting on queue_entries (team_id, rank_at, id) where left_at is null;
    create index queue_entries_overdue on queue_entries (entered_at) where left_at is null and overflowed_at is null;
    create index queue_entries_left on queue_entries (team_id, left_at desc);
    create index queue_entries_work on queue_entries (work_kind, work_id, entered_at);
    create index queue_entries_business_type on queue_entries (business_type_id) where business_type_id is not null;
    create index queue_entries_preferred on queue_entries (preferred_account_id) where preferred_account_id is not null;
    insert into queue_entries (id, work_kind, work_id, waiting_since, entered_at, rank_at, reason)
      select gen_random_uuid(), 'conversation', id, coalesce(queued_at, created_at), coalesce(queued_at, created_at), coalesce(queued_at, created_at),
        '{"code":"arrived","params":{}}' from conversations where status = 'queued';
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table queue_entries; drop table queue_rules;`)
}
