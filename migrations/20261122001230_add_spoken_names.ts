import type { Knex } from 'knex'

/** Names of staff as they are spoken (`lin xiao`), for lists in the order people expect: a surname is read otherwise than the same character elsewhere. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table accounts add column name_spoken text;`)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`alter table accounts drop column name_spoken;`)
}
