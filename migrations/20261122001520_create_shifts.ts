import type { Knex } from 'knex'

/** Who works when (BP-007.5, 排班). Nobody is in two places at once: the exclusion constraint says so, across all teams. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table shift_templates (
      id uuid primary key,
      team_id uuid not null references teams (id),
      name text not null check (length(name) between 1 and 20),
      -- Minutes of the day; an end at or before the start is on the next day.
      starts_minute int not null check (starts_minute between 0 and 1439),
      ends_minute int not null check (ends_minute between 0 and 1439),
      color text not null check (color ~ '^#[0-9a-f]{6}$'),
      position int not null default 0,
      disabled_at timestamptz,
      version int not null default 1,
      created_at timestamptz not null default app_now()
    );
    create unique index shift_templates_name on shift_templates (team_id, lower(name)) where disabled_at is null;
    create index shift_templates_team on shift_templates (team_id, position, id);

    -- A team's plan of one week, as two people may edit it: its version moves with every change of a shift in it.
    create table rosters (
      team_id uuid not null references teams (id),
      week date not null check (extract(isodow from week) = 1),
      version int not null default 1,
      updated_at timestamptz not null default app_now(),
      updated_by uuid references accounts (id),
      primary key (team_id, week)
    );
    create index rosters_updated_by on rosters (updated_by);

    create table shifts (
      id uuid primary key,
      team_id uuid not null references teams (id),
      account_id uuid not null references accounts (id),
      -- The day it begins on, in the team's time zone.
      day date not null,
      template_id uuid references shift_templates (id),
      starts_at timestamptz not null,
      ends_at timestamptz not null,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      check (ends_at > starts_at and ends_at <= starts_at + interval '25 hours'),
      -- Deferrable: two people who swap overlapping shifts meet halfway.
      constraint shifts_overlap exclude using gist (account_id with =, tstzrange(starts_at, ends_at) with &&) deferrable initially immediate
    );
    create index shifts_week on shifts (team_id, day, account_id);
    create index shifts_template on shifts (template_id);

    create table shift_swaps (
      id uuid primary key,
      team_id uuid not null references teams (id),
      -- Kept as plain ids: a shift may be planned away while its swap remains on record.
      shift_id uuid not null,
      from_account_id uuid not null references accounts (id),
      to_account_id uuid not null references accounts (id),
      -- What the other gives in return; null: he only covers.
      return_shift_id uuid,
      reason text not null default '' check (length(reason) <= 200),
      -- What was to be swapped, as it stood: [{day, startsAt, endsAt, template}].
      shown jsonb not null,
      state text not null check (state in ('requested', 'approved', 'refused', 'cancelled', 'void')),
      requested_by uuid not null references accounts (id),
      decided_by uuid references accounts (id),
      decided_at timestamptz,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      check (from_account_id <> to_account_id),
      check ((state = 'requested') = (decided_at is null))
    );
    create unique index shift_swaps_one_request on shift_swaps (shift_id) where state = 'requested';
    create index shift_swaps_return on shift_swaps (return_shift_id) where state = 'requested';
    create index shift_swaps_team on shift_swaps (team_id, created_at desc, id desc);
    create index shift_swaps_from on shift_swaps (from_account_id);
    create index shift_swaps_to on shift_swaps (to_account_id);
    create index shift_swaps_requested_by on shift_swaps (requested_by);
    create index shift_swaps_decided_by on shift_swaps (decided_by);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table shift_swaps; drop table shifts; drop table rosters; drop table shift_templates;`)
}
