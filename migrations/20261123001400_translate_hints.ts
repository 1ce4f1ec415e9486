import type { Knex } from 'knex'

/** What stands below a field of a form is worded in both languages, as its name is. What there is was written for both. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `update ticket_types set fields = (
       select jsonb_agg((f.field - 'hint') || jsonb_build_object('hintZh', coalesce(f.field -> 'hint', '""'), 'hintEn', coalesce(f.field -> 'hint', '""'))
         order by f.place)
       from jsonb_array_elements(fields) with ordinality as f(field, place))
     where jsonb_array_length(fields) > 0`,
  )
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    `update ticket_types set fields = (
       select jsonb_agg((f.field - 'hintZh' - 'hintEn') || jsonb_build_object('hint', coalesce(f.field -> 'hintZh', '""')) order by f.place)
       from jsonb_array_elements(fields) with ordinality as f(field, place))
     where jsonb_array_length(fields) > 0`,
  )
}
