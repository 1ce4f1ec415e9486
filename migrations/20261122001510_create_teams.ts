import type { Knex } from 'knex'

/** Teams and who is in them (BP-007). The leader is always a member: the foreign key says so. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table teams (
      id uuid primary key,
      name text not null check (length(name) between 1 and 60),
      description text not null default '' check (length(description) <= 500),
      leader_id uuid references accounts (id),
      calendar_id uuid references calendars (id),
      -- Open conversations of all members together; null: no limit.
      max_conversations int check (max_conversations between 1 and 100000),
      -- Of each member who has no limit of his own.
      member_max_conversations int check (member_max_conversations between 1 and 1000),
      -- Members are offered work only while a shift of theirs is on.
      uses_shifts boolean not null default false,
      status text not null default 'active' check (status in ('active', 'disabled')),
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now()
    );
    create unique index teams_name on teams (lower(name));
    create index teams_leader on teams (leader_id, id);
    create index teams_calendar on teams (calendar_id);

    create table team_members (
      team_id uuid not null references teams (id),
      account_id uuid not null references accounts (id),
      role text not null check (role in ('supervisor', 'agent')),
      max_conversations int check (max_conversations between 1 and 1000),
      joined_at timestamptz not null default app_now(),
      version int not null default 1,
      primary key (team_id, account_id)
    );
    create index team_members_account on team_members (account_id, team_id);
    alter table teams add constraint teams_leader_is_member
      foreign key (id, leader_id) references team_members (team_id, account_id) deferrable initially deferred;

    -- What it serves; no row: every business.
    create table team_business_types (
      team_id uuid not null references teams (id),
      business_type_id uuid not null references dictionary_entries (id),
      primary key (team_id, business_type_id)
    );
    create index team_business_types_type on team_business_types (business_type_id);

    create table team_skills (
      team_id uuid not null references teams (id),
      skill_id uuid not null references dictionary_entries (id),
      level int not null check (level between 1 and 5),
      primary key (team_id, skill_id)
    );
    create index team_skills_skill on team_skills (skill_id, level);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table team_skills; drop table team_business_types;
    alter table teams drop constraint teams_leader_is_member;
    drop table team_members; drop table teams;
  `)
}
