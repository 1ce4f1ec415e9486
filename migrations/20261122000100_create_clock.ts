import type { Knex } from 'knex'

/** The one clock: now(), plus an offset that only tests write. The planner cannot inline it: statements over many rows say `(select app_now())`. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table clock_offsets (only_row boolean primary key default true check (only_row), offset_by interval not null);
    create function app_now() returns timestamptz language sql stable parallel safe as
      $$ select now() + coalesce((select offset_by from clock_offsets), interval '0') $$;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop function app_now(); drop table clock_offsets;`)
}
