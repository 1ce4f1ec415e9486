import type { Knex } from 'knex'

/** Whom has he served? Asked whenever a list is narrowed to the reader's own customers. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`create index conversations_served on conversations (assignee_id, customer_id) where assignee_id is not null;`)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop index conversations_served;`)
}
