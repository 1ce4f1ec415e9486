import type { Knex } from 'knex'

/** What one decision of a supervisor came to, so that the same decision sent again is answered and not made again (BP-012.6). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table assignment_batches (
      account_id uuid not null references accounts (id),
      client_key text not null check (length(client_key) between 8 and 64),
      -- Of the request under the key: the same key with other content is refused.
      request_digest bytea not null,
      result jsonb,
      created_at timestamptz not null default app_now(),
      primary key (account_id, client_key)
    );
    create index assignment_batches_age on assignment_batches (created_at);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table assignment_batches;`)
}
