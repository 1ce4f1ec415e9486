import type { Knex } from 'knex'

/** Organisations that customers belong to (MOD-04). Searched by the same terms as people. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table institutions (
      id uuid primary key,
      name text not null check (length(name) between 1 and 120),
      type_id uuid references dictionary_entries (id),
      region_id uuid references dictionary_entries (id),
      parent_id uuid references institutions (id),
      address text check (length(address) <= 200),
      note text check (length(note) <= 2000),
      fields jsonb not null default '{}' check (jsonb_typeof(fields) = 'object'),
      -- Beginnings to look for: what the name says in characters, in full pinyin and in initials.
      name_search tsvector not null,
      name_sort text collate "C" not null,
      archived_at timestamptz,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      check (parent_id <> id)
    );
    create unique index institutions_name on institutions (lower(name)) where archived_at is null;
    create index institutions_sorted on institutions (name_sort, id);
    create index institutions_type on institutions (type_id) where type_id is not null;
    create index institutions_region on institutions (region_id) where region_id is not null;
    create index institutions_parent on institutions (parent_id) where parent_id is not null;
    create index institutions_search on institutions using gin (name_search);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table institutions;`)
}
