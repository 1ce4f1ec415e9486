import type { Knex } from 'knex'

/** Rules and words of the start of a consultation, for the company and for accounts that differ; ways in with a destination. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table consultation_settings (
      id uuid primary key,
      -- Null: the company's.
      channel_account_id uuid references channel_accounts (id),
      team_id uuid references teams (id),
      calendar_id uuid references calendars (id),
      choice_seconds int not null check (choice_seconds between 10 and 3600),
      undecided text not null check (undecided in ('queue', 'close')),
      queue_minutes int check (queue_minutes between 1 and 1440),
      page_gone_minutes int check (page_gone_minutes between 1 and 1440),
      queue_lines int not null check (queue_lines between 0 and 5),
      -- {text: {on, zh, en}}; what is absent is said in the product's own words.
      texts jsonb not null default '{}' check (jsonb_typeof(texts) = 'object'),
      version int not null default 1,
      updated_at timestamptz not null default app_now(),
      unique nulls not distinct (channel_account_id)
    );
    create index consultation_settings_team on consultation_settings (team_id) where team_id is not null;
    create index consultation_settings_calendar on consultation_settings (calendar_id) where calendar_id is not null;

    -- Teams that are recommended where none fits.
    create table consultation_choice_teams (
      settings_id uuid not null references consultation_settings (id) on delete cascade,
      position int not null check (position >= 0),
      team_id uuid not null references teams (id),
      primary key (settings_id, position),
      unique (settings_id, team_id)
    );
    create index consultation_choice_teams_team on consultation_choice_teams (team_id);

    create table entry_points (
      id uuid primary key,
      channel_account_id uuid not null references channel_accounts (id),
      kind text not null check (kind in ('qr', 'menu', 'page')),
      key text not null check (length(key) between 1 and 128),
      team_id uuid references teams (id),
      business_type_id uuid references dictionary_entries (id),
      skill_id uuid references dictionary_entries (id),
      version int not null default 1,
      updated_at timestamptz not null default app_now(),
      unique (channel_account_id, kind, key),
      check (num_nonnulls(team_id, business_type_id, skill_id) > 0)
    );
    create index entry_points_team on entry_points (team_id) where team_id is not null;
    create index entry_points_business on entry_points (business_type_id) where business_type_id is not null;
    create index entry_points_skill on entry_points (skill_id) where skill_id is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table entry_points; drop table consultation_choice_teams; drop table consultation_settings;`)
}
