import type { Knex } from 'knex'

/** Pairs that seem to be one person. A pair is judged once: what was dismissed is not proposed again, nor merged without anybody's doing. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table merge_suggestions (
      id uuid primary key,
      first_id uuid not null references customers (id),
      second_id uuid not null references customers (id),
      reasons text[] not null check (cardinality(reasons) > 0),
      state text not null default 'open' check (state in ('open', 'dismissed', 'merged')),
      created_at timestamptz not null,
      decided_at timestamptz,
      decided_by uuid references accounts (id),
      check (first_id < second_id),
      check ((state = 'open') = (decided_at is null)),
      unique (first_id, second_id)
    );
    create index merge_suggestions_list on merge_suggestions (state, created_at desc, id desc);
    create index merge_suggestions_second on merge_suggestions (second_id);
    create index merge_suggestions_decided_by on merge_suggestions (decided_by) where decided_by is not null;

    -- Customers whose names changed since we last looked for others like them.
    create table merge_scans (
      only_row boolean primary key default true check (only_row),
      scanned_until timestamptz not null,
      scanned_id uuid not null
    );
    insert into merge_scans (scanned_until, scanned_id) values ('-infinity', '00000000-0000-0000-0000-000000000000');

    create index customers_by_change on customers (updated_at, id) where merged_into_id is null and archived_at is null;
    create index customers_remark on customers (lower(remark_name)) where remark_name is not null and merged_into_id is null;
    create index customers_named_in on customers (institution_id, lower(name))
      where institution_id is not null and name is not null and merged_into_id is null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index customers_named_in; drop index customers_remark; drop index customers_by_change;
    drop table merge_scans; drop table merge_suggestions;
  `)
}
