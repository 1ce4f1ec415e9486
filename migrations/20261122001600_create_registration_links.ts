import type { Knex } from 'knex'

/** Links that invite customers to register (BP-001.1), and who came by them. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table registration_links (
      id uuid primary key,
      token_digest bytea not null unique,
      label text check (length(label) between 1 and 60),
      channel_account_id uuid not null references channel_accounts (id),
      team_id uuid references teams (id),
      created_by uuid not null references accounts (id),
      max_uses int not null check (max_uses between 1 and 1000),
      uses int not null default 0,
      expires_at timestamptz not null,
      revoked_at timestamptz,
      revoked_by uuid references accounts (id),
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      -- Two who come at once: the second one's update finds no row, and if it did this would stop it.
      check (uses between 0 and max_uses),
      check ((revoked_at is null) = (revoked_by is null))
    );
    create index registration_links_created on registration_links (created_at desc, id desc);
    create index registration_links_creator on registration_links (created_by, created_at desc, id desc);
    create index registration_links_team on registration_links (team_id, created_at desc, id desc) where team_id is not null;
    create index registration_links_channel on registration_links (channel_account_id);
    create index registration_links_revoker on registration_links (revoked_by) where revoked_by is not null;

    create table registration_uses (
      id uuid primary key,
      link_id uuid not null references registration_links (id),
      customer_id uuid not null references customers (id),
      is_new boolean not null,
      created_at timestamptz not null default app_now(),
      -- The same person again uses nothing more up.
      unique (link_id, customer_id)
    );
    create index registration_uses_customer on registration_uses (customer_id);
    create index registration_uses_newest on registration_uses (link_id, created_at desc, id desc);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table registration_uses; drop table registration_links;`)
}
