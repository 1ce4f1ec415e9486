import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Which person on WeChat an account belongs to; one line per application that saw him.
    create table wechat_bindings (
      id uuid primary key,
      account_id uuid not null references accounts (id),
      app_id text not null,
      openid text not null,
      unionid text,
      nickname text,
      created_at timestamptz not null default app_now(),
      unique (app_id, openid),
      unique (account_id, app_id)
    );
    create index wechat_bindings_unionid on wechat_bindings (unionid) where unionid is not null;

    create table wechat_scans (
      id uuid primary key,
      via text not null check (via in ('website', 'official')),
      purpose text not null check (purpose in ('staff_login', 'staff_bind', 'customer_login')),
      -- What comes back from WeChat: the state of the redirect, or the scene of the code.
      state_digest bytea not null unique,
      -- The browser that began is the one that may end it.
      browser_digest bytea not null,
      -- Who binds.
      account_id uuid references accounts (id),
      -- What the one who began wants to find again.
      context jsonb not null default '{}',
      status text not null default 'waiting' check (status in ('waiting', 'scanned', 'done')),
      app_id text,
      openid text,
      unionid text,
      nickname text,
      created_at timestamptz not null default app_now(),
      expires_at timestamptz not null,
      scanned_at timestamptz,
      done_at timestamptz,
      check (status = 'waiting' or openid is not null),
      check (purpose <> 'staff_bind' or account_id is not null)
    );
    create index wechat_scans_account on wechat_scans (account_id) where account_id is not null;
    create index wechat_scans_expiry on wechat_scans (expires_at);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table wechat_scans; drop table wechat_bindings;`)
}
