import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table accounts (
      id uuid primary key,
      kind text not null check (kind in ('staff', 'customer')),
      username text check (username = lower(username)),
      password_hash text,
      name text not null,
      avatar_attachment_id uuid,
      role text check (role in ('agent', 'supervisor', 'admin')),
      status text not null default 'active' check (status in ('active', 'disabled')),
      locale text not null default 'zh-CN' check (locale in ('zh-CN', 'en')),
      preferences jsonb not null default '{}',
      must_change_password boolean not null default false,
      failed_logins int not null default 0,
      locked_until timestamptz,
      last_login_at timestamptz,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      check (kind <> 'staff' or (username is not null and role is not null))
    );
    create unique index accounts_username on accounts (username) where username is not null;

    create table sessions (
      id uuid primary key,
      account_id uuid not null references accounts (id),
      token_digest bytea not null unique,
      ip text,
      user_agent text,
      created_at timestamptz not null default app_now(),
      last_seen_at timestamptz not null default app_now(),
      expires_at timestamptz not null,
      revoked_at timestamptz
    );
    create index sessions_account on sessions (account_id);
    create index sessions_expiry on sessions (expires_at);

    -- Counts failures for names that do not exist as well, so that both look the same from outside.
    create table login_attempts (
      key text primary key,
      failures int not null,
      window_ends_at timestamptz not null
    );
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table login_attempts; drop table sessions; drop table accounts;`)
}
