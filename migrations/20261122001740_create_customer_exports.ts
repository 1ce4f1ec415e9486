import type { Knex } from 'knex'

/** Exports that were asked for: a short-lived link for one person, read from the database when he follows it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table customer_exports (
      id uuid primary key,
      account_id uuid not null references accounts (id),
      request jsonb not null,
      created_at timestamptz not null,
      expires_at timestamptz not null
    );
    create index customer_exports_account on customer_exports (account_id);
    create index customer_exports_expiry on customer_exports (expires_at);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table customer_exports;`)
}
