import type { Knex } from 'knex'

/** Articles to be (BP-006.10). What is made of a ticket is made once. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table article_drafts (
      id uuid primary key,
      title text not null check (length(title) between 1 and 120),
      body text not null check (length(body) between 1 and 40000),
      source_kind text not null check (source_kind in ('ticket', 'hand')),
      source_id uuid,
      source_label text,
      created_by uuid references accounts (id),
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      check ((source_kind = 'hand') = (source_id is null))
    );
    create unique index article_drafts_source on article_drafts (source_kind, source_id) where source_id is not null;
    create index article_drafts_newest on article_drafts (created_at desc, id desc);
    create index article_drafts_author on article_drafts (created_by) where created_by is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table article_drafts;`)
}
