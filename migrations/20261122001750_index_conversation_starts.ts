import type { Knex } from 'knex'

/** Who had how many conversations lately? Asked by segments; written once a conversation, never by a message. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`create index conversations_by_start on conversations (created_at, customer_id);`)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop index conversations_by_start;`)
}
