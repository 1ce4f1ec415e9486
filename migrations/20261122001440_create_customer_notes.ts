import type { Knex } from 'knex'

/** What staff write down about a customer outside any conversation; part of his timeline. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table customer_notes (
      id uuid primary key,
      customer_id uuid not null references customers (id),
      author_id uuid not null references accounts (id),
      text text not null check (length(text) between 1 and 4000),
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now()
    );
    create index customer_notes_customer on customer_notes (customer_id, created_at desc, id desc);
    create index customer_notes_author on customer_notes (author_id);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table customer_notes;`)
}
