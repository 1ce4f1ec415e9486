import type { Knex } from 'knex'

/** With the id behind it, an index answers "who are they?" by itself: sets of customers are counted and met without reading their rows. */
const INDEXES = [
  ['customers_status', 'status', ''],
  ['customers_institution', 'institution_id', 'where institution_id is not null'],
  ['customers_level', 'level_id', 'where level_id is not null'],
  ['customers_region', 'region_id', 'where region_id is not null'],
] as const

export async function up(knex: Knex): Promise<void> {
  for (const [name, column, where] of INDEXES) {
    await knex.raw(`drop index ${name}`)
    await knex.raw(`create index ${name} on customers (${column}, id) ${where}`)
  }
  // The formal ones have one, as a rule: whoever looks for those without would walk past all the others.
  await knex.raw(
    'create index customers_independent on customers (status, id) where institution_id is null and archived_at is null and merged_into_id is null',
  )
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index customers_independent')
  for (const [name, column, where] of INDEXES) {
    await knex.raw(`drop index ${name}`)
    await knex.raw(`create index ${name} on customers (${column}) ${where}`)
  }
}
