import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table presences (
      account_id uuid primary key references accounts (id),
      status text not null default 'offline' check (status in ('online', 'busy', 'break', 'offline')),
      reason text,
      since timestamptz not null default app_now(),
      capacity int not null default 500 check (capacity between 1 and 1000),
      -- Of equals, the one who has waited longest gets the next.
      last_assigned_at timestamptz,
      version int not null default 1
    );

    create table assignments (
      id uuid primary key,
      work_kind text not null check (work_kind in ('conversation', 'ticket')),
      work_id uuid not null,
      account_id uuid not null references accounts (id),
      -- Why this person: {code, params}, shown as one readable line.
      reason jsonb not null,
      assigned_at timestamptz not null default app_now(),
      ended_at timestamptz,
      end_reason text
    );
    create unique index assignments_one_holder on assignments (work_kind, work_id) where ended_at is null;
    create index assignments_load on assignments (account_id, work_kind) where ended_at is null;
    create index assignments_history on assignments (work_kind, work_id, assigned_at);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table assignments; drop table presences;`)
}
