import type { Knex } from 'knex'

const rename = (knex: Knex, from: string, to: string): Promise<void> =>
  knex('dictionary_entries').where({ dictionary: 'priority', code: 'normal', label_zh: from }).update({ label_zh: to })

/** 紧急/高/中/低, as long as nobody has changed the word. */
export async function up(knex: Knex): Promise<void> {
  await rename(knex, '普通', '中')
}

export async function down(knex: Knex): Promise<void> {
  await rename(knex, '中', '普通')
}
