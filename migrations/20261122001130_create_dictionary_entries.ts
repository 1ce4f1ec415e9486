import type { Knex } from 'knex'

/** Lists that administrators keep (MOD-08). What is in use is disabled, never deleted; others refer to it by foreign key. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table dictionary_entries (
      id uuid primary key,
      dictionary text not null check (dictionary ~ '^[a-z_]{2,40}$'),
      code text not null check (code ~ '^[a-z0-9][a-z0-9_]{0,39}$'),
      parent_id uuid,
      parent_dictionary text generated always as
        (case dictionary when 'issue_type' then 'business_type' when 'region' then 'region' end) stored,
      label_zh text not null check (length(label_zh) between 1 and 60),
      label_en text not null check (length(label_en) between 1 and 60),
      color text check (color ~ '^#[0-9a-f]{6}$'),
      options jsonb not null default '{}',
      position int not null,
      built_in boolean not null default false,
      disabled_at timestamptz,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      unique (dictionary, code),
      unique (dictionary, id),
      -- An issue type belongs to a business type, a city may belong to a province; nothing else has a parent.
      foreign key (parent_dictionary, parent_id) references dictionary_entries (dictionary, id),
      check (dictionary <> 'issue_type' or parent_id is not null),
      check (parent_id is null or parent_dictionary is not null),
      check (parent_id <> id),
      constraint dictionary_entries_position unique nulls not distinct (dictionary, parent_id, position) deferrable initially deferred
    );
    create index dictionary_entries_parent on dictionary_entries (parent_dictionary, parent_id);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table dictionary_entries;`)
}
