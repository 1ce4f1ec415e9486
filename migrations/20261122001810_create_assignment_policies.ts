import type { Knex } from 'knex'

/** Who gets which work (BP-015.1–6, BP-015.8). One ordered list per kind of work: the first that applies decides. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table assignment_policies (
      id uuid primary key,
      work_kind text not null check (work_kind in ('conversation', 'ticket')),
      name text not null check (length(name) between 1 and 60),
      -- Null: work of every team and of the general queue.
      team_id uuid references teams (id),
      strategy text not null
        check (strategy in ('round_robin', 'least_open', 'skill_match', 'weighted', 'familiar_first', 'directed')),
      -- What the strategy wants to know: weights, skills, people.
      settings jsonb not null default '{}',
      -- {channelKinds, channelAccountIds, tagIds, businessTypeIds, weekdays, from, to, calendarState}; what is not named does not matter.
      conditions jsonb not null default '{}',
      calendar_id uuid references calendars (id),
      -- Nobody fits: the next policy is asked, or the work waits for these people.
      otherwise text not null default 'next' check (otherwise in ('next', 'wait')),
      position int not null,
      enabled boolean not null default true,
      effective_from timestamptz,
      effective_until timestamptz,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      check (effective_from < effective_until),
      constraint assignment_policies_position unique (work_kind, position) deferrable initially deferred
    );
    create unique index assignment_policies_name on assignment_policies (work_kind, lower(name));
    create index assignment_policies_team on assignment_policies (team_id) where team_id is not null;
    create index assignment_policies_calendar on assignment_policies (calendar_id) where calendar_id is not null;

    alter table assignments
      add column team_id uuid references teams (id),
      add column policy_id uuid references assignment_policies (id) on delete set null,
      add column strategy text,
      -- Who else was considered, and with which figures.
      add column figures jsonb,
      -- Who decided, where somebody did.
      add column assigned_by uuid references accounts (id),
      add column note text check (length(note) <= 500);
    create index assignments_team on assignments (team_id) where team_id is not null;
    create index assignments_policy on assignments (policy_id) where policy_id is not null;
    create index assignments_by on assignments (assigned_by) where assigned_by is not null;
    create index assignments_of_account on assignments (account_id, assigned_at desc, id desc);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index assignments_of_account;
    alter table assignments drop column note, drop column assigned_by, drop column figures, drop column strategy, drop column policy_id,
      drop column team_id;
    drop table assignment_policies;
  `)
}
