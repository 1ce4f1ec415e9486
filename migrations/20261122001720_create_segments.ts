import type { Knex } from 'knex'

/** Saved conditions (MOD-06); who meets them is asked anew each time. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table segments (
      id uuid primary key,
      name text not null check (length(name) between 1 and 60),
      description text not null default '' check (length(description) <= 300),
      definition jsonb not null check (jsonb_typeof(definition) = 'object'),
      created_by uuid references accounts (id),
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now()
    );
    create unique index segments_name on segments (lower(name));
    create index segments_list on segments (created_at desc, id desc);
    create index segments_creator on segments (created_by) where created_by is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table segments;`)
}
