import type { Knex } from 'knex'

/** Who is archived, and how many, told by the index alone; and colleagues in the order in which they are chosen from. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('create index customers_put_away on customers (id) where archived_at is not null and merged_into_id is null')
  await knex.raw(`create index accounts_staff on accounts ((left(coalesce(name_spoken, name), 60) collate "C"), id) where kind = 'staff'`)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index accounts_staff')
  await knex.raw('drop index customers_put_away')
}
