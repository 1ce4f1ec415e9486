import type { Knex } from 'knex'

/** Customers who registered themselves (BP-001.2–5), what they agreed to, and the password some of them have. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table registrations (
      customer_id uuid primary key references customers (id),
      link_id uuid references registration_links (id),
      channel_account_id uuid not null references channel_accounts (id),
      -- 单位 in his own words, until it is known as an institution.
      organisation text check (length(organisation) between 1 and 100),
      archive_checked_at timestamptz,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now()
    );
    create index registrations_link on registrations (link_id) where link_id is not null;
    create index registrations_channel on registrations (channel_account_id);
    create index registrations_organisation on registrations (lower(organisation)) where organisation is not null;

    create table customer_consents (
      id uuid primary key,
      customer_id uuid not null references customers (id),
      privacy_version int not null references privacy_texts (version),
      method text not null check (method in ('code', 'password', 'wechat')),
      ip text,
      user_agent text,
      created_at timestamptz not null default app_now(),
      unique (customer_id, privacy_version)
    );
    create index customer_consents_version on customer_consents (privacy_version);
    create trigger refuse_change before update or delete or truncate on customer_consents for each statement execute function refuse_change();

    -- A customer with a password has an account, as staff have.
    create table customer_accounts (
      customer_id uuid primary key references customers (id),
      account_id uuid not null unique references accounts (id),
      created_at timestamptz not null default app_now()
    );

    create table registration_settings (
      only_row boolean primary key default true check (only_row),
      archive_matching boolean not null default false,
      version int not null default 1,
      updated_at timestamptz not null default app_now()
    );
    insert into registration_settings default values;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table registration_settings; drop table customer_accounts; drop table customer_consents; drop table registrations;`)
}
