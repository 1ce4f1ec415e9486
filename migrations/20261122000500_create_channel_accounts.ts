import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table channel_accounts (
      id uuid primary key,
      kind text not null,
      name text not null check (length(name) between 1 and 80),
      status text not null default 'active' check (status in ('active', 'disabled')),
      config jsonb not null default '{}',
      -- One sealed JSON object; never leaves the process.
      sealed_secrets text not null,
      show_agent_name boolean not null default false,
      health text not null default 'unknown' check (health in ('unknown', 'ok', 'failing')),
      health_reason text,
      health_checked_at timestamptz,
      -- Platform quota spent: nothing is sent before.
      paused_until timestamptz,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now()
    );
    create unique index channel_accounts_name on channel_accounts (lower(name));
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table channel_accounts;`)
}
