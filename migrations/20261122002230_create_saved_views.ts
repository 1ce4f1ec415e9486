import type { Knex } from 'knex'

/** Filters of lists under a name, for their owner or for a team of his. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table saved_views (
      id uuid primary key,
      owner_id uuid not null references accounts (id),
      team_id uuid references teams (id),
      page text not null check (page ~ '^[a-z][a-z0-9-]{0,39}$'),
      name text not null check (length(name) between 1 and 40),
      filters jsonb not null,
      position int not null,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now()
    );
    create unique index saved_views_name on saved_views (owner_id, page, lower(name));
    create index saved_views_team on saved_views (team_id, page) where team_id is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table saved_views;`)
}
