import type { Knex } from 'knex'

/** One company per installation. Privacy texts are insert-only: a consent names the version that was agreed to. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table company_settings (
      only_row boolean primary key default true check (only_row),
      company_name text not null check (length(company_name) between 1 and 100),
      icp_number text check (length(icp_number) between 1 and 60),
      time_zone text not null,
      version int not null default 1,
      updated_at timestamptz not null default app_now()
    );
    create table privacy_texts (
      version int primary key check (version > 0),
      body_zh text not null,
      body_en text not null,
      note text,
      published_at timestamptz not null default app_now(),
      published_by uuid references accounts (id)
    );
    create index privacy_texts_published_by on privacy_texts (published_by);
    create trigger refuse_change before update or delete or truncate on privacy_texts for each statement execute function refuse_change();
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table privacy_texts; drop table company_settings;`)
}
