import type { Knex } from 'knex'

/** Signed in on a customer page (BP-002): by which identity somebody sits there, and on which devices. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- One identity per customer and page, on all his devices: what he wrote on one he reads on the other.
    create table web_logins (
      customer_id uuid not null references customers (id),
      channel_account_id uuid not null references channel_accounts (id),
      identity_id uuid not null unique references customer_identities (id),
      created_at timestamptz not null default app_now(),
      primary key (customer_id, channel_account_id)
    );
    create index web_logins_channel on web_logins (channel_account_id);

    -- Null: a visitor who has not signed in.
    alter table customer_tokens
      add column login_method text check (login_method in ('code', 'password', 'wechat')),
      add column ip text,
      add column user_agent text,
      add column last_seen_at timestamptz;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table customer_tokens drop column login_method, drop column ip, drop column user_agent, drop column last_seen_at;
    drop table web_logins;
  `)
}
