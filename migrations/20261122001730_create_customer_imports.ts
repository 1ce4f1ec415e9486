import type { Knex } from 'knex'

/** A spreadsheet on its way into the customers: staged row by row, checked, then applied at once. Staged rows are deleted after some days. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table customer_imports (
      id uuid primary key,
      file_name text not null,
      storage_key text,
      state text not null default 'reading' check (state in ('reading', 'ready', 'refused', 'applying', 'applied', 'cancelled')),
      failure jsonb,
      unknown_columns text[] not null default '{}',
      options jsonb not null,
      policy text check (policy in ('skip', 'update', 'create')),
      rows int not null default 0,
      bad int not null default 0,
      duplicates int not null default 0,
      result jsonb,
      -- Whose worker died is taken over by another.
      leased_until timestamptz,
      attempts int not null default 0,
      created_by uuid not null references accounts (id),
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      finished_at timestamptz,
      check ((state = 'refused') = (failure is not null)),
      check ((state = 'applied') = (result is not null)),
      check (state not in ('applying', 'applied') or policy is not null)
    );
    create index customer_imports_list on customer_imports (created_at desc, id desc);
    create index customer_imports_work on customer_imports (created_at) where state in ('reading', 'applying');
    create index customer_imports_creator on customer_imports (created_by);

    create table customer_import_rows (
      import_id uuid not null references customer_imports (id) on delete cascade,
      row int not null check (row > 0),
      -- As written, by column.
      cells jsonb not null,
      -- As understood: ids, dates, E.164.
      entry jsonb not null,
      phone text,
      errors jsonb not null default '[]',
      duplicate_id uuid references customers (id),
      duplicate_by text check (duplicate_by in ('phone', 'name')),
      primary key (import_id, row),
      check ((duplicate_id is null) = (duplicate_by is null))
    );
    create index customer_import_rows_phone on customer_import_rows (import_id, phone, row) where phone is not null;
    create index customer_import_rows_bad on customer_import_rows (import_id, row) where errors <> '[]';
    create index customer_import_rows_duplicate on customer_import_rows (duplicate_id) where duplicate_id is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table customer_import_rows; drop table customer_imports;`)
}
