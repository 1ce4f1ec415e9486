import type { Knex } from 'knex'

/**
 * Everything the taking-in of messages leaves to a default: a customer whom a channel brings is temporary, and his search terms and last
 * contact are filled in behind it.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table customers
      add column status text not null default 'temporary' check (status in ('temporary', 'formal')),
      add column institution_id uuid references institutions (id),
      add column owner_id uuid references accounts (id),
      add column title text check (length(title) between 1 and 60),
      add column level_id uuid references dictionary_entries (id),
      add column region_id uuid references dictionary_entries (id),
      add column fields jsonb not null default '{}' check (jsonb_typeof(fields) = 'object'),
      add column note text check (length(note) between 1 and 2000),
      add column archived_at timestamptz,
      add column merged_into_id uuid references customers (id),
      add column last_contact_at timestamptz,
      -- Null: the names are newer than the terms; a worker makes them.
      add column name_search tsvector,
      add column name_sort text collate "C",
      add check (merged_into_id <> id);

    create index customers_by_created on customers (created_at desc, id desc);
    create index customers_by_contact on customers (coalesce(last_contact_at, '-infinity'::timestamptz) desc, id desc);
    create index customers_by_name on customers (coalesce(name_sort, '~'), id);
    create index customers_archived on customers (archived_at desc, id desc) where archived_at is not null;
    create index customers_status on customers (status);
    create index customers_institution on customers (institution_id) where institution_id is not null;
    -- With the id: "is this one his?" is answered by the index alone.
    create index customers_owner on customers (owner_id, id) where owner_id is not null;
    create index customers_level on customers (level_id) where level_id is not null;
    create index customers_region on customers (region_id) where region_id is not null;
    create index customers_merged on customers (merged_into_id) where merged_into_id is not null;
    create index customers_fields on customers using gin (fields);
    create index customers_search on customers using gin (name_search);
    create index customers_unindexed on customers (id) where name_search is null and (name is not null or remark_name is not null);

    alter table institutions add column primary_contact_id uuid references customers (id);
    create index institutions_contact on institutions (primary_contact_id) where primary_contact_id is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table institutions drop column primary_contact_id;
    drop index customers_by_created;
    alter table customers drop column status, drop column institution_id, drop column owner_id, drop column title, drop column level_id,
      drop column region_id, drop column fields, drop column note, drop column archived_at, drop column merged_into_id,
      drop column last_contact_at, drop column name_search, drop column name_sort;
  `)
}
