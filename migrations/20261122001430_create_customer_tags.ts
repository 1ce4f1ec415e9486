import type { Knex } from 'knex'

/** Tags of customers (MOD-05), and who wears them. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table customer_tags (
      id uuid primary key,
      name text not null check (length(name) between 1 and 30),
      color text not null check (color ~ '^#[0-9a-f]{6}$'),
      category text not null default '' check (length(category) <= 30),
      created_by uuid references accounts (id),
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now()
    );
    create unique index customer_tags_name on customer_tags (lower(name));
    create index customer_tags_creator on customer_tags (created_by) where created_by is not null;

    create table customer_tag_links (
      customer_id uuid not null references customers (id),
      tag_id uuid not null references customer_tags (id),
      tagged_by uuid references accounts (id),
      created_at timestamptz not null default app_now(),
      primary key (customer_id, tag_id)
    );
    create index customer_tag_links_tag on customer_tag_links (tag_id, customer_id);
    create index customer_tag_links_by on customer_tag_links (tagged_by) where tagged_by is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table customer_tag_links; drop table customer_tags;`)
}
