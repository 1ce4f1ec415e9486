import type { Knex } from 'knex'

/** Who takes over what the first line cannot settle, and when that was (BP-006.8). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Levels stand above where tickets begin (0). Nobody has two of them, so that a ticket that only rises never comes back to whom it was with.
    create table escalation_levels (
      level int primary key check (level between 1 and 9),
      name text not null unique check (length(name) between 1 and 30),
      team_id uuid unique references teams (id),
      account_id uuid unique references accounts (id),
      reopenings int check (reopenings between 1 and 20),
      urges int check (urges between 1 and 20),
      check (team_id is not null or account_id is not null)
    );
    -- The list is changed as a whole.
    create table escalation_settings (
      only_row boolean primary key default true check (only_row),
      version int not null default 1
    );
    insert into escalation_settings default values;

    create table ticket_escalations (
      id uuid primary key,
      ticket_id uuid not null references tickets (id),
      level int not null check (level between 1 and 9),
      level_name text not null,
      from_level int not null check (from_level >= 0),
      from_team_id uuid references teams (id),
      from_assignee_id uuid references accounts (id),
      to_team_id uuid references teams (id),
      to_assignee_id uuid references accounts (id),
      -- By hand: who and why. By rule: which.
      escalated_by uuid references accounts (id),
      reason text check (length(reason) between 1 and 500),
      rule text check (rule in ('sla', 'reopened', 'urged')),
      params jsonb not null default '{}',
      created_at timestamptz not null,
      check ((rule is null) = (escalated_by is not null)),
      check ((rule is null) = (reason is not null)),
      -- Upwards alone, and each level once.
      check (level > from_level),
      unique (ticket_id, level)
    );
    create index ticket_escalations_from_team on ticket_escalations (from_team_id);
    create index ticket_escalations_from_assignee on ticket_escalations (from_assignee_id);
    create index ticket_escalations_to_team on ticket_escalations (to_team_id);
    create index ticket_escalations_to_assignee on ticket_escalations (to_assignee_id);
    create index ticket_escalations_by on ticket_escalations (escalated_by);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table ticket_escalations; drop table escalation_settings; drop table escalation_levels;`)
}
