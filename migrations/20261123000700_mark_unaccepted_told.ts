import type { Knex } from 'knex'

/** When those above were told that a conversation is not taken up and nobody else could have it; of this assignment while it is not before `opened_at`. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table conversations add column unaccepted_told_at timestamptz')
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table conversations drop column unaccepted_told_at')
}
