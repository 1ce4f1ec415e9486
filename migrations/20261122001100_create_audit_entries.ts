import type { Knex } from 'knex'

/**
 * The audit trail: insert-only. The trigger refuses every change, whoever asks; what carries it is also withheld from the application's
 * role (`grant_to_application`), which cannot switch triggers off. No foreign key to accounts: a line outlives whom it is about.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'table % is insert-only', tg_table_name using errcode = 'insufficient_privilege';
    end $$;

    create table audit_entries (
      id uuid primary key,
      occurred_at timestamptz not null,
      actor_kind text not null check (actor_kind in ('staff', 'customer', 'anonymous', 'system')),
      actor_id uuid,
      actor_name text,
      action text not null check (action ~ '^[a-z_]+(\\.[a-z_]+)+$'),
      object_kind text not null check (object_kind ~ '^[a-z_]+$'),
      object_id text check (length(object_id) <= 200),
      object_label text,
      before jsonb,
      after jsonb,
      context jsonb not null default '{}',
      ip text,
      user_agent text,
      check ((actor_kind in ('staff', 'customer')) = (actor_id is not null))
    );
    create index audit_entries_time on audit_entries (occurred_at desc, id desc);
    create index audit_entries_actor on audit_entries (actor_id, occurred_at desc, id desc);
    create index audit_entries_object on audit_entries (object_kind, object_id, occurred_at desc, id desc);
    create index audit_entries_action on audit_entries (action text_pattern_ops, occurred_at desc, id desc);
    create index audit_entries_ip on audit_entries (ip, occurred_at desc, id desc);
    create trigger refuse_change before update or delete or truncate on audit_entries for each statement execute function refuse_change();
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table audit_entries; drop function refuse_change();`)
}
