import type { Knex } from 'knex'

/** Ratings of tickets are read newest first, whoever they are about. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('create index ticket_ratings_newest on ticket_ratings (created_at desc, id desc)')
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index ticket_ratings_newest')
}
