import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table login_codes (
      id uuid primary key,
      phone text not null,
      purpose text not null check (purpose in ('staff_login', 'password_reset', 'bind_phone', 'customer_register', 'customer_login')),
      -- Keyed digest, bound to this row: who reads the table cannot find six digits by trying them.
      digest bytea not null,
      tries int not null default 0 check (tries between 0 and 5),
      created_at timestamptz not null default app_now(),
      expires_at timestamptz not null,
      used_at timestamptz,
      -- A later one took its place.
      replaced_at timestamptz,
      check (used_at is null or replaced_at is null)
    );
    create unique index login_codes_one on login_codes (phone, purpose) where used_at is null and replaced_at is null;
    create index login_codes_newest on login_codes (phone, purpose, created_at desc);
    create index login_codes_expiry on login_codes (expires_at);

    create table captchas (
      id uuid primary key,
      digest bytea not null,
      expires_at timestamptz not null
    );
    create index captchas_expiry on captchas (expires_at);

    -- How often something was asked for: by number (as a keyed digest), by address, by everybody.
    create table code_windows (
      key text primary key,
      count int not null,
      window_ends_at timestamptz not null
    );
    create index code_windows_end on code_windows (window_ends_at);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table code_windows; drop table captchas; drop table login_codes;`)
}
