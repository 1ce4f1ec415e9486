import type { Knex } from 'knex'

/**
 * The chain over the trail: each link's digest covers its entry and the link before. Entries commit in another order than they are made,
 * so a row per new entry says "not linked yet" instead of a cursor that would skip a late one.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table audit_links (
      position bigint primary key check (position > 0),
      entry_id uuid not null unique references audit_entries (id),
      digest bytea not null check (length(digest) = 32),
      linked_at timestamptz not null default app_now()
    );
    create trigger refuse_change before update or delete or truncate on audit_links for each statement execute function refuse_change();

    create table audit_unlinked (entry_id uuid primary key references audit_entries (id));
    create function await_audit_link() returns trigger language plpgsql as $$
    begin
      insert into audit_unlinked (entry_id) select id from fresh;
      return null;
    end $$;
    create trigger await_audit_link after insert on audit_entries referencing new table as fresh
      for each statement execute function await_audit_link();
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop trigger await_audit_link on audit_entries;
    drop function await_audit_link();
    drop table audit_unlinked;
    drop table audit_links;
  `)
}
