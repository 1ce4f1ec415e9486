import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table totp_secrets (
      account_id uuid primary key references accounts (id),
      secret_sealed text not null,
      -- Null while it is being set up.
      confirmed_at timestamptz,
      -- The last step that was used: neither it nor an earlier one is good again.
      last_step bigint not null default 0,
      created_at timestamptz not null default app_now()
    );
    create table totp_recovery_codes (
      id uuid primary key,
      account_id uuid not null references accounts (id),
      digest bytea not null,
      used_at timestamptz
    );
    create index totp_recovery_codes_account on totp_recovery_codes (account_id);

    -- The first factor was right, the second is asked for.
    create table login_challenges (
      id uuid primary key,
      token_digest bytea not null unique,
      account_id uuid not null references accounts (id),
      method text not null check (method in ('password', 'code', 'wechat')),
      tries int not null default 0,
      expires_at timestamptz not null,
      used_at timestamptz
    );
    create index login_challenges_account on login_challenges (account_id);
    create index login_challenges_expiry on login_challenges (expires_at);

    alter table sessions add column method text not null default 'password' check (method in ('password', 'code', 'wechat'));
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table sessions drop column method;
    drop table login_challenges; drop table totp_recovery_codes; drop table totp_secrets;
  `)
}
