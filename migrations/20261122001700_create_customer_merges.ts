import type { Knex } from 'knex'

/** Two records of one person became one (MOD-07), with what is needed to part them again. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table customer_merges (
      id uuid primary key,
      from_id uuid not null references customers (id),
      into_id uuid not null references customers (id),
      reason text not null check (reason in ('manual', 'unionid', 'phone', 'external_userid', 'oa', 'same_name', 'same_phone', 'same_remark')),
      merged_by uuid references accounts (id),
      merged_at timestamptz not null,
      -- Of the one who stays, column by column: before and after, so that undoing leaves alone what changed since.
      changed jsonb not null,
      -- Values that did not stay, readable ever after.
      lost jsonb not null,
      -- What moved, by provider.
      moved jsonb not null,
      undone_at timestamptz,
      undone_by uuid references accounts (id),
      check (from_id <> into_id)
    );
    -- A customer is merged away at most once at a time.
    create unique index customer_merges_away on customer_merges (from_id) where undone_at is null;
    create index customer_merges_from on customer_merges (from_id, merged_at desc);
    create index customer_merges_into on customer_merges (into_id, merged_at desc, id desc);
    create index customer_merges_recent on customer_merges (merged_at) where undone_at is null;
    create index customer_merges_by on customer_merges (merged_by) where merged_by is not null;
    create index customer_merges_undone_by on customer_merges (undone_by) where undone_by is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table customer_merges;`)
}
