import type { Knex } from 'knex'

/**
 * What the application's role may: everything with rows except changing insert-only tables, which are those with the trigger `refuse_change`.
 * Called by the owner after every migration (api/core/migrate.ts); the application itself owns nothing and cannot alter anything.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create function grant_to_application(application name) returns void language plpgsql as $$
    declare
      insert_only regclass;
    begin
      execute format('grant usage on schema public to %I', application);
      execute format('grant select, insert, update, delete, truncate on all tables in schema public to %I', application);
      execute format('grant usage, select, update on all sequences in schema public to %I', application);
      execute format('grant execute on all functions in schema public to %I', application);
      for insert_only in select tgrelid::regclass from pg_trigger where tgname = 'refuse_change' loop
        execute format('revoke update, delete, truncate on %s from %I', insert_only, application);
      end loop;
      execute format('revoke insert, update, delete, truncate on migrations, migrations_lock from %I', application);
      revoke execute on function grant_to_application(name) from public;
      execute format('revoke execute on function grant_to_application(name) from %I', application);
    end $$;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop function grant_to_application(name);`)
}
