import type { Knex } from 'knex'

/** The day of an agent: who was there when, why not, and who said so. Absence and idleness are judged from these columns, never from Redis. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table presences
      -- Who set it: himself, a supervisor, his connection that was lost, his idleness, or his account that was disabled.
      add column cause text not null default 'self' check (cause in ('self', 'supervisor', 'absent', 'idle', 'disabled')),
      add column note text check (length(note) <= 500),
      -- A browser of his was connected; null: never, he works through the API.
      add column last_seen_at timestamptz,
      -- He last did something.
      add column active_at timestamptz,
      -- From assignment to turning to it, on average over the last two hours; null: nothing to go by.
      add column response_seconds int check (response_seconds >= 0);
    create index presences_watched on presences (last_seen_at) where status <> 'offline' and last_seen_at is not null;

    create table presence_periods (
      id uuid primary key,
      account_id uuid not null references accounts (id),
      status text not null check (status in ('online', 'busy', 'break', 'offline')),
      reason text,
      cause text not null check (cause in ('self', 'supervisor', 'absent', 'idle', 'disabled')),
      set_by uuid references accounts (id),
      note text,
      started_at timestamptz not null,
      ended_at timestamptz check (ended_at >= started_at)
    );
    create unique index presence_periods_now on presence_periods (account_id) where ended_at is null;
    create index presence_periods_of on presence_periods (account_id, started_at desc, id desc);
    create index presence_periods_set_by on presence_periods (set_by) where set_by is not null;
    insert into presence_periods (id, account_id, status, reason, cause, started_at)
      select gen_random_uuid(), account_id, status, reason, 'self', least(since, app_now()) from presences;

    create table presence_settings (
      only_row boolean primary key default true check (only_row),
      -- A browser gone without a word: so long his work stays his.
      grace_seconds int not null default 300 check (grace_seconds between 30 and 86400),
      -- Idle so long: away; null: never.
      away_minutes int default 30 check (away_minutes between 1 and 1440),
      -- Since when browsers could be connected at all, and when that was last true: our own outage makes nobody absent.
      serving_since timestamptz,
      served_at timestamptz,
      version int not null default 1
    );
    insert into presence_settings default values;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table presence_settings; drop table presence_periods;
    drop index presences_watched;
    alter table presences drop column response_seconds, drop column active_at, drop column last_seen_at, drop column note, drop column cause;
  `)
}
