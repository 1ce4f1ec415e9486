import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table accounts
      add column phone text check (phone ~ '^[+][1-9][0-9]{6,14}$'),
      add column password_changed_at timestamptz;
    -- A member of staff may be a customer too.
    create unique index accounts_phone on accounts (kind, phone) where phone is not null;

    create table password_history (
      id bigint generated always as identity primary key,
      account_id uuid not null references accounts (id),
      password_hash text not null,
      created_at timestamptz not null default app_now()
    );
    create index password_history_account on password_history (account_id, id);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table password_history;
    drop index accounts_phone;
    alter table accounts drop column phone, drop column password_changed_at;
  `)
}
