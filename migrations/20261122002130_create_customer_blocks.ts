import type { Knex } from 'knex'

/** Customers whose words open nothing and reach nobody, until they are let in again. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table customer_blocks (
      id uuid primary key,
      customer_id uuid not null references customers (id),
      reason text not null check (length(reason) between 1 and 200),
      blocked_until timestamptz,
      blocked_by uuid references accounts (id),
      blocked_at timestamptz not null default app_now(),
      -- The customer has been told.
      told_at timestamptz,
      lifted_at timestamptz,
      lifted_by uuid references accounts (id)
    );
    create unique index customer_blocks_one on customer_blocks (customer_id) where lifted_at is null;
    create index customer_blocks_customer on customer_blocks (customer_id, blocked_at);
    create index customer_blocks_recent on customer_blocks (blocked_at desc, id desc) where lifted_at is null;
    create index customer_blocks_by on customer_blocks (blocked_by) where blocked_by is not null;
    create index customer_blocks_lifted_by on customer_blocks (lifted_by) where lifted_by is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table customer_blocks;`)
}
