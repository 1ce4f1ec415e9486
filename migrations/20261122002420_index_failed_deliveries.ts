import type { Knex } from 'knex'

/** What failed lately, by channel: the board counts it. Almost no row is in it, so that deliveries cost nothing more. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`create index deliveries_failed on deliveries (updated_at) where state in ('failed', 'unknown');`)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop index deliveries_failed;`)
}
